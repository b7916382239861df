package dev.aevum.connectors.format;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.SimpleType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One JSON object a row. Rules, which are those of PostgreSQL's `json_populate_record`:
///
/// - a field goes to the column of exactly its name, else to the single one that equals it ignoring
///   case; other fields are checked for syntax and ignored; of equal fields the last wins
/// - JSON null and a missing field are NULL
/// - otherwise the value's text (a string without quotes and escapes, anything else as written) is
///   read as PostgreSQL reads that text for the column's type: `"12"` is as good as `12` for a
///   bigint, `1.5` is not; numbers, booleans, objects and arrays are good for text
/// - a json or jsonb column takes the value as written; an array column takes a JSON array or a
///   string like `{1,2}`
///
/// Names in the order of the row before are matched by comparing bytes. One thread.
public final class JsonDecoder implements RowDecoder {
  private static final int SHAPE = 256;

  private final RowAppender out;
  private final FieldNames names;
  private final boolean[] raw;
  private final boolean[] array;
  private final int[] shape = new int[SHAPE];
  private final int[] takenBy;
  private @Nullable SqlException refusal;

  JsonDecoder(RowAppender out, FieldNames names) {
    this.out = out;
    this.names = names;
    raw = new boolean[out.declared()];
    array = new boolean[out.declared()];
    takenBy = new int[out.declared()];
    for (int c = 0; c < raw.length; c++) {
      raw[c] = out.type(c) == SimpleType.JSON || out.type(c) == SimpleType.JSONB;
      array[c] = out.type(c) instanceof ArrayType;
    }
    Arrays.fill(shape, -1);
  }

  @Override
  public @Nullable SqlException decode(byte[] bytes, int offset, int length) {
    out.begin();
    Arrays.fill(takenBy, -1);
    if (names.bound()) {
      Arrays.fill(shape, -1);
    }
    refusal = null;
    int end = offset + length;
    int stopped = object(bytes, offset, end);
    if (refusal != null) {
      return refusal;
    }
    if (stopped < 0) {
      return malformed(bytes, offset, end, -1 - stopped);
    }
    return out.append(bytes);
  }

  private int object(byte[] b, int offset, int end) {
    int at = JsonScanner.skipBlanks(b, offset, end);
    if (at >= end || b[at] != '{') {
      return JsonScanner.error(at);
    }
    at = JsonScanner.skipBlanks(b, at + 1, end);
    if (at < end && b[at] == '}') {
      return tail(b, at + 1, end);
    }
    for (int field = 0; ; field++) {
      at = field(b, at, end, field);
      if (at < 0 || refusal != null) {
        return at;
      }
      at = JsonScanner.skipBlanks(b, at, end);
      if (at >= end) {
        return JsonScanner.error(end);
      }
      if (b[at] == '}') {
        return tail(b, at + 1, end);
      }
      if (b[at] != ',') {
        return JsonScanner.error(at);
      }
      at = JsonScanner.skipBlanks(b, at + 1, end);
    }
  }

  private static int tail(byte[] b, int from, int end) {
    int at = JsonScanner.skipBlanks(b, from, end);
    return at == end ? end : JsonScanner.error(at);
  }

  /// `"name" : value`; the result is the value's end.
  private int field(byte[] b, int from, int end, int field) {
    if (from >= end || b[from] != '"') {
      return JsonScanner.error(Math.min(from, end));
    }
    int close = -1;
    int entry = field < SHAPE ? shape[field] : -1;
    if (entry >= 0) {
      byte[] expected = names.name(entry);
      int expectedEnd = from + 1 + expected.length;
      if (expectedEnd < end
          && b[expectedEnd] == '"'
          && Arrays.equals(expected, 0, expected.length, b, from + 1, expectedEnd)) {
        close = expectedEnd;
      }
    }
    if (close < 0) {
      close = JsonScanner.stringEnd(b, from + 1, end);
      if (close < 0) {
        return close;
      }
      entry = learn(b, from + 1, close);
      if (field < SHAPE && refusal == null && names.name(entry).length == close - from - 1) {
        shape[field] = entry;
      }
    }
    int colon = JsonScanner.skipBlanks(b, close + 1, end);
    if (colon >= end || b[colon] != ':') {
      return JsonScanner.error(colon);
    }
    int start = JsonScanner.skipBlanks(b, colon + 1, end);
    int valueEnd = JsonScanner.valueEnd(b, start, end);
    if (valueEnd >= 0 && names.column(entry) >= 0) {
      take(b, start, valueEnd, entry);
    }
    return valueEnd;
  }

  private int learn(byte[] b, int from, int to) {
    for (int i = from; i < to; i++) {
      if (b[i] == '\\') {
        int start = out.scratchPosition();
        unescape(b, from, to);
        return names.entry(out.scratch(), start, out.scratchPosition() - start);
      }
    }
    return names.entry(b, from, to - from);
  }

  private void take(byte[] b, int start, int end, int entry) {
    int column = names.column(entry);
    int before = takenBy[column];
    if (before >= 0 && before != entry) {
      if (names.isExact(before)) {
        return;
      }
      if (!names.isExact(entry)) {
        refusal =
            new SqlException(
                ErrorCode.AMBIGUOUS_COLUMN,
                "fields \""
                    + text(names.name(before))
                    + "\" and \""
                    + text(names.name(entry))
                    + "\" both match column \""
                    + out.columnName(column)
                    + "\"");
        return;
      }
    }
    takenBy[column] = entry;
    if (b[start] == 'n') {
      out.nullPiece(column);
    } else if (raw[column]) {
      out.piece(column, start, end - start);
    } else if (b[start] == '"') {
      takeString(b, start + 1, end - 1, column);
    } else if (array[column] && b[start] == '[') {
      int from = out.scratchPosition();
      arrayLiteral(b, start, end);
      out.scratchPiece(column, from);
    } else {
      out.piece(column, start, end - start);
    }
  }

