package dev.aevum.model.error;

/// Errors of constraints, in PostgreSQL's words and with the fields that its drivers read.
public final class ConstraintErrors {
  private ConstraintErrors() {}

  /// 23502.
  public static SqlException notNull(String schema, String table, String column) {
    return notNull(table, column).about(ErrorObject.column(schema, table, column));
  }

  /// 23502, of a row that no client is told of.
  public static SqlException notNull(String table, String column) {
    return new SqlException(
        ErrorCode.NOT_NULL_VIOLATION,
        "null value in column \""
            + column
            + "\" of relation \""
            + table
            + "\" violates not-null constraint");
  }

  /// 23505, of the constraint that goes by this name.
  public static SqlException duplicateKey(String schema, String table, String constraint) {
    return new SqlException(
            ErrorCode.UNIQUE_VIOLATION,
            "duplicate key value violates unique constraint \"" + constraint + "\"")
        .about(ErrorObject.constraint(schema, table, constraint));
  }
}
