package dev.aevum.model.text;

import static dev.aevum.model.batch.Memory.BYTE;

import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.SimpleType;
import java.lang.foreign.MemorySegment;

/// Texts of bytea (hex and escape), uuid and boolean.
public final class BinaryText {
  private static final byte[] HEX =
      "0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

  private BinaryText() {}

  /// Errors: 22P02, 22023.
  public static byte[] parseBytes(MemorySegment s, long offset, int length) {
    ByteSink out = new ByteSink(length);
    if (length >= 2 && s.get(BYTE, offset) == '\\' && s.get(BYTE, offset + 1) == 'x') {
      hex(s, offset + 2, offset + length, out);
    } else {
      escaped(s, offset, offset + length, out);
    }
    return out.toBytes();
  }

  private static void hex(MemorySegment s, long from, long end, ByteSink out) {
    long at = from;
    while (at < end) {
      if (NumberText.isSpace(s.get(BYTE, at))) {
        at++;
        continue;
      }
      int high = digit(s, at, end);
      if (at + 1 == end) {
        throw new SqlException(
            ErrorCode.INVALID_PARAMETER_VALUE, "invalid hexadecimal data: odd number of digits");
      }
      out.appendByte((high << 4) | digit(s, at + 1, end));
      at += 2;
    }
  }

  private static int digit(MemorySegment s, long at, long end) {
    int value = hexDigit(s.get(BYTE, at));
    if (value < 0) {
      int length = Utf8.prefix(s, at, (int) (end - at), 1);
      throw new SqlException(
          ErrorCode.INVALID_PARAMETER_VALUE,
          "invalid hexadecimal digit: \"" + Utf8.string(s, at, length) + "\"");
    }
    return value;
  }

  private static int hexDigit(byte b) {
    if (b >= '0' && b <= '9') {
      return b - '0';
    }
    int lower = b | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
  }

  private static void escaped(MemorySegment s, long from, long end, ByteSink out) {
    long at = from;
    while (at < end) {
      byte b = s.get(BYTE, at);
      if (b != '\\') {
        out.appendByte(b);
        at++;
      } else if (at + 1 < end && s.get(BYTE, at + 1) == '\\') {
        out.appendByte('\\');
        at += 2;
      } else if (at + 3 < end) {
        int high = s.get(BYTE, at + 1) - '0';
        int middle = s.get(BYTE, at + 2) - '0';
        int low = s.get(BYTE, at + 3) - '0';
        if ((high & ~3) != 0 || (middle & ~7) != 0 || (low & ~7) != 0) {
          throw invalidBytes();
        }
        out.appendByte((high << 6) | (middle << 3) | low);
        at += 4;
      } else {
        throw invalidBytes();
      }
    }
  }

  private static SqlException invalidBytes() {
    return new SqlException(
        ErrorCode.INVALID_TEXT_REPRESENTATION, "invalid input syntax for type bytea");
  }

  public static void formatBytes(
      MemorySegment s, long offset, int length, boolean hex, ByteSink out) {
    if (hex) {
      out.appendByte('\\');
      out.appendByte('x');
    }
    for (int i = 0; i < length; i++) {
      int b = s.get(BYTE, offset + i) & 0xff;
      if (hex) {
        out.appendByte(HEX[b >> 4]);
        out.appendByte(HEX[b & 15]);
      } else if (b == '\\') {
        out.appendByte(b);
        out.appendByte(b);
      } else if (b < 0x20 || b > 0x7e) {
        out.appendByte('\\');
        out.appendByte('0' + (b >> 6));
        out.appendByte('0' + (b >> 3 & 7));
        out.appendByte('0' + (b & 7));
      } else {
        out.appendByte(b);
      }
    }
  }

  /// 32 digits, a hyphen allowed after every fourth, braces allowed around. Errors: 22P02.
  public static void parseUuid(MemorySegment s, long offset, int length, ColumnWriter out) {
    long at = offset;
    long end = offset + length;
    boolean braces = length > 2 && s.get(BYTE, at) == '{' && s.get(BYTE, end - 1) == '}';
    if (braces) {
      at++;
      end--;
    }
    long high = 0;
    long low = 0;
    int digits = 0;
    for (; at < end; at++) {
      byte b = s.get(BYTE, at);
      if (b == '-' && digits > 0 && digits % 4 == 0 && digits < 32 && s.get(BYTE, at - 1) != '-') {
        continue;
      }
      int digit = hexDigit(b);
      if (digit < 0 || digits == 32) {
        throw TextErrors.invalidSyntax(SimpleType.UUID, Utf8.string(s, offset, length));
      }
      if (digits < 16) {
        high = high << 4 | digit;
      } else {
        low = low << 4 | digit;
      }
      digits++;
    }
    if (digits != 32) {
      throw TextErrors.invalidSyntax(SimpleType.UUID, Utf8.string(s, offset, length));
    }
    out.append16(Long.reverseBytes(high), Long.reverseBytes(low));
  }

  public static void formatUuid(long first, long second, ByteSink out) {
    long high = Long.reverseBytes(first);
    long low = Long.reverseBytes(second);
    hexDigits(high, 60, 32, out);
    out.appendByte('-');
    hexDigits(high, 28, 16, out);
    out.appendByte('-');
    hexDigits(high, 12, 0, out);
    out.appendByte('-');
    hexDigits(low, 60, 48, out);
    out.appendByte('-');
    hexDigits(low, 44, 0, out);
  }

  private static void hexDigits(long value, int from, int to, ByteSink out) {
    for (int shift = from; shift >= to; shift -= 4) {
      out.appendByte(HEX[(int) (value >>> shift) & 15]);
    }
  }

  /// Any prefix of true, false, yes, no; on, of(f), 1, 0; in any case, blanks around. Errors:
  /// 22P02.
  public static boolean parseBoolean(MemorySegment s, long offset, int length) {
    if (length == 1) {
      int b = s.get(BYTE, offset) | 0x20;
      if (b == 't') {
        return true;
      }
      if (b == 'f') {
        return false;
      }
    }
    String text = Utf8.string(s, offset, length);
    return switch (NumberText.trim(text).toLowerCase(java.util.Locale.ROOT)) {
      case "t", "tr", "tru", "true", "y", "ye", "yes", "on", "1" -> true;
      case "f", "fa", "fal", "fals", "false", "n", "no", "of", "off", "0" -> false;
      default -> throw TextErrors.invalidSyntax(SimpleType.BOOLEAN, text);
    };
  }
}
