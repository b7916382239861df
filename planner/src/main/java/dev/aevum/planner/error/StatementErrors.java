package dev.aevum.planner.error;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SourceSpan;
import dev.aevum.model.error.SqlException;
import org.jspecify.annotations.Nullable;

/// Statements whose parts do not go together, or that are not supported.
public final class StatementErrors {
  private StatementErrors() {}

  public static SqlException of(ErrorCode code, String message, @Nullable SourceSpan span) {
    return new SqlException(code, message, null, null, span, null);
  }

  public static SqlException syntax(String message, @Nullable SourceSpan span) {
    return of(ErrorCode.SYNTAX_ERROR, message, span);
  }

  public static SqlException unsupported(String what, @Nullable SourceSpan span) {
    return of(ErrorCode.FEATURE_NOT_SUPPORTED, what + " is not supported", span);
  }

  /// A construct that works ad hoc but has no incremental form.
  public static SqlException notInView(String construct, @Nullable SourceSpan span) {
    return new SqlException(
        ErrorCode.FEATURE_NOT_SUPPORTED,
        construct + " is not supported in a materialized view",
        null,
        "Use it in the query that reads the view, or in a plain view (CREATE VIEW).",
        span,
        null);
  }

  public static SqlException ungrouped(String column, @Nullable SourceSpan span) {
    return of(
        ErrorCode.GROUPING_ERROR,
        "column \""
            + column
            + "\" must appear in the GROUP BY clause or be used in an aggregate function",
        span);
  }

  public static SqlException aggregateNotAllowed(String where, @Nullable SourceSpan span) {
    return of(ErrorCode.GROUPING_ERROR, "aggregate functions are not allowed in " + where, span);
  }

  public static SqlException windowNotAllowed(String where, @Nullable SourceSpan span) {
    return of(ErrorCode.WINDOWING_ERROR, "window functions are not allowed in " + where, span);
  }

  public static SqlException setReturningNotAllowed(String where, @Nullable SourceSpan span) {
    return of(
        ErrorCode.FEATURE_NOT_SUPPORTED,
        "set-returning functions are not allowed in " + where,
        span);
  }

  public static SqlException notWindowFunction(String name, @Nullable SourceSpan span) {
    return of(
        ErrorCode.WINDOWING_ERROR, "window function " + name + " requires an OVER clause", span);
  }
}
