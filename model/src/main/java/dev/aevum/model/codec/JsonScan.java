package dev.aevum.model.codec;

import static dev.aevum.model.batch.Memory.BYTE;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import java.lang.foreign.MemorySegment;

/// Moves over JSON text (UTF-8) that is known to be valid, without making objects of it: values of
/// type json as they were written, and of type jsonb in canonical form. Offsets are into the
/// segment; `end` is where the text ends.
public final class JsonScan {
  private JsonScan() {}

  /// The first offset from `at` that holds no white space, or `end`.
  public static long blanks(MemorySegment s, long at, long end) {
    long here = at;
    while (here < end && isBlank(s.get(BYTE, here))) {
      here++;
    }
    return here;
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\n' || b == '\t' || b == '\r';
  }

  /// Past the closing quote of the string whose opening quote is at `at`.
  public static long stringEnd(MemorySegment s, long at) {
    long here = at + 1;
    while (true) {
      byte b = s.get(BYTE, here++);
      if (b == '"') {
        return here;
      }
      if (b == '\\') {
        here++;
      }
    }
  }

  /// Past the value that begins at `at`.
  public static long valueEnd(MemorySegment s, long at, long end) {
    int depth = 0;
    long here = at;
    do {
      byte b = s.get(BYTE, here);
      switch (b) {
        case '"' -> here = stringEnd(s, here);
        case '{', '[' -> {
          depth++;
          here++;
        }
        case '}', ']' -> {
          depth--;
          here++;
        }
        case ',', ':', ' ', '\n', '\t', '\r' -> here++;
        default -> here = wordEnd(s, here, end);
      }
    } while (depth > 0);
    return here;
  }

  private static long wordEnd(MemorySegment s, long at, long end) {
    long here = at;
    while (here < end && isWord(s.get(BYTE, here))) {
      here++;
    }
    return here;
  }

  private static boolean isWord(byte b) {
    return b != ',' && b != '}' && b != ']' && b != ':' && !isBlank(b);
  }

  /// Appends the characters that the contents of a string, between its quotes, stand for.
  ///
  /// Errors: 22P05 for a zero character, 22P02 for half a surrogate pair; in PostgreSQL's words.
  public static void unescape(MemorySegment s, long from, long to, ByteSink out) {
    long at = from;
    while (at < to) {
      long plain = at;
      while (plain < to && s.get(BYTE, plain) != '\\') {
        plain++;
      }
      out.appendBytes(s, at, (int) (plain - at));
      at = plain < to ? escape(s, plain, to, out) : to;
    }
  }

  /// One escape; returns where the text goes on.
  private static long escape(MemorySegment s, long at, long to, ByteSink out) {
    byte kind = s.get(BYTE, at + 1);
    if (kind != 'u') {
      out.appendByte(
          switch (kind) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> kind;
          });
      return at + 2;
    }
    int unit = unit(s, at + 2);
    if (unit == 0) {
      throw new SqlException(
              ErrorCode.UNTRANSLATABLE_CHARACTER, "unsupported Unicode escape sequence")
          .withDetail("\\u0000 cannot be converted to text.");
    }
    if (!Character.isSurrogate((char) unit)) {
      appendCodePoint(unit, out);
      return at + 6;
    }
    if (Character.isLowSurrogate((char) unit)) {
      throw surrogate("Unicode low surrogate must follow a high surrogate.");
    }
    boolean paired = at + 12 <= to && s.get(BYTE, at + 6) == '\\' && s.get(BYTE, at + 7) == 'u';
    int second = paired ? unit(s, at + 8) : 0;
    if (Character.isHighSurrogate((char) second)) {
      throw surrogate("Unicode high surrogate must not follow a high surrogate.");
    }
    if (!Character.isLowSurrogate((char) second)) {
      throw surrogate("Unicode low surrogate must follow a high surrogate.");
    }
    appendCodePoint(Character.toCodePoint((char) unit, (char) second), out);
    return at + 12;
  }

  private static int unit(MemorySegment s, long at) {
    int unit = 0;
    for (int i = 0; i < 4; i++) {
      unit = unit << 4 | Character.digit(s.get(BYTE, at + i), 16);
    }
    return unit;
  }

  private static SqlException surrogate(String detail) {
    return new SqlException(
            ErrorCode.INVALID_TEXT_REPRESENTATION, "invalid input syntax for type json")
        .withDetail(detail);
  }

  private static void appendCodePoint(int c, ByteSink out) {
    if (c < 0x80) {
      out.appendByte(c);
      return;
    }
    if (c < 0x800) {
      out.appendByte(0xc0 | c >> 6);
    } else if (c < 0x10000) {
      out.appendByte(0xe0 | c >> 12);
      out.appendByte(0x80 | c >> 6 & 0x3f);
    } else {
      out.appendByte(0xf0 | c >> 18);
      out.appendByte(0x80 | c >> 12 & 0x3f);
      out.appendByte(0x80 | c >> 6 & 0x3f);
    }
    out.appendByte(0x80 | c & 0x3f);
  }
}
