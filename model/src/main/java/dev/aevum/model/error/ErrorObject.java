package dev.aevum.model.error;

import org.jspecify.annotations.Nullable;

/// What a constraint's error is about, so that drivers need not read the message: PostgreSQL's
/// error fields `s`, `t`, `c` and `n`
/// (<https://www.postgresql.org/docs/current/protocol-error-fields.html>).
///
/// @param schema of the table
/// @param table whose constraint is violated
/// @param column whose it is, for NOT NULL
/// @param constraint its name, for keys
public record ErrorObject(
    String schema, String table, @Nullable String column, @Nullable String constraint) {

  public static ErrorObject column(String schema, String table, String column) {
    return new ErrorObject(schema, table, column, null);
  }

  public static ErrorObject constraint(String schema, String table, String constraint) {
    return new ErrorObject(schema, table, null, constraint);
  }
}
