package dev.aevum.executor.query;

import dev.aevum.model.batch.Column;
import java.util.List;

/// The rows of stored and system relations as the statement sees them. Implemented by the engine
/// over one version of the contents and the transaction's own writes.
public interface RelationReader {
  /// Columns `columns` of all rows; with a non-empty `keyPrefix` (columns of one row each, the
  /// values of the first key columns) of the rows with that key only. Batches may carry weights.
  RowSource read(int relation, List<Integer> columns, List<Column> keyPrefix);
}
