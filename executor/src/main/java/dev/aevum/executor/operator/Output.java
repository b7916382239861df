package dev.aevum.executor.operator;

import dev.aevum.model.batch.DeltaBatch;

/// Where an operator's output goes.
@FunctionalInterface
public interface Output {
  /// Gives the batch away. Batches without rows are allowed and do nothing.
  void emit(DeltaBatch batch);
}
