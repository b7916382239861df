package dev.aevum.parser.grammar;

import dev.aevum.model.error.SqlException;
import dev.aevum.parser.lexer.SyntaxErrors;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The clauses of MATCH_RECOGNIZE that are missing or out of their order, said as such.
final class MatchClauseOrder {
  private static final String ORDER =
      "The clauses stand in this order: PARTITION BY, ORDER BY, MEASURES, ONE ROW or ALL ROWS PER MATCH,"
          + " AFTER MATCH SKIP, PATTERN (...), WITHIN, SHOW TIMEOUT MATCHES, SUBSET, DEFINE. Only PATTERN"
          + " is required.";

  private MatchClauseOrder() {}

  /// Behind what may stand before PATTERN.
  static void requirePattern(Token next) {
    if (next.kind == GrammarConstants.PATTERN) {
      return;
    }
    String clause = clause(next);
    if (clause != null && isLater(next)) {
      throw error(clause + " of MATCH_RECOGNIZE needs PATTERN (...) before it", next);
    }
    if (clause != null) {
      throw outOfPlace(clause, next);
    }
    if (next.kind == GrammarConstants.RPAREN) {
      throw error("MATCH_RECOGNIZE needs PATTERN (...)", next);
    }
  }

  /// Behind what may stand behind PATTERN.
  static void requireEnd(Token next) {
    String clause = clause(next);
    if (clause != null) {
      throw outOfPlace(clause, next);
    }
  }

  /// Behind the expression of a measure.
  static void requireMeasureName(Token next) {
    if (next.kind == GrammarConstants.COMMA
        || next.kind == GrammarConstants.RPAREN
        || clause(next) != null) {
      throw SyntaxErrors.invalid(
          "a measure needs a name", Nodes.span(next), "Write MEASURES expression AS name, ...");
    }
  }

  private static SqlException outOfPlace(String clause, Token next) {
    return error(clause + " stands in the wrong place or twice in MATCH_RECOGNIZE", next);
  }

  private static SqlException error(String message, Token next) {
    return SyntaxErrors.invalid(message, Nodes.span(next), ORDER);
  }

  private static boolean isLater(Token token) {
    return switch (token.kind) {
      case GrammarConstants.WITHIN,
          GrammarConstants.SHOW,
          GrammarConstants.SUBSET,
          GrammarConstants.DEFINE ->
          true;
      default -> false;
    };
  }

  private static @Nullable String clause(Token token) {
    return switch (token.kind) {
      case GrammarConstants.PARTITION -> "PARTITION BY";
      case GrammarConstants.ORDER -> "ORDER BY";
      case GrammarConstants.ONE, GrammarConstants.ALL ->
          token.image.toUpperCase(Locale.ROOT) + " ... PER MATCH";
      case GrammarConstants.AFTER -> "AFTER MATCH SKIP";
      case GrammarConstants.SHOW -> "SHOW TIMEOUT MATCHES";
      case GrammarConstants.MEASURES,
          GrammarConstants.PATTERN,
          GrammarConstants.WITHIN,
          GrammarConstants.SUBSET,
          GrammarConstants.DEFINE ->
          token.image.toUpperCase(Locale.ROOT);
      default -> null;
    };
  }
}
