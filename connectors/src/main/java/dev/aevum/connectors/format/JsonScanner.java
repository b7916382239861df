package dev.aevum.connectors.format;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Finds the ends of JSON values in bytes (RFC 8259), by position, without objects. A negative
/// result, `-1 - position`, says where the text is malformed. Stateless.
final class JsonScanner {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH = 0x8080808080808080L;
  private static final int MAX_DEPTH = 512;

  private JsonScanner() {}

  static int error(int position) {
    return -1 - position;
  }

  static int skipBlanks(byte[] b, int from, int end) {
    int at = from;
    while (at < end && (b[at] == ' ' || b[at] == '\n' || b[at] == '\r' || b[at] == '\t')) {
      at++;
    }
    return at;
  }

  /// `at` is after the opening quote; the result is the position of the closing one.
  static int stringEnd(byte[] b, int from, int end) {
    int at = from;
    while (true) {
      at = plainEnd(b, at, end);
      if (at >= end) {
        return error(end);
      }
      int c = b[at];
      if (c == '"') {
        return at;
      }
      if (c != '\\') {
        return error(at);
      }
      int next = escapeEnd(b, at, end);
      if (next < 0) {
        return next;
      }
      at = next;
    }
  }

  /// The first quote, backslash or control character at or after `from`, else `end`.
  static int plainEnd(byte[] b, int from, int end) {
    int at = from;
    while (at + 8 <= end) {
      long word = (long) LONGS.get(b, at);
      long quote = word ^ (ONES * '"');
      long slash = word ^ (ONES * '\\');
      long found =
          (((quote - ONES) & ~quote) | ((slash - ONES) & ~slash) | ((word - ONES * 0x20) & ~word))
              & HIGH;
      if (found != 0) {
        return at + (Long.numberOfTrailingZeros(found) >>> 3);
      }
      at += 8;
    }
    while (at < end && b[at] != '"' && b[at] != '\\' && (b[at] & 0xff) >= 0x20) {
      at++;
    }
    return at;
  }

  private static int escapeEnd(byte[] b, int at, int end) {
    if (at + 1 >= end) {
      return error(end);
    }
    return switch (b[at + 1]) {
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> at + 2;
      case 'u' -> {
        for (int i = at + 2; i < at + 6; i++) {
          if (i >= end || Character.digit(b[i], 16) < 0) {
            yield error(Math.min(i, end));
          }
        }
        yield at + 6;
      }
      default -> error(at + 1);
    };
  }

  /// The end of the value that starts at `from`.
  static int valueEnd(byte[] b, int from, int end) {
    if (from >= end) {
      return error(end);
    }
    return switch (b[from]) {
      case '"' -> {
        int close = stringEnd(b, from + 1, end);
        yield close < 0 ? close : close + 1;
      }
      case '{', '[' -> nestedEnd(b, from, end);
      case 't' -> wordEnd(b, from, end, "true");
      case 'f' -> wordEnd(b, from, end, "false");
      case 'n' -> wordEnd(b, from, end, "null");
      default -> numberEnd(b, from, end);
    };
  }

  private static int wordEnd(byte[] b, int from, int end, String word) {
    for (int i = 0; i < word.length(); i++) {
      if (from + i >= end || b[from + i] != word.charAt(i)) {
        return error(Math.min(from + i, end));
      }
    }
    return from + word.length();
  }

  private static int numberEnd(byte[] b, int from, int end) {
    int at = from;
    if (at < end && b[at] == '-') {
      at++;
    }
    int digits = digitsEnd(b, at, end);
    if (digits == at || (b[at] == '0' && digits > at + 1)) {
      return error(at);
    }
    at = digits;
    if (at < end && b[at] == '.') {
      digits = digitsEnd(b, at + 1, end);
      if (digits == at + 1) {
        return error(digits);
      }
      at = digits;
    }
    if (at < end && (b[at] == 'e' || b[at] == 'E')) {
      at++;
      if (at < end && (b[at] == '+' || b[at] == '-')) {
        at++;
      }
      digits = digitsEnd(b, at, end);
      if (digits == at) {
        return error(at);
      }
      at = digits;
    }
    return at;
  }

  private static int digitsEnd(byte[] b, int from, int end) {
    int at = from;
    while (at < end && b[at] >= '0' && b[at] <= '9') {
      at++;
    }
    return at;
  }

  /// Objects and arrays: the stack of open ones is a bit each (set: object) in `open`.
  private static int nestedEnd(byte[] b, int from, int end) {
    long[] open = new long[MAX_DEPTH / 64];
    int depth = 0;
    int at = from;
    boolean value = true;
    while (true) {
      if (value) {
        if (at < end && (b[at] == '{' || b[at] == '[')) {
          if (depth == MAX_DEPTH) {
            return error(at);
          }
          boolean object = b[at] == '{';
          mark(open, depth++, object);
          at = skipBlanks(b, at + 1, end);
          if (at < end && b[at] == (object ? '}' : ']')) {
            value = false;
            continue;
          }
          at = object ? nameEnd(b, at, end) : at;
        } else {
          at = valueEnd(b, at, end);
          value = false;
        }
        if (at < 0) {
          return at;
        }
        continue;
      }
      at = skipBlanks(b, at, end);
      boolean object = (open[(depth - 1) >>> 6] >>> ((depth - 1) & 63) & 1) != 0;
      if (at >= end) {
        return error(end);
      }
      if (b[at] == (object ? '}' : ']')) {
        at++;
        if (--depth == 0) {
          return at;
        }
      } else if (b[at] == ',') {
        at = skipBlanks(b, at + 1, end);
        at = object ? nameEnd(b, at, end) : at;
        if (at < 0) {
          return at;
        }
        value = true;
      } else {
        return error(at);
      }
    }
  }

  private static void mark(long[] open, int depth, boolean object) {
    long bit = 1L << (depth & 63);
    if (object) {
      open[depth >>> 6] |= bit;
    } else {
      open[depth >>> 6] &= ~bit;
    }
  }

  /// `"name" :` and blanks; the result is where the value starts.
  private static int nameEnd(byte[] b, int from, int end) {
    if (from >= end || b[from] != '"') {
      return error(Math.min(from, end));
    }
    int close = stringEnd(b, from + 1, end);
    if (close < 0) {
      return close;
    }
    int colon = skipBlanks(b, close + 1, end);
    if (colon >= end || b[colon] != ':') {
      return error(colon);
    }
    return skipBlanks(b, colon + 1, end);
  }
}
