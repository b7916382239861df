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
  static void requireEnd(Token last, Token next) {
    requireCall(last, next);
    if (Ahead.isUnquoted(next, "within")) {
      throw SyntaxErrors.invalid(
          "WITHIN needs an interval", Nodes.span(next), "Write WITHIN INTERVAL '10 minutes'.");
    }
    String clause = clause(next);
    if (clause != null) {
      throw outOfPlace(clause, next);
    }
  }

  /// Behind the expression of a measure.
  static void requireMeasureName(Token last, Token next) {
    requireCall(last, next);
    if (next.kind == GrammarConstants.COMMA
        || next.kind == GrammarConstants.RPAREN
        || clause(next) != null) {
      throw SyntaxErrors.invalid(
          "a measure needs a name", Nodes.span(next), "Write MEASURES expression AS name, ...");
    }
  }

  /// Behind ONE ROW PER MATCH.
  static void requireOneRowOnly(Token next, Token second) {
    boolean shows = next.kind == GrammarConstants.SHOW && Ahead.isUnquoted(second, "empty");
    boolean omits = Ahead.isUnquoted(next, "omit");
    boolean unmatched = next.kind == GrammarConstants.WITH && Ahead.isUnquoted(second, "unmatched");
    if (shows || omits || unmatched) {
      throw SyntaxErrors.invalid(
          (shows ? "SHOW EMPTY MATCHES" : omits ? "OMIT EMPTY MATCHES" : "WITH UNMATCHED ROWS")
              + " applies only to ALL ROWS PER MATCH",
          Nodes.span(next, second),
          unmatched
              ? "Write ALL ROWS PER MATCH WITH UNMATCHED ROWS."
              : "ONE ROW PER MATCH gives a row for an empty match; leave those out by a measure: COUNT(*) AS n, and WHERE n > 0.");
    }
  }

  /// Behind the frame of a window.
  static void requireNoRowsPerMatch(Token next) {
    if (next.kind == GrammarConstants.ONE || next.kind == GrammarConstants.ALL) {
      throw SyntaxErrors.invalid(
          clause(next) + " is not allowed in a row pattern of a window",
          Nodes.span(next),
          "Every row of the input is given once; use MATCH_RECOGNIZE in FROM for other forms.");
    }
  }

  /// Behind the closing parenthesis.
  static void requireOther(Token next) {
    if (next.kind == GrammarConstants.MATCH_RECOGNIZE) {
      throw SyntaxErrors.invalid(
          "the input of MATCH_RECOGNIZE cannot be MATCH_RECOGNIZE itself",
          Nodes.span(next),
          "Write a sub-query: FROM (SELECT * FROM t MATCH_RECOGNIZE (...)) MATCH_RECOGNIZE (...).");
    }
  }

  /// RUNNING and FINAL are no columns.
  private static void requireCall(Token last, Token next) {
    if ((Ahead.isUnquoted(last, "final") || Ahead.isUnquoted(last, "running"))
        && Ahead.isWord(next)) {
      String word = last.image.toUpperCase(Locale.ROOT);
      throw SyntaxErrors.invalid(
          word + " applies only to FIRST, LAST and aggregate functions",
          Nodes.span(last),
          "Write " + word + " LAST(variable.column).");
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
