package dev.aevum.parser.lexer;

import dev.aevum.model.error.SourceSpan;
import dev.aevum.model.error.SqlException;
import dev.aevum.parser.lexer.Lexeme.Kind;
import java.util.ArrayList;
import java.util.List;

/// Cuts a script into lexemes: nested comments, `''`, `E''`, `U&""`, dollar quotes, strings
/// continued over lines, maximal munch of operators with PostgreSQL's rule for a trailing sign,
/// `$1`. Only inside the PATTERN of a MATCH_RECOGNIZE or a window every operator character stands
/// alone (`A+?`).
///
/// The list always ends with one [Kind#END]; a lexical error gives one [Kind#ERROR] before it and
/// ends the text there.
public final class Lexer {
  private static final String OPERATOR_CHARACTERS = "+-*/<>=~!@#%^&|`?";
  private static final String ALLOWS_TRAILING_SIGN = "~!@#%^&|`?";

  private final String text;
  private final List<Lexeme> lexemes = new ArrayList<>();
  private int at;
  private int depth;
  private int matchDepth = -1;
  private int patternDepth = -1;

  private Lexer(String text) {
    this.text = text;
  }

  public static List<Lexeme> lex(String text) {
    Lexer lexer = new Lexer(text);
    try {
      while (lexer.skipSpace()) {
        lexer.next();
      }
    } catch (SqlException e) {
      SourceSpan span = e.span();
      int start = span == null ? lexer.at : span.start() - 1;
      lexer.lexemes.add(new Lexeme(Kind.ERROR, start, text.length(), "", e));
    }
    lexer.lexemes.add(new Lexeme(Kind.END, text.length(), text.length(), "", null));
    return List.copyOf(lexer.lexemes);
  }

