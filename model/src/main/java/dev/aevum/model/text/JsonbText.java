package dev.aevum.model.text;

import static dev.aevum.model.batch.Memory.BYTE;

import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.codec.JsonScan;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// Values of type jsonb: the text that PostgreSQL prints for them. One blank after each colon and
/// comma, members by length of key and then its bytes, the last of equal keys, strings with the
/// fewest escapes, numbers as numeric prints them. Equal values have equal texts but for the zeros
/// at the end of a fraction, so paths are found by a scan and output is a copy.
///
/// Source: PostgreSQL, "JSON Types", 8.14.1, and `jsonb_in`, `jsonb_out`.
public final class JsonbText {
  private static final Comparator<Member> BY_KEY =
      Comparator.<Member>comparingInt(m -> m.key().length)
          .thenComparing(Member::key, Arrays::compareUnsigned);

  /// A member of an object: its key's characters and where `"key": value` lies in the output.
  private record Member(byte[] key, int from, int to) {}

  private final MemorySegment s;
  private final long end;
  private final ByteSink out;
  private long at;

  private JsonbText(MemorySegment s, long offset, int length, ByteSink out) {
    this.s = s;
    this.at = offset;
    this.end = offset + length;
    this.out = out;
  }

  /// Appends the canonical text of `length` bytes of JSON.
  ///
  /// Errors: 22P02 for what is no JSON, 22P05 for a zero character, 22003 for a number that is no
  /// numeric, 54001 for nesting deeper than 1000.
  public static void append(MemorySegment s, long offset, int length, ByteSink out) {
    JsonText.check(Utf8.string(s, offset, length));
    new JsonbText(s, offset, length, out).value();
  }

  /// Appends JSON that the product made itself, as a value of a jsonb column.
  public static void append(String json, ColumnWriter out) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    append(MemorySegment.ofArray(bytes), 0, bytes.length, out);
  }

  static void append(MemorySegment s, long offset, int length, ColumnWriter out) {
    ByteSink text = new ByteSink(length);
    append(s, offset, length, text);
    out.appendBytes(text.segment(), 0, text.position());
  }

  private byte next() {
    at = JsonScan.blanks(s, at, end);
    return s.get(BYTE, at);
  }

  private void value() {
    switch (next()) {
      case '{' -> object();
      case '[' -> array();
      case '"' -> string(contents());
      case 't', 'f', 'n' -> {
        long to = JsonScan.valueEnd(s, at, end);
        out.appendBytes(s, at, (int) (to - at));
        at = to;
      }
      default -> number();
    }
  }

  private void number() {
    long to = JsonScan.valueEnd(s, at, end);
    BigDecimal value = (BigDecimal) NumberText.parseNumeric(Utf8.string(s, at, (int) (to - at)));
    out.appendText(value.toPlainString());
    at = to;
  }

  /// The characters of the string at hand; goes past it.
  private byte[] contents() {
    long to = JsonScan.stringEnd(s, at);
    ByteSink text = new ByteSink((int) (to - at));
    JsonScan.unescape(s, at + 1, to - 1, text);
    at = to;
    return text.toBytes();
  }

  private void string(byte[] text) {
    appendString(text, out);
  }

  /// Appends a JSON string of these UTF-8 characters, escaped as PostgreSQL does.
  public static void appendString(byte[] text, ByteSink out) {
    out.appendByte('"');
    for (byte b : text) {
      switch (b) {
        case '"', '\\' -> {
          out.appendByte('\\');
          out.appendByte(b);
        }
        case '\b' -> out.appendText("\\b");
        case '\f' -> out.appendText("\\f");
        case '\n' -> out.appendText("\\n");
        case '\r' -> out.appendText("\\r");
        case '\t' -> out.appendText("\\t");
        default -> {
          if (b >= 0 && b < ' ') {
            out.appendText(b < 16 ? "\\u000" : "\\u00");
            out.appendText(Integer.toHexString(b));
          } else {
            out.appendByte(b);
          }
        }
      }
    }
    out.appendByte('"');
  }

  private void separator(boolean first) {
    if (!first) {
      out.appendText(", ");
    }
  }

  private void array() {
    at++;
    out.appendByte('[');
    for (boolean first = true; next() != ']'; first = false) {
      at += first ? 0 : 1;
      separator(first);
      value();
    }
    at++;
    out.appendByte(']');
  }

  private void object() {
    at++;
    out.appendByte('{');
    int start = out.position();
    List<Member> members = new ArrayList<>();
    boolean ordered = true;
    for (boolean first = true; next() != '}'; first = false) {
      if (!first) {
        at++;
        next();
      }
      separator(first);
      Member member = member();
      ordered &= first || BY_KEY.compare(members.getLast(), member) < 0;
      members.add(member);
    }
    at++;
    if (!ordered) {
      sort(members, start);
    }
    out.appendByte('}');
  }

  private Member member() {
    int from = out.position();
    byte[] key = contents();
    string(key);
    out.appendText(": ");
    next();
    at++;
    value();
    return new Member(key, from, out.position());
  }

  /// Writes the members again in order. The sort is stable: the last of equal keys was last.
  private void sort(List<Member> members, int start) {
    byte[] written = out.toBytes(start);
    members.sort(BY_KEY);
    out.position(start);
    boolean first = true;
    for (int i = 0; i < members.size(); i++) {
      Member member = members.get(i);
      if (i + 1 < members.size() && BY_KEY.compare(member, members.get(i + 1)) == 0) {
        continue;
      }
      separator(first);
      first = false;
      out.appendBytes(written, member.from() - start, member.to() - member.from());
    }
  }
}
