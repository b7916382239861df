package dev.aevum.executor.expression;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.Kernel;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import java.util.List;

/// Evaluates all operands, then the kernel.
final class CallExpression implements VectorExpression {
  private final Kernel kernel;
  private final VectorExpression[] operands;

  CallExpression(Kernel kernel, List<VectorExpression> operands) {
    this.kernel = kernel;
    this.operands = operands.toArray(VectorExpression[]::new);
  }

  @Override
  public Column evaluate(EvaluationContext context, DeltaBatch batch, Selection rows) {
    Column[] columns = new Column[operands.length];
    int made = 0;
    try {
      for (; made < operands.length; made++) {
        columns[made] = operands[made].evaluate(context, batch, rows);
      }
      return kernel.evaluate(context, columns, rows);
    } finally {
      for (int i = 0; i < made; i++) {
        columns[i].close();
      }
    }
  }
}