  private void takeString(byte[] b, int from, int to, int column) {
    if (JsonScanner.plainEnd(b, from, to) == to) {
      out.piece(column, from, to - from);
    } else {
      int start = out.scratchPosition();
      unescape(b, from, to);
      out.scratchPiece(column, start);
    }
  }

  /// A JSON array as PostgreSQL's array literal. Nested arrays stay nested braces.
  private void arrayLiteral(byte[] b, int start, int end) {
    for (int at = start; at < end; ) {
      switch (b[at]) {
        case '[' -> {
          out.scratchByte('{');
          at++;
        }
        case ']' -> {
          out.scratchByte('}');
          at++;
        }
        case '"' -> {
          int close = JsonScanner.stringEnd(b, at + 1, end);
          quoteElement(b, at + 1, close);
          at = close + 1;
        }
        case '{' -> {
          int close = JsonScanner.valueEnd(b, at, end);
          out.scratchByte('"');
          for (int i = at; i < close; i++) {
            if (b[i] == '"' || b[i] == '\\') {
              out.scratchByte('\\');
            }
            out.scratchByte(b[i]);
          }
          out.scratchByte('"');
          at = close;
        }
        default -> out.scratchByte(b[at++]);
      }
    }
  }

  private void quoteElement(byte[] b, int from, int to) {
    int start = out.scratchPosition();
    unescape(b, from, to);
    byte[] value = Arrays.copyOfRange(out.scratch(), start, out.scratchPosition());
    out.scratchBack(start);
    out.scratchByte('"');
    for (byte c : value) {
      if (c == '"' || c == '\\') {
        out.scratchByte('\\');
      }
      out.scratchByte(c);
    }
    out.scratchByte('"');
  }

  /// Appends a string's characters, checked before, to the scratch.
  private void unescape(byte[] b, int from, int to) {
    int at = from;
    while (at < to) {
      int plain = JsonScanner.plainEnd(b, at, to);
      out.scratchBytes(b, at, plain - at);
      at = plain;
      if (at >= to) {
        return;
      }
      int c = b[at + 1];
      at += 2;
      switch (c) {
        case 'b' -> out.scratchByte('\b');
        case 'f' -> out.scratchByte('\f');
        case 'n' -> out.scratchByte('\n');
        case 'r' -> out.scratchByte('\r');
        case 't' -> out.scratchByte('\t');
        case 'u' -> at = unicode(b, at, to);
        default -> out.scratchByte(c);
      }
    }
  }

  /// `at` is after the `u` of an escape. Two escapes of a surrogate pair are one character; half a
  /// pair refuses the row, and so does a zero character, which text cannot hold.
  private int unicode(byte[] b, int at, int to) {
    int unit = hex(b, at);
    int next = at + 4;
    int point = unit;
    if (Character.isHighSurrogate((char) unit)
        && next + 6 <= to
        && b[next] == '\\'
        && b[next + 1] == 'u'
        && Character.isLowSurrogate((char) hex(b, next + 2))) {
      point = Character.toCodePoint((char) unit, (char) hex(b, next + 2));
      next += 6;
    }
    if (point == 0 || (point >= 0xd800 && point < 0xe000)) {
      refusal =
          new SqlException(
              point == 0
                  ? ErrorCode.UNTRANSLATABLE_CHARACTER
                  : ErrorCode.INVALID_TEXT_REPRESENTATION,
              point == 0
                  ? "unsupported Unicode escape sequence: \\u0000 cannot be converted to text"
                  : "invalid input syntax for type json: Unicode surrogate without its other half");
      return next;
    }
    utf8(point);
    return next;
  }

  private void utf8(int point) {
    if (point < 0x80) {
      out.scratchByte(point);
    } else if (point < 0x800) {
      out.scratchByte(0xc0 | (point >> 6));
      out.scratchByte(0x80 | (point & 0x3f));
    } else if (point < 0x10000) {
      out.scratchByte(0xe0 | (point >> 12));
      out.scratchByte(0x80 | ((point >> 6) & 0x3f));
      out.scratchByte(0x80 | (point & 0x3f));
    } else {
      out.scratchByte(0xf0 | (point >> 18));
      out.scratchByte(0x80 | ((point >> 12) & 0x3f));
      out.scratchByte(0x80 | ((point >> 6) & 0x3f));
      out.scratchByte(0x80 | (point & 0x3f));
    }
  }

  private static int hex(byte[] b, int at) {
    return (Character.digit(b[at], 16) << 12)
        | (Character.digit(b[at + 1], 16) << 8)
        | (Character.digit(b[at + 2], 16) << 4)
        | Character.digit(b[at + 3], 16);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static SqlException malformed(byte[] b, int offset, int end, int at) {
    String what;
    if (at >= end) {
      what = "the input ends too early";
    } else {
      String token = new String(b, at, Math.min(12, end - at), StandardCharsets.UTF_8);
      what = "unexpected \"" + token + "\" at character " + (at - offset + 1);
    }
    return new SqlException(
        ErrorCode.INVALID_TEXT_REPRESENTATION, "invalid input syntax for type json: " + what);
  }
}
