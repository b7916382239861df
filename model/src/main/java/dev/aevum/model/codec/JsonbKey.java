package dev.aevum.model.codec;

import static dev.aevum.model.batch.Memory.BYTE;

import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/// Canonical jsonb text as bytes whose unsigned order is PostgreSQL's order of jsonb and which are
/// equal for equal values: `1.0` = `1.00`. An object is greater than an array, then boolean,
/// number, string, null; containers compare by their number of members first, then member by
/// member, a pair's key before its value. An empty array at the top is the least of all, as in
/// PostgreSQL, which calls that a historical accident and keeps it for its indexes.
///
/// Source: PostgreSQL 15, `compareJsonbContainers`; strings compare by bytes (collation "C").
public final class JsonbKey {
  private static final int EMPTY_ARRAY = 0;
  private static final int NULL = 1;
  private static final int STRING = 2;
  private static final int NUMBER = 3;
  private static final int FALSE = 4;
  private static final int TRUE = 5;
  private static final int ARRAY = 6;
  private static final int OBJECT = 7;

  private JsonbKey() {}

  /// Appends the key of the value whose text is `length` bytes at `offset`.
  public static void append(MemorySegment s, long offset, int length, ByteSink out) {
    if (length == 2 && s.get(BYTE, offset) == '[') {
      out.appendByte(EMPTY_ARRAY);
    } else {
      value(s, offset, offset + length, out);
    }
  }

  /// Appends one value; returns where it ends.
  private static long value(MemorySegment s, long at, long end, ByteSink out) {
    return switch (s.get(BYTE, at)) {
      case '{', '[' -> container(s, at, end, out);
      case '"' -> {
        out.appendByte(STRING);
        yield string(s, at, out);
      }
      case 't' -> {
        out.appendByte(TRUE);
        yield at + 4;
      }
      case 'f' -> {
        out.appendByte(FALSE);
        yield at + 5;
      }
      case 'n' -> {
        out.appendByte(NULL);
        yield at + 4;
      }
      default -> {
        long to = JsonScan.valueEnd(s, at, end);
        out.appendByte(NUMBER);
        number(s, at, to, out);
        yield to;
      }
    };
  }

  private static long string(MemorySegment s, long at, ByteSink out) {
    long to = JsonScan.stringEnd(s, at);
    ByteSink text = new ByteSink((int) (to - at));
    JsonScan.unescape(s, at + 1, to - 1, text);
    KeyCodec.appendEscaped(text.segment(), 0, text.position(), out);
    return to;
  }

  private static void number(MemorySegment s, long from, long to, ByteSink out) {
    byte[] digits = s.asSlice(from, to - from).toArray(BYTE);
    byte[] value =
        NumericBytes.encode(new BigDecimal(new String(digits, StandardCharsets.US_ASCII)));
    NumericBytes.appendKey(MemorySegment.ofArray(value), 0, value.length, out);
  }

  /// Members of an object lie in canonical order: keys and values alternate.
  private static long container(MemorySegment s, long at, long end, ByteSink out) {
    boolean object = s.get(BYTE, at) == '{';
    out.appendByte(object ? OBJECT : ARRAY);
    int countAt = out.position();
    out.appendIntBig(0);
    int count = 0;
    long here = at + 1;
    while (true) {
      byte b = s.get(BYTE, here);
      if (b == '}' || b == ']') {
        out.setIntBig(countAt, count);
        return here + 1;
      }
      if (b == ',' || b == ' ') {
        here++;
        continue;
      }
      count++;
      if (object) {
        here = string(s, here, out) + 2;
      }
      here = value(s, here, end, out);
    }
  }
}
