package dev.aevum.executor.expression;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.Gather;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;

record ColumnExpression(int index) implements VectorExpression {
  @Override
  public Column evaluate(EvaluationContext context, DeltaBatch batch, Selection rows) {
    return Gather.gather(context.allocator(), batch.column(index), rows);
  }
}
