package dev.aevum.engine.session;

import dev.aevum.executor.query.Batches;
import dev.aevum.executor.query.QueryContext;
import dev.aevum.model.batch.DeltaBatch;

/// What one execution of a statement holds: its snapshot of the contents and its evaluation
/// context.
record StatementRun(QueryContext context, SnapshotReader reader) implements AutoCloseable {
  /// The same rows without weights, heavier ones repeated; takes the batch over.
  DeltaBatch expand(DeltaBatch batch) {
    return Batches.expand(context.evaluation().allocator(), batch);
  }

  @Override
  public void close() {
    reader.close();
  }
}
