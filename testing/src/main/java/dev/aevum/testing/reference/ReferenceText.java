package dev.aevum.testing.reference;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.CharType;
import dev.aevum.model.type.SqlType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Functions of text, over code points.
final class ReferenceText {
  private ReferenceText() {}

  /// The text an argument stands for: blanks that pad char(n) are not part of it.
  static String text(SqlType type, Object value) {
    return type instanceof CharType
        ? ReferenceValues.withoutBlanks((String) value)
        : (String) value;
  }

  /// Null where `name` is no text function.
  static @Nullable Object call(String name, List<Object> a) {
    return switch (name) {
      case "lower" -> mapped((String) a.getFirst(), false);
      case "upper" -> mapped((String) a.getFirst(), true);
      case "length", "char_length", "character_length" -> (long) points((String) a.getFirst());
      case "octet_length" ->
          (long) ((String) a.getFirst()).getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
      case "reverse" -> reversed((String) a.getFirst());
      case "substring", "substr" -> substring(a);
      case "left" -> left((String) a.get(0), (Long) a.get(1));
      case "right" -> right((String) a.get(0), (Long) a.get(1));
      case "replace" -> replace((String) a.get(0), (String) a.get(1), (String) a.get(2));
      case "strpos", "position" -> position((String) a.get(0), (String) a.get(1));
      case "starts_with" -> ((String) a.get(0)).startsWith((String) a.get(1));
      case "btrim", "trim" -> trimmed(a, true, true);
      case "ltrim" -> trimmed(a, true, false);
      case "rtrim" -> trimmed(a, false, true);
      case "repeat" -> ((String) a.get(0)).repeat((int) Math.max(0, (Long) a.get(1)));
      case "~~", "like" -> like((String) a.get(0), (String) a.get(1));
      case "!~~" -> !like((String) a.get(0), (String) a.get(1));
      default -> null;
    };
  }

  /// Simple case mapping, code point by code point.
  private static String mapped(String text, boolean upper) {
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .map(c -> upper ? Character.toUpperCase(c) : Character.toLowerCase(c))
        .forEach(out::appendCodePoint);
    return out.toString();
  }

  private static int points(String text) {
    return text.codePointCount(0, text.length());
  }

  private static String reversed(String text) {
    int[] points = text.codePoints().toArray();
    StringBuilder out = new StringBuilder();
    for (int i = points.length - 1; i >= 0; i--) {
      out.appendCodePoint(points[i]);
    }
    return out.toString();
  }

  private static String slice(String text, long from, long to) {
    int[] points = text.codePoints().toArray();
    StringBuilder out = new StringBuilder();
    for (long i = Math.max(0, from); i < Math.min(points.length, to); i++) {
      out.appendCodePoint(points[(int) i]);
    }
    return out.toString();
  }

  private static String substring(List<Object> a) {
    long from = (Long) a.get(1) - 1;
    if (a.size() == 2) {
      return slice((String) a.get(0), from, Long.MAX_VALUE);
    }
    long length = (Long) a.get(2);
    if (length < 0) {
      throw new SqlException(ErrorCode.SUBSTRING_ERROR, "negative substring length not allowed");
    }
    return slice((String) a.get(0), from, from + length);
  }

  private static String left(String text, long count) {
    return slice(text, 0, count >= 0 ? count : points(text) + count);
  }

  private static String right(String text, long count) {
    if (count == Integer.MIN_VALUE) {
      // PostgreSQL: its negative is itself.
      return text;
    }
    return slice(text, count >= 0 ? points(text) - count : -count, Long.MAX_VALUE);
  }

  private static String replace(String text, String from, String to) {
    return from.isEmpty() ? text : text.replace(from, to);
  }

  private static Long position(String text, String part) {
    int at = text.indexOf(part);
    return at < 0 ? 0L : points(text.substring(0, at)) + 1L;
  }

  private static String trimmed(List<Object> a, boolean front, boolean back) {
    String set = a.size() == 1 ? " " : (String) a.get(1);
    int[] points = ((String) a.get(0)).codePoints().toArray();
    int from = 0;
    int to = points.length;
    while (front && from < to && set.indexOf(points[from]) >= 0) {
      from++;
    }
    while (back && to > from && set.indexOf(points[to - 1]) >= 0) {
      to--;
    }
    return slice((String) a.get(0), from, to);
  }

  private static boolean like(String text, String pattern) {
    return like(text.codePoints().toArray(), 0, pattern.codePoints().toArray(), 0);
  }

  private static boolean like(int[] text, int i, int[] pattern, int j) {
    if (j == pattern.length) {
      return i == text.length;
    }
    if (pattern[j] == '%') {
      for (int k = i; k <= text.length; k++) {
        if (like(text, k, pattern, j + 1)) {
          return true;
        }
      }
      return false;
    }
    if (i == text.length) {
      return false;
    }
    if (pattern[j] == '\\') {
      if (j + 1 == pattern.length) {
        throw new SqlException(
            ErrorCode.INVALID_ESCAPE_SEQUENCE, "LIKE pattern must not end with escape character");
      }
      return pattern[j + 1] == text[i] && like(text, i + 1, pattern, j + 2);
    }
    return (pattern[j] == '_' || pattern[j] == text[i]) && like(text, i + 1, pattern, j + 1);
  }
}
