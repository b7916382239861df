package dev.aevum.parser;

import dev.aevum.model.error.SourceSpan;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.text.EditDistance;
import dev.aevum.parser.grammar.GrammarConstants;
import dev.aevum.parser.grammar.ParseException;
import dev.aevum.parser.grammar.SqlToken;
import dev.aevum.parser.lexer.SyntaxErrors;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Words a syntax error as PostgreSQL does, and finds the keyword that was probably meant.
final class SyntaxHints {
  /// What people misspell where a name could stand; also preferred among words equally close.
  private static final Set<String> COMMON =
      Set.of(
          "FROM", "WHERE", "GROUP", "ORDER", "HAVING", "LIMIT", "JOIN", "UNION", "VALUES", "SELECT",
          "INTO", "SET");

  private SyntaxHints() {}

  static SqlException translate(ParseException e, SqlToken at) {
    if (at.lexicalError() != null) {
      return at.lexicalError();
    }
    SourceSpan span = new SourceSpan(at.beginColumn, at.endColumn + 1);
    if (at.image.isEmpty()) {
      return SyntaxErrors.atEnd(span);
    }
    return SyntaxErrors.near(at.image, span, hint(e, at));
  }

  /// The offending word itself may be misspelt, or the one before it, which was then taken for a
  /// name (`SELECT a FORM t`).
  private static @Nullable String hint(ParseException e, SqlToken at) {
    String meant = closest(at, expectedWords(e), at.image.length() <= 4 ? 1 : 2);
    if (meant != null) {
      return "Did you mean " + meant + "?";
    }
    if (e.currentToken instanceof SqlToken before && before.image.length() >= 4) {
      meant = closest(before, COMMON, before.image.length() < 6 ? 1 : 2);
      return meant == null ? null : "Did you mean " + meant + " instead of " + before.image + "?";
    }
    return null;
  }

  private static Set<String> expectedWords(ParseException e) {
    Set<String> words = new TreeSet<>();
    for (int[] sequence : e.expectedTokenSequences) {
      String image = e.tokenImage[sequence[0]];
      if (image.matches("\"[A-Z_]+\"")) {
        words.add(image.substring(1, image.length() - 1));
      }
    }
    return words;
  }

  private static @Nullable String closest(SqlToken token, Set<String> words, int atMost) {
    if (token.kind != GrammarConstants.IDENTIFIER || token.image.length() < 3) {
      return null;
    }
    String written = token.image.toUpperCase(Locale.ROOT);
    String best = null;
    int bestRank = 2 * atMost + 2;
    for (String word : words) {
      int distance = EditDistance.between(written, word);
      int rank = 2 * distance + (COMMON.contains(word) ? 0 : 1);
      if (distance > 0 && rank < bestRank) {
        best = word;
        bestRank = rank;
      }
    }
    return best;
  }
}
