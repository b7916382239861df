package dev.aevum.testing.reference;

import dev.aevum.model.batch.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a query yields: its rows (a multiset, in order where the plan sorts) and the errors of rows
/// that have none.
public record ReferenceResult(
    Schema schema, List<List<@Nullable Object>> rows, List<RowFailure> errors) {
  /// A row (or group, or pair of rows) whose evaluation failed.
  public record RowFailure(String sqlState, String message, List<@Nullable Object> row) {}
}
