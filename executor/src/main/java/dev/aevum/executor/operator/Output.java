package dev.aevum.executor.operator;

import dev.aevum.model.batch.DeltaBatch;

/// Where an operator's output goes: to one input of another operator, or to several where equal
/// parts of a plan are shared; each sees every batch, in the same order.
@FunctionalInterface
public interface Output {
  /// Gives the batch away. Batches without rows are allowed and do nothing.
  void emit(DeltaBatch batch);
}
