package dev.aevum.executor.expression;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;

/// A compiled expression. Holds constants and caches of its kernels: belongs to one thread.
@FunctionalInterface
public interface VectorExpression {
  /// One value per selected row, by position. The batch is borrowed, the column is given away (it
  /// may be a retained column of the batch). Rows that fail are reported to `context.errors()` and
  /// are NULL.
  Column evaluate(EvaluationContext context, DeltaBatch batch, Selection rows);
}
