package dev.aevum.planner.error;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SourceSpan;
import dev.aevum.model.error.SqlException;
import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What is wrong with a MATCH_RECOGNIZE clause.
public final class PatternErrors {
  private PatternErrors() {}

  private static SqlException error(
      ErrorCode code, String message, @Nullable String hint, @Nullable SourceSpan span) {
    return new SqlException(code, message, null, hint, span, null);
  }

  private static SqlException rule(
      String message, @Nullable String hint, @Nullable SourceSpan span) {
    return error(ErrorCode.SYNTAX_ERROR, message, hint, span);
  }

  /// For a function that only row patterns have, used elsewhere.
  static @Nullable String hintOutside(String function) {
    @Nullable String other =
        switch (function) {
          case "prev" -> "lag(...) OVER (...)";
          case "next" -> "lead(...) OVER (...)";
          case "first" -> "first_value(...) OVER (...)";
          case "last" -> "last_value(...) OVER (...)";
          case "classifier",
              "match_number",
              "match_rowtime",
              "match_timed_out",
              "running",
              "final" ->
              "";
          default -> null;
        };
    if (other == null) {
      return null;
    }
    String name = function.toUpperCase(Locale.ROOT);
    return name
        + " is known in MEASURES and DEFINE of MATCH_RECOGNIZE only"
        + (other.isEmpty() ? "." : "; elsewhere there is " + other + ".");
  }

  // Names.

  public static SqlException unknownVariable(
      String name, Collection<String> candidates, @Nullable String otherHint, SourceSpan span) {
    String hint =
        NameErrors.closest(name, candidates)
            .map(c -> "Perhaps you meant the variable \"" + c + "\".")
            .orElse(otherHint);
    return error(
        ErrorCode.UNDEFINED_OBJECT,
        "row pattern variable \"" + name + "\" does not exist",
        hint,
        span);
  }

  /// `where`: DEFINE, SUBSET, AFTER MATCH SKIP.
  public static SqlException notInPattern(
      String name, String where, Collection<String> candidates, SourceSpan span) {
    return unknownVariable(
            name,
            candidates,
            "Variables of " + where + " must be in PATTERN" + suffix(where) + ".",
            span)
        .withDetail(where + " names a variable that is not in PATTERN.");
  }

  private static String suffix(String where) {
    return where.equals("AFTER MATCH SKIP") ? " or SUBSET" : "";
  }

  public static SqlException definedTwice(String name, SourceSpan span) {
    return error(
        ErrorCode.DUPLICATE_ALIAS,
        "row pattern variable \"" + name + "\" is defined more than once",
        null,
        span);
  }

  public static SqlException definedUnion(String name, SourceSpan span) {
    return error(
        ErrorCode.WRONG_OBJECT_TYPE,
        "\"" + name + "\" is a union of SUBSET and cannot be defined",
        "Define the variables that it unites.",
        span);
  }

  public static SqlException unionTwice(String name, SourceSpan span) {
    return error(
        ErrorCode.DUPLICATE_ALIAS,
        "SUBSET \"" + name + "\" is specified more than once",
        null,
        span);
  }

  public static SqlException unionIsVariable(String name, SourceSpan span) {
    return error(
        ErrorCode.DUPLICATE_ALIAS,
        "SUBSET \"" + name + "\" has the name of a variable of the pattern",
        null,
        span);
  }

  public static SqlException unionOfUnion(String name, SourceSpan span) {
    return error(
        ErrorCode.WRONG_OBJECT_TYPE,
        "\"" + name + "\" is itself a union of SUBSET",
        "A union lists variables of PATTERN only.",
        span);
  }

  public static SqlException memberTwice(String name, SourceSpan span) {
    return error(
        ErrorCode.DUPLICATE_ALIAS, "SUBSET lists \"" + name + "\" more than once", null, span);
  }

  public static SqlException unionInPattern(String name, SourceSpan span) {
    return unionIsVariable(name, span);
  }

  public static SqlException measureTwice(String name, SourceSpan span) {
    return error(
        ErrorCode.DUPLICATE_COLUMN,
        "measure \"" + name + "\" is specified more than once",
        null,
        span);
  }

  public static SqlException measureIsColumn(String name, SourceSpan span) {
    return error(
        ErrorCode.DUPLICATE_COLUMN,
        "measure \"" + name + "\" has the name of a column that is in the result, too",
        "Give the measure another name.",
        span);
  }

