package dev.aevum.engine.session;

import dev.aevum.executor.kernel.Gather;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.executor.query.QueryContext;
import dev.aevum.model.batch.DeltaBatch;

/// What one execution of a statement holds: its snapshot of the contents and its evaluation
/// context.
record StatementRun(QueryContext context, SnapshotReader reader) implements AutoCloseable {
  /// The same rows without weights, heavier ones repeated; takes the batch over.
  DeltaBatch expand(DeltaBatch batch) {
    if (batch.weights() == null) {
      return batch;
    }
    try (batch) {
      int total = 0;
      for (int i = 0; i < batch.rows(); i++) {
        total = Math.addExact(total, Math.toIntExact(batch.weightAt(i)));
      }
      int[] rows = new int[total];
      int at = 0;
      for (int i = 0; i < batch.rows(); i++) {
        for (long n = batch.weightAt(i); n > 0; n--) {
          rows[at++] = i;
        }
      }
      dev.aevum.model.batch.Column[] columns =
          new dev.aevum.model.batch.Column[batch.columnCount()];
      Selection selection = Selection.of(rows, total);
      for (int i = 0; i < columns.length; i++) {
        columns[i] = Gather.gather(context.evaluation().allocator(), batch.column(i), selection);
      }
      return new DeltaBatch(total, columns, null);
    }
  }

  @Override
  public void close() {
    reader.close();
  }
}
