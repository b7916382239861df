package dev.aevum.model.text;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The curly-brace form of one-dimensional arrays, as texts of their elements.
final class ArrayText {
  private final String text;
  private int at;

  private ArrayText(String text) {
    this.text = text;
  }

  /// Texts of the elements, null for NULL. Errors: 22P02; 0A000 for several dimensions and lower
  /// bounds other than 1.
  static List<@Nullable String> parse(String text) {
    return new ArrayText(text).elements();
  }

  private SqlException malformed(String detail) {
    return TextErrors.malformedArray(text, detail);
  }

  private void blanks() {
    while (at < text.length()
        && text.charAt(at) < 128
        && NumberText.isSpace((byte) text.charAt(at))) {
      at++;
    }
  }

  private List<@Nullable String> elements() {
    List<@Nullable String> elements = new ArrayList<>();
    blanks();
    bounds();
    if (at == text.length() || text.charAt(at) != '{') {
      throw malformed("Array value must start with \"{\" or dimension information.");
    }
    at++;
    blanks();
    if (at < text.length() && text.charAt(at) == '}') {
      at++;
    } else {
      while (true) {
        elements.add(element());
        char end = next();
        if (end == '}') {
          break;
        }
        if (end != ',') {
          throw malformed("Unexpected array element.");
        }
      }
    }
    blanks();
    if (at < text.length()) {
      throw malformed("Junk after closing right brace.");
    }
    return elements;
  }

  /// `[1:3]=` or `[3]=`, which says nothing more than the elements do.
  private void bounds() {
    if (at < text.length() && text.charAt(at) == '[') {
      int end = text.indexOf("=", at);
      String bounds = end < 0 ? "" : text.substring(at, end).strip();
      if (!bounds.matches("(\\[[+-]?\\d+(:[+-]?\\d+)?\\]\\s*)+")) {
        throw malformed("\"[\" must introduce explicitly-specified array dimensions.");
      }
      if (!bounds.matches("\\[(1:)?\\d+]")) {
        throw new SqlException(
            ErrorCode.FEATURE_NOT_SUPPORTED,
            "arrays of several dimensions or with a lower bound other than 1 are not supported");
      }
      at = end + 1;
      blanks();
    }
  }

  private char next() {
    if (at == text.length()) {
      throw malformed("Unexpected end of input.");
    }
    return text.charAt(at++);
  }

  private @Nullable String element() {
    blanks();
    if (at < text.length() && text.charAt(at) == '{') {
      throw new SqlException(
          ErrorCode.FEATURE_NOT_SUPPORTED, "arrays of several dimensions are not supported");
    }
    StringBuilder value = new StringBuilder();
    if (at < text.length() && text.charAt(at) == '"') {
      at++;
      for (char c = next(); c != '"'; c = next()) {
        value.append(c == '\\' ? next() : c);
      }
      blanks();
      return value.toString();
    }
    boolean escaped = false;
    int keep = 0;
    while (at < text.length() && ",{}\"".indexOf(text.charAt(at)) < 0) {
      char c = next();
      if (c == '\\') {
        escaped = true;
        value.append(next());
        keep = value.length();
      } else {
        value.append(c);
        keep = c < 128 && NumberText.isSpace((byte) c) ? keep : value.length();
      }
    }
    value.setLength(keep);
    if (at < text.length() && (text.charAt(at) == '"' || text.charAt(at) == '{')) {
      throw malformed(
          text.charAt(at) == '{' ? "Unexpected \"{\" character." : "Unexpected array element.");
    }
    if (value.isEmpty() && !escaped) {
      throw at == text.length()
          ? malformed("Unexpected end of input.")
          : malformed("Unexpected \"" + text.charAt(at) + "\" character.");
    }
    return !escaped && value.toString().equalsIgnoreCase("null") ? null : value.toString();
  }

  /// Appends an element's text, quoted where it must be.
  static void append(String element, StringBuilder out) {
    if (!needsQuotes(element)) {
      out.append(element);
      return;
    }
    out.append('"');
    for (int i = 0; i < element.length(); i++) {
      char c = element.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\');
      }
      out.append(c);
    }
    out.append('"');
  }

  private static boolean needsQuotes(String element) {
    if (element.isEmpty() || element.equalsIgnoreCase("null")) {
      return true;
    }
    for (int i = 0; i < element.length(); i++) {
      char c = element.charAt(i);
      if ("{}\",\\".indexOf(c) >= 0 || (c < 128 && NumberText.isSpace((byte) c))) {
        return true;
      }
    }
    return false;
  }
}
