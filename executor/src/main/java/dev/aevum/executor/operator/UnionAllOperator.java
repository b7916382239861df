package dev.aevum.executor.operator;

import dev.aevum.model.batch.DeltaBatch;

/// UNION ALL. **Schema**: that of every input. **Weights**: linear in each input. **State**: none.
public final class UnionAllOperator implements Operator {
  private final OperatorContext context;

  public UnionAllOperator(OperatorContext context) {
    this.context = context;
  }

  @Override
  public void push(int input, DeltaBatch batch) {
    context.output().emit(batch.retain());
  }

  @Override
  public void close() {
    // Holds nothing.
  }
}