  /// Skips blanks and comments; false at the end.
  private boolean skipSpace() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (isSpace(c)) {
        at++;
      } else if (text.startsWith("--", at)) {
        skipLine();
      } else if (text.startsWith("/*", at)) {
        skipComment();
      } else {
        return true;
      }
    }
    return false;
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\u000b';
  }

  private void skipLine() {
    while (at < text.length() && text.charAt(at) != '\n' && text.charAt(at) != '\r') {
      at++;
    }
  }

  private void skipComment() {
    int start = at;
    int open = 0;
    do {
      if (at >= text.length()) {
        throw lexical("unterminated /* comment", start);
      }
      if (text.startsWith("/*", at)) {
        open++;
        at += 2;
      } else if (text.startsWith("*/", at)) {
        open--;
        at += 2;
      } else {
        at++;
      }
    } while (open > 0);
  }

  private void next() {
    char c = text.charAt(at);
    if (c == '\'') {
      string(at, 1, false);
    } else if (c == '"') {
      quotedWord(at, at);
    } else if (isWordStart(c)) {
      wordOrPrefixed(c);
    } else if (isDigit(c) || (c == '.' && at + 1 < text.length() && isDigit(text.charAt(at + 1)))) {
      number();
    } else if (c == '$') {
      dollar();
    } else if (patternDepth >= 0 && "+*?|{}-^".indexOf(c) >= 0) {
      add(Kind.OPERATOR, at, at + 1, String.valueOf(c));
    } else if (OPERATOR_CHARACTERS.indexOf(c) >= 0) {
      operator();
    } else {
      punctuation(c);
    }
  }

  private void add(Kind kind, int start, int end, String value) {
    lexemes.add(new Lexeme(kind, start, end, value, null));
    at = end;
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  static boolean isWordStart(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
  }

  static boolean isWordPart(char c) {
    return isWordStart(c) || isDigit(c) || c == '$';
  }

  private void wordOrPrefixed(char c) {
    char following = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
    char prefix = Character.toLowerCase(c);
    if (following == '\'' && (prefix == 'e' || prefix == 'n' || prefix == 'b' || prefix == 'x')) {
      prefixedString(prefix);
    } else if (prefix == 'u' && following == '&' && at + 2 < text.length()) {
      unicode(text.charAt(at + 2));
    } else {
      word();
    }
  }

  private void word() {
    int end = at + 1;
    while (end < text.length() && isWordPart(text.charAt(end))) {
      end++;
    }
    add(Kind.WORD, at, end, fold(text.substring(at, end)));
  }

  /// PostgreSQL folds ASCII only in a multi-byte encoding.
  private static String fold(String word) {
    StringBuilder folded = new StringBuilder(word);
    for (int i = 0; i < word.length(); i++) {
      char c = word.charAt(i);
      if (c >= 'A' && c <= 'Z') {
        folded.setCharAt(i, (char) (c + 32));
      }
    }
    return folded.toString();
  }

  private void prefixedString(char prefix) {
    int start = at;
    if (prefix == 'e') {
      string(start, 2, true);
    } else if (prefix == 'n') {
      string(start, 2, false);
    } else {
      string(start, 2, false);
      Lexeme raw = lexemes.removeLast();
      add(Kind.BITS, start, raw.end(), Strings.bits(prefix, raw.value(), raw.span()));
    }
  }

  private void unicode(char quote) {
    int start = at;
    if (quote == '\'') {
      string(start, 3, false);
    } else if (quote == '"') {
      quotedWord(start, start + 2);
    } else {
      word();
      return;
    }
    Lexeme raw = lexemes.removeLast();
    char escape = '\\';
    if (skipSpace() && text.regionMatches(true, at, "uescape", 0, 7)) {
      at += 7;
      skipSpace();
      string(at, 1, false);
      Lexeme character = lexemes.removeLast();
      escape = Strings.escapeCharacter(character.value(), character.span());
    } else {
      at = raw.end();
    }
    add(raw.kind(), start, at, Strings.unicode(raw.value(), escape, raw.span()));
  }

  /// A string from its opening quote at `start + quoteOffset - 1` on, and its continuations:
  /// another quote after blanks with a line end in them.
  private void string(int start, int prefixLength, boolean escapes) {
    StringBuilder raw = new StringBuilder();
    at = start + prefixLength;
    while (true) {
      quotedPart(start, raw, escapes);
      int resume = at;
      if (!continues()) {
        at = resume;
        break;
      }
      at++;
    }
    SourceSpan span = new SourceSpan(start + 1, at + 1);
    add(Kind.STRING, start, at, escapes ? Strings.escapes(raw.toString(), span) : raw.toString());
  }

  /// Up to the closing quote. In an escape string the raw text keeps its backslashes, and a doubled
  /// quote becomes an escaped one.
  private void quotedPart(int start, StringBuilder raw, boolean escapes) {
    while (true) {
      if (at >= text.length()) {
        throw lexical("unterminated quoted string", start);
      }
      char c = text.charAt(at++);
      if (c == '\'') {
        if (at >= text.length() || text.charAt(at) != '\'') {
          return;
        }
        at++;
        raw.append(escapes ? "\\'" : "'");
      } else if (c == '\\' && escapes) {
        if (at >= text.length()) {
          throw lexical("unterminated quoted string", start);
        }
        raw.append(c).append(text.charAt(at++));
      } else {
        raw.append(c);
      }
    }
  }

  private boolean continues() {
    boolean newLine = false;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (isSpace(c)) {
        newLine |= c == '\n' || c == '\r';
        at++;
      } else if (newLine && text.startsWith("--", at)) {
        skipLine();
      } else {
        return newLine && c == '\'';
      }
    }
    return false;
  }

  private void quotedWord(int start, int quote) {
    StringBuilder name = new StringBuilder();
    int i = quote + 1;
    while (true) {
      if (i >= text.length()) {
        throw lexical("unterminated quoted identifier", start);
      }
      char c = text.charAt(i++);
      if (c == '"') {
        if (i >= text.length() || text.charAt(i) != '"') {
          break;
        }
        i++;
      }
      name.append(c);
    }
    if (name.isEmpty()) {
      throw SyntaxErrors.lexical(
          "zero-length delimited identifier",
          text.substring(start, i),
          new SourceSpan(start + 1, i + 1));
    }
    add(Kind.QUOTED_WORD, start, i, name.toString());
  }

  private void number() {
    int start = at;
    int end = digits(start);
    Kind kind = Kind.INTEGER;
    if (end < text.length() && text.charAt(end) == '.' && !text.startsWith("..", end)) {
      kind = Kind.DECIMAL;
      end = digits(end + 1);
    }
    if (end < text.length() && (text.charAt(end) == 'e' || text.charAt(end) == 'E')) {
      int exponent = end + 1;
      if (exponent < text.length() && "+-".indexOf(text.charAt(exponent)) >= 0) {
        exponent++;
      }
      if (exponent < text.length() && isDigit(text.charAt(exponent))) {
        kind = Kind.APPROXIMATE;
        end = digits(exponent);
      }
    }
    rejectJunk("trailing junk after numeric literal", start, end);
    add(kind, start, end, text.substring(start, end));
  }

  private int digits(int from) {
    int end = from;
    while (end < text.length() && isDigit(text.charAt(end))) {
      end++;
    }
    return end;
  }

  private void rejectJunk(String what, int start, int end) {
    if (end < text.length() && isWordStart(text.charAt(end))) {
      int junk = end;
      while (junk < text.length() && isWordPart(text.charAt(junk))) {
        junk++;
      }
      throw SyntaxErrors.lexical(
          what, text.substring(start, junk), new SourceSpan(start + 1, junk + 1));
    }
  }

  /// `$1`, `$tag$ ... $tag$`, or in a PATTERN the anchor `$`.
  private void dollar() {
    int start = at;
    int end = digits(start + 1);
    if (end > start + 1) {
      rejectJunk("trailing junk after parameter", start, end);
      add(Kind.PARAMETER, start, end, text.substring(start + 1, end));
      return;
    }
    if (end < text.length() && isWordStart(text.charAt(end))) {
      while (end < text.length() && (isWordStart(text.charAt(end)) || isDigit(text.charAt(end)))) {
        end++;
      }
    }
    if (end >= text.length() || text.charAt(end) != '$') {
      if (patternDepth >= 0) {
        add(Kind.OPERATOR, start, start + 1, "$");
        return;
      }
      throw SyntaxErrors.near("$", new SourceSpan(start + 1, start + 2), null);
    }
    String tag = text.substring(start, end + 1);
    int close = text.indexOf(tag, end + 1);
    if (close < 0) {
      throw lexical("unterminated dollar-quoted string", start);
    }
    add(Kind.STRING, start, close + tag.length(), text.substring(end + 1, close));
  }

  private void operator() {
    int end = at;
    while (end < text.length()
        && OPERATOR_CHARACTERS.indexOf(text.charAt(end)) >= 0
        && !text.startsWith("--", end)
        && !text.startsWith("/*", end)) {
      end++;
    }
    while (end - at > 1 && "+-".indexOf(text.charAt(end - 1)) >= 0 && !hasSpecial(at, end)) {
      end--;
    }
    String name = text.substring(at, end);
    add(Kind.OPERATOR, at, end, name.equals("!=") ? "<>" : name);
  }

  private boolean hasSpecial(int from, int to) {
    for (int i = from; i < to; i++) {
      if (ALLOWS_TRAILING_SIGN.indexOf(text.charAt(i)) >= 0) {
        return true;
      }
    }
    return false;
  }

  private void punctuation(char c) {
    switch (c) {
      case '(' -> open();
      case ')' -> close();
      case '[', ']', ',', ';', '{', '}' -> add(Kind.PUNCTUATION, at, at + 1, String.valueOf(c));
      case '.' ->
          add(
              Kind.PUNCTUATION,
              at,
              at + (text.startsWith("..", at) ? 2 : 1),
              text.startsWith("..", at) ? ".." : ".");
      case ':' -> colon();
      default -> {
        int end = at + Character.charCount(text.codePointAt(at));
        throw SyntaxErrors.near(text.substring(at, end), new SourceSpan(at + 1, end + 1), null);
      }
    }
  }

  private void colon() {
    if (text.startsWith("::", at)) {
      add(Kind.PUNCTUATION, at, at + 2, "::");
    } else if (text.startsWith(":=", at)) {
      add(Kind.OPERATOR, at, at + 2, "=>");
    } else {
      add(Kind.PUNCTUATION, at, at + 1, ":");
    }
  }

  private void open() {
    Lexeme before = lexemes.isEmpty() ? null : lexemes.getLast();
    if (before != null && before.isWord("match_recognize") && matchDepth < 0) {
      matchDepth = depth;
    } else if (before != null && before.isWord("pattern") && patternDepth < 0 && isRowPattern()) {
      patternDepth = depth;
    }
    depth++;
    add(Kind.PUNCTUATION, at, at + 1, "(");
  }

  private boolean isRowPattern() {
    return matchDepth >= 0 || WindowPatterns.isPattern(lexemes, lexemes.size() - 1);
  }

  private void close() {
    depth--;
    if (depth <= patternDepth) {
      patternDepth = -1;
    }
    if (depth <= matchDepth) {
      matchDepth = -1;
    }
    add(Kind.PUNCTUATION, at, at + 1, ")");
  }

  private SqlException lexical(String what, int start) {
    return SyntaxErrors.lexical(
        what, text.substring(start), new SourceSpan(start + 1, text.length() + 1));
  }
}
