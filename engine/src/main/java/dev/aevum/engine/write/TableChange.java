package dev.aevum.engine.write;

import dev.aevum.model.batch.DeltaBatch;

/// Changes of one table or stream by one statement: all columns of the relation in order; weights
/// absent for pure inserts. Owned by whoever holds the record; [#close] frees the batch.
public record TableChange(int relation, DeltaBatch batch) implements AutoCloseable {
  @Override
  public void close() {
    batch.close();
  }
}
