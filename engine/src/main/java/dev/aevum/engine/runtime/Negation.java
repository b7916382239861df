package dev.aevum.engine.runtime;

import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/// The opposite of a change.
final class Negation {
  private Negation() {}

  /// The batch with its weights turned round; takes it over.
  static DeltaBatch of(DeltaBatch batch, BufferAllocator allocator) {
    try (batch) {
      ArrowBuf weights = allocator.buffer(Math.max(8L, 8L * batch.rows()));
      for (int row = 0; row < batch.rows(); row++) {
        weights.setLong(8L * row, -batch.weightAt(row));
      }
      Column[] columns = new Column[batch.columnCount()];
      for (int i = 0; i < columns.length; i++) {
        columns[i] = batch.column(i).retain();
      }
      return new DeltaBatch(batch.rows(), columns, weights);
    }
  }
}
