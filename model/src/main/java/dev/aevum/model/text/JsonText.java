package dev.aevum.model.text;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;

/// Checks that a text is one JSON value (RFC 8259), as input of type json does; the text itself is
/// the value.
final class JsonText {
  private static final int MAX_DEPTH = 1000;

  private final String text;
  private int at;

  private JsonText(String text) {
    this.text = text;
  }

  /// Errors: 22P02; 54001 for nesting deeper than 1000.
  static void check(String text) {
    JsonText parser = new JsonText(text);
    parser.value(0);
    parser.blanks();
    parser.require(parser.at == text.length());
  }

  private void require(boolean valid) {
    if (!valid) {
      throw invalid(
          at >= text.length()
              ? "The input string ended unexpectedly."
              : "Expected JSON value, but found \"" + token(at) + "\".");
    }
  }

  private void lexical(boolean valid, int from) {
    if (!valid) {
      throw invalid("Token \"" + token(from) + "\" is invalid.");
    }
  }

  private static SqlException invalid(String detail) {
    return new SqlException(
            ErrorCode.INVALID_TEXT_REPRESENTATION, "invalid input syntax for type json")
        .withDetail(detail);
  }

  /// The offending token: up to here, and on to the end of its word; at least a character.
  private String token(int from) {
    int end = Math.min(Math.max(at, from), text.length());
    while (end < text.length()
        && (Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '_')) {
      end++;
    }
    return text.substring(from, Math.max(end, Math.min(from + 1, text.length())));
  }

  private void blanks() {
    while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private char peek() {
    blanks();
    require(at < text.length());
    return text.charAt(at);
  }

  private void value(int depth) {
    if (depth > MAX_DEPTH) {
      throw new SqlException(ErrorCode.STATEMENT_TOO_COMPLEX, "json value is nested too deeply");
    }
    switch (peek()) {
      case '{' -> members(depth);
      case '[' -> elements(depth);
      case '"' -> string();
      case 't' -> word("true");
      case 'f' -> word("false");
      case 'n' -> word("null");
      case '}', ']', ',', ':' -> require(false);
      default -> number();
    }
  }

  private void word(String word) {
    lexical(token(at).equals(word), at);
    at += word.length();
  }

  private void members(int depth) {
    at++;
    if (peek() == '}') {
      at++;
      return;
    }
    while (true) {
      require(peek() == '"');
      string();
      require(peek() == ':');
      at++;
      value(depth + 1);
      char next = peek();
      require(next == ',' || next == '}');
      at++;
      if (next == '}') {
        return;
      }
    }
  }

  private void elements(int depth) {
    at++;
    if (peek() == ']') {
      at++;
      return;
    }
    while (true) {
      value(depth + 1);
      char next = peek();
      require(next == ',' || next == ']');
      at++;
      if (next == ']') {
        return;
      }
    }
  }

  private void string() {
    int from = at++;
    while (true) {
      lexical(at < text.length() && text.charAt(at) >= ' ', from);
      char c = text.charAt(at++);
      if (c == '"') {
        return;
      }
      if (c == '\\') {
        lexical(at < text.length() && "\"\\/bfnrtu".indexOf(text.charAt(at)) >= 0, from);
        if (text.charAt(at++) == 'u') {
          for (int i = 0; i < 4; i++, at++) {
            lexical(at < text.length() && Character.digit(text.charAt(at), 16) >= 0, from);
          }
        }
      }
    }
  }

  private void number() {
    int from = at;
    if (text.charAt(at) == '-') {
      at++;
    }
    int first = at;
    digits(from);
    lexical(at == first + 1 || text.charAt(first) != '0', from);
    if (at < text.length() && text.charAt(at) == '.') {
      at++;
      digits(from);
    }
    if (at < text.length() && (text.charAt(at) | 0x20) == 'e') {
      at++;
      if (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
        at++;
      }
      digits(from);
    }
    lexical(at == text.length() || !Character.isLetterOrDigit(text.charAt(at)), from);
  }

  private void digits(int tokenStart) {
    int from = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    lexical(at > from, tokenStart);
  }
}
