package dev.aevum.testing.reference;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.SqlType;

/// Errors of expressions, worded as PostgreSQL's.
final class ReferenceErrors {
  private ReferenceErrors() {}

  static SqlException outOfRange(SqlType type) {
    return new SqlException(
        ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE, type.displayName() + " out of range");
  }

  static SqlException divisionByZero() {
    return new SqlException(ErrorCode.DIVISION_BY_ZERO, "division by zero");
  }

  static SqlException overflow() {
    return new SqlException(ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE, "value out of range: overflow");
  }

  static SqlException underflow() {
    return new SqlException(ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE, "value out of range: underflow");
  }

  static SqlException timestampOutOfRange() {
    return new SqlException(ErrorCode.DATETIME_FIELD_OVERFLOW, "timestamp out of range");
  }

  static SqlException dateOutOfRange() {
    return new SqlException(ErrorCode.DATETIME_FIELD_OVERFLOW, "date out of range");
  }

  static SqlException intervalOutOfRange() {
    return new SqlException(ErrorCode.DATETIME_FIELD_OVERFLOW, "interval out of range");
  }

  static IllegalArgumentException unknown(String what) {
    return new IllegalArgumentException("the reference evaluator does not know " + what);
  }
}
