package dev.aevum.executor.expression;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.Gather;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import java.util.Arrays;

/// A column of an enclosing correlation's current row, repeated.
record OuterExpression(int correlation, int index) implements VectorExpression {
  @Override
  public Column evaluate(EvaluationContext context, DeltaBatch batch, Selection rows) {
    int[] same = new int[rows.size()];
    Arrays.fill(same, context.outerRow(correlation));
    Column source = context.outerColumn(correlation, index);
    return Gather.gather(context.allocator(), source, same, same.length);
  }
}
