package dev.aevum.executor.query;

import dev.aevum.model.batch.DeltaBatch;
import org.jspecify.annotations.Nullable;

/// Rows of a plan node, pulled. A row of weight n counts as n rows; weights are never negative. One
/// thread.
public interface RowSource extends AutoCloseable {
  /// The next batch, given to the caller; null at the end. May be empty of rows.
  @Nullable DeltaBatch next();

  @Override
  void close();
}
