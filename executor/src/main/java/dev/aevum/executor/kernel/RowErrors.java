package dev.aevum.executor.kernel;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import java.util.Collection;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The first error of each row of the batch under evaluation. Kernels report and go on with NULL
/// for that row; whoever evaluates decides afterwards: an ad-hoc statement fails with the error of
/// the lowest row ([#throwFirst]), a view routes the rows to its error relation. Objects are made
/// for failing rows only. Not thread-safe; cleared by the evaluator per batch.
public final class RowErrors {
  private final TreeMap<Integer, RowError> byRow = new TreeMap<>();

  public void report(int row, ErrorCode code, String message) {
    byRow.putIfAbsent(row, new RowError(row, code, message, null, null));
  }

  public void report(int row, SqlException error) {
    byRow.putIfAbsent(
        row, new RowError(row, error.code(), error.text(), error.detail(), error.hint()));
  }

  public boolean isEmpty() {
    return byRow.isEmpty();
  }

  public int size() {
    return byRow.size();
  }

  public boolean has(int row) {
    return byRow.containsKey(row);
  }

  public @Nullable RowError at(int row) {
    return byRow.get(row);
  }

  /// In ascending order of rows.
  public Collection<RowError> all() {
    return byRow.values();
  }

  public void throwFirst() {
    if (!byRow.isEmpty()) {
      throw byRow.firstEntry().getValue().toException();
    }
  }

  public void clear() {
    byRow.clear();
  }
}
