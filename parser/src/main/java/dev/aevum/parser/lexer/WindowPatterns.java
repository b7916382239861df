package dev.aevum.parser.lexer;

import java.util.List;
import java.util.Set;

/// Where the PATTERN of a window stands: its parentheses hold operators of patterns.
public final class WindowPatterns {
  private static final Set<String> UNITS = Set.of("rows", "range", "groups");
  private static final Set<String> BOUNDS = Set.of("between", "unbounded", "current");

  private WindowPatterns() {}

  /// Whether lexeme `index`, the word PATTERN, belongs to a window: in the same parentheses
  /// MEASURES or a frame stands before it.
  public static boolean isPattern(List<Lexeme> lexemes, int index) {
    int depth = 0;
    for (int i = index - 1; i >= 0; i--) {
      Lexeme lexeme = lexemes.get(i);
      if (lexeme.isPunctuation(")")) {
        depth++;
      } else if (lexeme.isPunctuation("(")) {
        if (depth-- == 0) {
          return false;
        }
      } else if (depth == 0 && begins(lexemes, i)) {
        return true;
      }
    }
    return false;
  }

  private static boolean begins(List<Lexeme> lexemes, int i) {
    Lexeme word = lexemes.get(i);
    if (word.kind() != Lexeme.Kind.WORD) {
      return false;
    }
    return word.isWord("measures")
        || UNITS.contains(word.value()) && BOUNDS.contains(lexemes.get(i + 1).value());
  }
}