  public static SqlException notAColumn(String clause, @Nullable SourceSpan span) {
    return rule(
        clause + " of MATCH_RECOGNIZE must name columns of its input",
        "Compute the value in a sub-query: FROM (SELECT *, expression AS x FROM t) MATCH_RECOGNIZE (...).",
        span);
  }

  // Patterns.

  public static SqlException emptyBounds(int min, int max, SourceSpan span) {
    return rule(
        max == 0
            ? "the upper bound of a quantifier must be at least 1"
            : "the lower bound "
                + min
                + " of the quantifier is greater than its upper bound "
                + max,
        max == 0 ? "Use () for a pattern that matches no row." : null,
        span);
  }

  public static SqlException tooManyPermutations(int parts, int limit, SourceSpan span) {
    return error(
        ErrorCode.PROGRAM_LIMIT_EXCEEDED,
        "PERMUTE of " + parts + " patterns; at most " + limit + " are supported",
        null,
        span);
  }

  public static SqlException exclusionWithUnmatched(SourceSpan span) {
    return rule(
        "an exclusion {- -} cannot be used with ALL ROWS PER MATCH WITH UNMATCHED ROWS",
        "Leave out WITH UNMATCHED ROWS, or the exclusion.",
        span);
  }

  // Time.

  public static SqlException withinNeedsTime(String clause, @Nullable SourceSpan span) {
    return rule(
        clause + " needs ORDER BY to start with an ascending timestamp",
        "The first column of ORDER BY must be of type timestamp or timestamptz, ascending: it is the time of a row.",
        span);
  }

  public static SqlException withinNotPositive(@Nullable SourceSpan span) {
    return error(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "the interval of WITHIN must not be negative",
        null,
        span);
  }

  public static SqlException timeoutsNeedWithin(SourceSpan span) {
    return rule(
        "SHOW TIMEOUT MATCHES needs WITHIN",
        "Say after which time a match that was begun is given up: PATTERN (...) WITHIN INTERVAL '10 minutes' SHOW TIMEOUT MATCHES.",
        span);
  }

  // Expressions.

  public static SqlException subquery(String clause, @Nullable SourceSpan span) {
    return error(
        ErrorCode.FEATURE_NOT_SUPPORTED,
        "subqueries are not allowed in " + clause + " of MATCH_RECOGNIZE",
        "Join the value to the input first: FROM (SELECT ... FROM t JOIN u ...) MATCH_RECOGNIZE (...).",
        span);
  }

  public static SqlException finalInDefine(SourceSpan span) {
    return rule(
        "FINAL is not allowed in DEFINE",
        "While rows are matched the end of the match is not known; DEFINE sees the match up to the current row (RUNNING).",
        span);
  }

  public static SqlException notRunnable(String word, SourceSpan span) {
    return rule(word + " applies only to FIRST, LAST and aggregate functions", null, span);
  }

  public static SqlException onlyInMeasures(String function, SourceSpan span) {
    return rule(function + " is allowed only in MEASURES", null, span);
  }

  public static SqlException nested(String inner, String outer, SourceSpan span) {
    boolean physical = inner.equals("PREV") || inner.equals("NEXT");
    boolean logical = inner.equals("FIRST") || inner.equals("LAST");
    boolean physicalOuter = outer.equals("PREV") || outer.equals("NEXT");
    String hint =
        physical && !physicalOuter && (outer.equals("FIRST") || outer.equals("LAST"))
            ? "Write it the other way round: " + inner + "(" + outer + "(...))."
            : logical && physicalOuter
                ? "Inside of " + outer + " it must be the whole argument."
                : null;
    return rule(inner + " cannot be used inside of " + outer, hint, span);
  }

  public static SqlException nestedAggregate(SourceSpan span) {
    return error(ErrorCode.GROUPING_ERROR, "aggregate function calls cannot be nested", null, span);
  }

  public static SqlException mixedVariables(
      String function, String first, String second, @Nullable SourceSpan span) {
    return rule(
        "the argument of " + function + " mixes rows of " + shown(first) + " and " + shown(second),
        "All columns in one call must be qualified by the same variable, or all by none; SUBSET names a union of variables.",
        span);
  }

  private static String shown(String variable) {
    return variable.isEmpty() ? "all variables" : "variable \"" + variable + "\"";
  }

  public static SqlException noColumn(String function, @Nullable SourceSpan span) {
    return rule(
        "the argument of " + function + " must contain a column or CLASSIFIER()", null, span);
  }

  public static SqlException offset(String function, @Nullable SourceSpan span) {
    return error(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "the offset of " + function + " must be a constant integer that is not negative",
        null,
        span);
  }

