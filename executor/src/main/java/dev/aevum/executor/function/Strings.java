package dev.aevum.executor.function;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import java.util.Locale;

/// Text functions over Java strings, for those that are rarely hot. Characters are code points.
final class Strings {
  private static final int MAX_BYTES = 1 << 30;

  private Strings() {}

  static String initcap(String text) {
    StringBuilder out = new StringBuilder(text.length());
    boolean inWord = false;
    for (int at = 0; at < text.length(); ) {
      int c = text.codePointAt(at);
      at += Character.charCount(c);
      out.appendCodePoint(inWord ? Character.toLowerCase(c) : Character.toUpperCase(c));
      inWord = Character.isLetterOrDigit(c);
    }
    return out.toString();
  }

  static String reverse(String text) {
    return new StringBuilder(text).reverse().toString();
  }

  /// Errors: 54000.
  static String repeat(String text, int count) {
    if (count <= 0 || text.isEmpty()) {
      return "";
    }
    if ((long) text.length() * count > MAX_BYTES) {
      throw tooLong();
    }
    return text.repeat(count);
  }

  private static SqlException tooLong() {
    return new SqlException(ErrorCode.PROGRAM_LIMIT_EXCEEDED, "requested length too large");
  }

  static String translate(String text, String from, String to) {
    int[] source = from.codePoints().toArray();
    int[] target = to.codePoints().toArray();
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .forEach(c -> {
          int place = 0;
          while (place < source.length && source[place] != c) {
            place++;
          }
          if (place == source.length) {
            out.appendCodePoint(c);
          } else if (place < target.length) {
            out.appendCodePoint(target[place]);
          }
        });
    return out.toString();
  }

  /// Errors: 54000.
  static String pad(String text, int length, String fill, boolean left) {
    if (length > MAX_BYTES / 4) {
      throw tooLong();
    }
    int wanted = Math.max(0, length);
    int have = text.codePointCount(0, text.length());
    if (have >= wanted) {
      return text.substring(0, text.offsetByCodePoints(0, wanted));
    }
    int[] points = fill.codePoints().toArray();
    if (points.length == 0) {
      return text;
    }
    StringBuilder padding = new StringBuilder();
    for (int i = 0; i < wanted - have; i++) {
      padding.appendCodePoint(points[i % points.length]);
    }
    return left ? padding + text : text + padding;
  }

  /// Errors: 22011; 22003 when the end of the part lies outside of integers.
  static String overlay(String text, String with, int from, int count) {
    if (from <= 0) {
      throw new SqlException(ErrorCode.SUBSTRING_ERROR, "negative substring length not allowed");
    }
    if ((long) from + count != from + count) {
      throw new SqlException(ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE, "integer out of range");
    }
    int characters = text.codePointCount(0, text.length());
    int start = Math.min(from - 1, characters);
    long rest = Math.clamp((long) from - 1 + count, 0, characters);
    return text.substring(0, text.offsetByCodePoints(0, start))
        + with
        + text.substring(text.offsetByCodePoints(0, (int) rest));
  }

  /// Errors: 54000 for what is no code point.
  static String chr(int code) {
    if (code == 0) {
      throw new SqlException(ErrorCode.PROGRAM_LIMIT_EXCEEDED, "null character not permitted");
    }
    if (code < 0) {
      throw new SqlException(
          ErrorCode.INVALID_PARAMETER_VALUE, "character number must be positive");
    }
    if (!Character.isValidCodePoint(code) || (code >= 0xD800 && code < 0xE000)) {
      throw new SqlException(
          ErrorCode.PROGRAM_LIMIT_EXCEEDED, "requested character too large for encoding: " + code);
    }
    return Character.toString(code);
  }

  static String quoteIdent(String name) {
    boolean plain = !name.isEmpty() && !Keywords.isReserved(name);
    for (int i = 0; i < name.length() && plain; i++) {
      char c = name.charAt(i);
      plain = (c >= 'a' && c <= 'z') || c == '_' || (i > 0 && c >= '0' && c <= '9');
    }
    return plain ? name : '"' + name.replace("\"", "\"\"") + '"';
  }

  static String quoteLiteral(String text) {
    String quoted = "'" + text.replace("'", "''") + "'";
    return text.indexOf('\\') < 0 ? quoted : " E" + quoted.replace("\\", "\\\\");
  }

  static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
