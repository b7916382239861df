package dev.aevum.engine.system;

import dev.aevum.model.batch.Schema;

/// A read-only relation made on demand. `oid` is below 16384 and fixed.
public record SystemRelation(int oid, String schemaName, String name, Schema schema, Rows rows) {
  /// Makes the rows from a snapshot. Values are the carriers of
  /// [dev.aevum.planner.plan.Expr.Literal], null for NULL.
  @FunctionalInterface
  public interface Rows {
    void produce(SystemSnapshot snapshot, RowConsumer out);
  }

  @FunctionalInterface
  public interface RowConsumer {
    /// One value a column, in order.
    void row(@org.jspecify.annotations.Nullable Object... values);
  }
}