  public static SqlException argumentCount(String function, String form, SourceSpan span) {
    return rule(function + " takes " + form, null, span);
  }

  public static SqlException variableAsValue(String name, @Nullable SourceSpan span) {
    return error(
        ErrorCode.UNDEFINED_COLUMN,
        "\"" + name + "\" is a row pattern variable, not a column",
        "Write " + name + ".column for a value of its last row.",
        span);
  }

  public static SqlException starOutsideCount(@Nullable SourceSpan span) {
    return rule("variable.* is allowed only as the argument of COUNT", null, span);
  }

  // Windows.

  public static SqlException notInWindow(String what, @Nullable SourceSpan span) {
    return rule(
        what + " is not allowed in a row pattern of a window",
        "Use MATCH_RECOGNIZE in FROM, where it is.",
        span);
  }

  /// `what` is wrong with the frame.
  public static SqlException frame(String what, @Nullable SourceSpan span) {
    return error(
        ErrorCode.WINDOWING_ERROR,
        what,
        "A row pattern needs ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING, or AND n FOLLOWING.",
        span);
  }

  public static SqlException withinAndFrame(String other, @Nullable SourceSpan span) {
    return error(
        ErrorCode.FEATURE_NOT_SUPPORTED,
        "WITHIN together with " + other + " is not supported",
        "Use WITHIN with ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING and INITIAL.",
        span);
  }

  public static SqlException unknownMeasure(
      String name, String window, Collection<String> candidates, @Nullable SourceSpan span) {
    String hint =
        NameErrors.closest(name, candidates)
            .map(c -> "Perhaps you meant the measure \"" + c + "\".")
            .orElse(
                candidates.isEmpty()
                    ? "The window has no MEASURES."
                    : "MEASURES of the window names the values that there are.");
    return error(
        ErrorCode.UNDEFINED_COLUMN,
        "measure \"" + name + "\" of " + window + " does not exist",
        hint,
        span);
  }

  public static SqlException noPattern(String name, String window, @Nullable SourceSpan span) {
    return error(
        ErrorCode.WINDOWING_ERROR,
        "\"" + name + "\" cannot be a measure: " + window + " has no row pattern",
        "MEASURES and PATTERN in the window's definition make measures; functions are called: f(...) OVER w.",
        span);
  }

  public static SqlException qualifiedMeasure(@Nullable SourceSpan span) {
    return rule("a measure has no qualifier", "Write measure OVER window.", span);
  }

  public static SqlException notOverPattern(String function, @Nullable SourceSpan span) {
    return error(
        ErrorCode.WINDOWING_ERROR,
        function + " cannot be used over a window with a row pattern",
        "Aggregates, first_value, last_value and nth_value look at the rows of the match; for others use a window without a pattern.",
        span);
  }

  public static SqlException position(@Nullable SourceSpan span) {
    return error(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "the position of nth_value over a row pattern must be a constant integer greater than zero",
        null,
        span);
  }

  public static SqlException nestedWindows(@Nullable SourceSpan span) {
    return error(ErrorCode.WINDOWING_ERROR, "window function calls cannot be nested", null, span);
  }

  public static SqlException groupedPattern(@Nullable SourceSpan span) {
    return error(
        ErrorCode.FEATURE_NOT_SUPPORTED,
        "a row pattern in a window of a query with GROUP BY or aggregates is not supported",
        "Group in a sub-query: SELECT ... FROM (SELECT ... GROUP BY ...) WINDOW w AS (...).",
        span);
  }

  // Views.

  public static SqlException orderMissing(@Nullable SourceSpan span) {
    return error(
        ErrorCode.INVALID_TABLE_DEFINITION,
        "MATCH_RECOGNIZE over a stream needs ORDER BY",
        "Order by the stream's time column.",
        span);
  }

  public static SqlException notByTime(String column, @Nullable SourceSpan span) {
    return error(
        ErrorCode.INVALID_TABLE_DEFINITION,
        "ORDER BY of MATCH_RECOGNIZE over a stream must start with its time column, ascending",
        "Order by \""
            + column
            + "\" first, or write EMIT ON UPDATE: then matches change as rows arrive.",
        span);
  }

  public static SqlException notFinal(@Nullable SourceSpan span) {
    return error(
        ErrorCode.INVALID_TABLE_DEFINITION,
        "EMIT ON WINDOW CLOSE needs MATCH_RECOGNIZE over an append-only input with a watermark",
        "Order by a time column with a watermark, or leave out EMIT ON WINDOW CLOSE: matches are then revised.",
        span);
  }
}
