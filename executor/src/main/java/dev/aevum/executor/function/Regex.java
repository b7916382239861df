package dev.aevum.executor.function;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// PostgreSQL's advanced regular expressions as Java patterns: POSIX classes, word anchors (`\m \M
/// \y \Y < >` in brackets), flags, and bracket expressions with their own escapes. One difference
/// stays: where alternatives match different lengths, PostgreSQL takes the longest match, Java the
/// first alternative; whether there is a match is the same.
///
/// Keeps the latest patterns; belongs to one thread.
final class Regex {
  private static final int KEPT = 16;

  private record Key(String pattern, String flags) {}

  private final Map<Key, Pattern> cache =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Pattern> eldest) {
          return size() > KEPT;
        }
      };

  /// `flags`: PostgreSQL's letters; `g` is ignored here. Errors: 2201B, 22023.
  Pattern compile(String pattern, String flags) {
    return cache.computeIfAbsent(new Key(pattern, flags), k -> translate(pattern, flags));
  }

  private static Pattern translate(String pattern, String flags) {
    int bits = Pattern.DOTALL;
    boolean literal = false;
    for (int i = 0; i < flags.length(); i++) {
      switch (flags.charAt(i)) {
        case 'i' -> bits |= Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;
        case 'c' -> bits &= ~Pattern.CASE_INSENSITIVE;
        case 'n', 'm' -> bits = (bits | Pattern.MULTILINE) & ~Pattern.DOTALL;
        case 's' -> bits = (bits | Pattern.DOTALL) & ~Pattern.MULTILINE;
        case 'w' -> bits |= Pattern.MULTILINE | Pattern.DOTALL;
        case 'p' -> bits &= ~Pattern.DOTALL;
        case 'x' -> bits |= Pattern.COMMENTS;
        case 'q' -> literal = true;
        case 'g', 't', 'e', 'b' -> {}
        default ->
            throw new SqlException(
                ErrorCode.INVALID_PARAMETER_VALUE,
                "invalid regular expression option: \"" + flags.charAt(i) + "\"");
      }
    }
    try {
      return Pattern.compile(
          literal ? Pattern.quote(pattern) : new Translator(pattern).run(), bits);
    } catch (PatternSyntaxException e) {
      throw invalid(e.getDescription().toLowerCase(java.util.Locale.ROOT));
    }
  }

  private static SqlException invalid(String reason) {
    return new SqlException(
        ErrorCode.INVALID_REGULAR_EXPRESSION, "invalid regular expression: " + reason);
  }

  /// One walk over the pattern.
  private static final class Translator {
    private final String in;
    private final StringBuilder out = new StringBuilder();
    private int at;

    Translator(String in) {
      this.in = in;
    }

    String run() {
      if (in.startsWith("***=")) {
        return Pattern.quote(in.substring(4));
      }
      at = in.startsWith("***:") ? 4 : 0;
      while (at < in.length()) {
        char c = in.charAt(at);
        if (c == '\\') {
          escape();
        } else if (c == '[') {
          bracket();
        } else {
          // A brace that begins no bound is itself.
          if (c == '{' && (at + 1 == in.length() || !Character.isDigit(in.charAt(at + 1)))) {
            out.append('\\');
          }
          out.append(c);
          at++;
        }
      }
      return out.toString();
    }

    private void escape() {
      if (at + 1 == in.length()) {
        throw invalid("invalid escape \\ sequence");
      }
      char c = in.charAt(at + 1);
      at += 2;
      switch (c) {
        case 'm' -> out.append("\\b(?=\\w)");
        case 'M' -> out.append("\\b(?<=\\w)");
        case 'y' -> out.append("\\b");
        case 'Y' -> out.append("\\B");
        case 'A' -> out.append("\\A");
        case 'Z' -> out.append("\\z");
        case 'B' -> out.append("\\\\");
        case 'd', 'D', 's', 'S', 'w', 'W', 't', 'n', 'r', 'f', 'a', 'e', 'x', 'u' ->
            out.append('\\').append(c);
        case 'v' -> out.append("\\x0B");
        case 'b' -> out.append("\\x08");
        default -> {
          if (c >= '1' && c <= '9') {
            out.append('\\').append(c);
          } else if (Character.isLetterOrDigit(c)) {
            throw invalid("invalid escape \\ sequence");
          } else {
            out.append('\\').append(c);
          }
        }
      }
    }

    /// A bracket expression up to its `]`.
    private void bracket() {
      if (in.startsWith("[[:<:]]", at)) {
        out.append("\\b(?=\\w)");
        at += 7;
        return;
      }
      if (in.startsWith("[[:>:]]", at)) {
        out.append("\\b(?<=\\w)");
        at += 7;
        return;
      }
      out.append('[');
      at++;
      if (at < in.length() && in.charAt(at) == '^') {
        out.append('^');
        at++;
      }
      boolean first = true;
      while (true) {
        if (at >= in.length()) {
          throw invalid("brackets [] not balanced");
        }
        char c = in.charAt(at);
        if (c == ']' && !first) {
          break;
        }
        first = false;
        if (c == '[' && at + 1 < in.length() && in.charAt(at + 1) == ':') {
          posixClass();
        } else if (c == '\\' && at + 1 < in.length()) {
          escape();
        } else {
          if (c == '[' || c == ']' || c == '&' || c == '^' || c == '~') {
            out.append('\\');
          }
          out.append(c);
          at++;
        }
      }
      out.append(']');
      at++;
    }

    private void posixClass() {
      int end = in.indexOf(":]", at + 2);
      if (end < 0) {
        throw invalid("invalid character class");
      }
      out.append(
          switch (in.substring(at + 2, end)) {
            case "alpha" -> "\\p{IsAlphabetic}";
            case "digit" -> "\\p{IsDigit}";
            case "alnum" -> "\\p{IsAlphabetic}\\p{IsDigit}";
            case "upper" -> "\\p{IsUppercase}";
            case "lower" -> "\\p{IsLowercase}";
            case "space" -> "\\s";
            case "blank" -> " \\t";
            case "punct" -> "\\p{Punct}";
            case "cntrl" -> "\\p{Cntrl}";
            case "graph" -> "\\p{Graph}";
            case "print" -> "\\p{Print}";
            case "xdigit" -> "0-9A-Fa-f";
            case "word" -> "\\w";
            default -> throw invalid("invalid character class");
          });
      at = end + 2;
    }
  }

  /// The replacement of regexp_replace as Java takes it: `\1` to `\9`, `\&`, `\\`.
  static String replacement(String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 1 < text.length()) {
        char next = text.charAt(++i);
        if (next >= '1' && next <= '9') {
          out.append('$').append(next);
        } else if (next == '&') {
          out.append("$0");
        } else if (next == '\\') {
          out.append("\\\\");
        } else {
          out.append("\\\\").append(next == '$' ? "\\$" : Character.toString(next));
        }
      } else if (c == '$' || c == '\\') {
        out.append('\\').append(c);
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  /// The regular expression that SIMILAR TO means by a pattern. Errors: 22025.
  static String similar(String pattern, String escape) {
    if (escape.codePointCount(0, escape.length()) > 1) {
      throw new SqlException(ErrorCode.INVALID_ESCAPE_SEQUENCE, "invalid escape string")
          .withHint("Escape string must be empty or one character.");
    }
    StringBuilder out = new StringBuilder("^(?:");
    boolean inBracket = false;
    int[] points = pattern.codePoints().toArray();
    int escaping = escape.isEmpty() ? -1 : escape.codePointAt(0);
    for (int i = 0; i < points.length; i++) {
      int c = points[i];
      if (c == escaping) {
        if (++i < points.length) {
          out.append(Character.isLetterOrDigit(points[i]) ? "" : "\\").appendCodePoint(points[i]);
        }
      } else if (inBracket) {
        inBracket = c != ']';
        out.append(c == '\\' ? "\\" : "").appendCodePoint(c);
      } else {
        switch (c) {
          case '[' -> {
            inBracket = true;
            out.append('[');
          }
          case '%' -> out.append(".*");
          case '_' -> out.append('.');
          case '(' -> out.append("(?:");
          case '\\', '.', '^', '$' -> out.append('\\').appendCodePoint(c);
          default -> out.appendCodePoint(c);
        }
      }
    }
    return out.append(")$").toString();
  }

  /// The pattern that LIKE ... ESCAPE means, with backslash as escape. Errors: 22025.
  static String like(String pattern, String escape) {
    if (escape.codePointCount(0, escape.length()) > 1) {
      throw new SqlException(ErrorCode.INVALID_ESCAPE_SEQUENCE, "invalid escape string")
          .withHint("Escape string must be empty or one character.");
    }
    if (escape.equals("\\")) {
      return pattern;
    }
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (!escape.isEmpty() && pattern.startsWith(escape, i)) {
        i += escape.length();
        out.append('\\');
        if (i < pattern.length()) {
          out.append(pattern.charAt(i));
        }
      } else {
        out.append(c == '\\' ? "\\\\" : Character.toString(c));
      }
    }
    return out.toString();
  }
}
