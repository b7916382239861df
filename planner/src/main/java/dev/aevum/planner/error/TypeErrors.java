package dev.aevum.planner.error;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SourceSpan;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.SqlType;
import org.jspecify.annotations.Nullable;

/// Types that do not fit.
public final class TypeErrors {
  private TypeErrors() {}

  public static SqlException cannotCast(SqlType from, SqlType to, @Nullable SourceSpan span) {
    return new SqlException(
        ErrorCode.CANNOT_COERCE,
        "cannot cast type " + from.displayName() + " to " + to.displayName(),
        null,
        null,
        span,
        null);
  }

  public static SqlException cannotAssign(
      String column, SqlType columnType, SqlType type, @Nullable SourceSpan span) {
    return new SqlException(
        ErrorCode.DATATYPE_MISMATCH,
        "column \""
            + column
            + "\" is of type "
            + columnType.displayName()
            + " but expression is of type "
            + type.displayName(),
        null,
        "You will need to rewrite or cast the expression.",
        span,
        null);
  }

  /// `construct`: CASE, COALESCE, UNION, VALUES, ARRAY, IN, ...
  public static SqlException cannotMatch(
      String construct, SqlType left, SqlType right, @Nullable SourceSpan span) {
    return new SqlException(
        ErrorCode.DATATYPE_MISMATCH,
        construct
            + " types "
            + left.displayName()
            + " and "
            + right.displayName()
            + " cannot be matched",
        null,
        null,
        span,
        null);
  }

  /// `argument of WHERE must be type boolean, not type integer`.
  public static SqlException mustBe(
      String construct, SqlType expected, SqlType actual, @Nullable SourceSpan span) {
    return new SqlException(
        ErrorCode.DATATYPE_MISMATCH,
        "argument of "
            + construct
            + " must be type "
            + expected.displayName()
            + ", not type "
            + actual.displayName(),
        null,
        null,
        span,
        null);
  }

  public static SqlException indeterminateParameter(int number, @Nullable SourceSpan span) {
    return new SqlException(
        ErrorCode.INDETERMINATE_DATATYPE,
        "could not determine data type of parameter $" + number,
        null,
        null,
        span,
        null);
  }

  public static SqlException inconsistentParameter(
      int number, SqlType first, SqlType second, @Nullable SourceSpan span) {
    return new SqlException(
        ErrorCode.AMBIGUOUS_PARAMETER,
        "inconsistent types deduced for parameter $" + number,
        first.displayName() + " versus " + second.displayName(),
        null,
        span,
        null);
  }
}
