package dev.aevum.executor.expression;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.Scatter;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.type.SqlType;
import java.util.List;

/// Each operand on the rows where all before it are NULL.
final class CoalesceExpression implements VectorExpression {
  private final VectorExpression[] operands;
  private final SqlType type;

  CoalesceExpression(List<VectorExpression> operands, SqlType type) {
    this.operands = operands.toArray(VectorExpression[]::new);
    this.type = type;
  }

  @Override
  public Column evaluate(EvaluationContext context, DeltaBatch batch, Selection rows) {
    Column first = operands[0].evaluate(context, batch, rows);
    if (!first.mayHaveNulls() || operands.length == 1) {
      return first;
    }
    try (first;
        Scatter merged = new Scatter(context.allocator(), type, rows.size())) {
      int[] left = Positions.identity(rows.size());
      int count = settle(first, left, left.length, merged);
      for (int i = 1; i < operands.length && count > 0; i++) {
        try (Column next = operands[i].evaluate(context, batch, rows.narrow(left.clone(), count))) {
          count = settle(next, left, count, merged);
        }
      }
      return merged.finish();
    }
  }

  /// Puts the part's values at `left` and keeps in `left` the positions where it is NULL.
  private static int settle(Column part, int[] left, int count, Scatter merged) {
    merged.put(part, left, count);
    int[] nulls = new int[count];
    int nullCount = BooleanColumns.positionsOfNull(part, true, nulls);
    Positions.translate(left, nulls, nullCount);
    System.arraycopy(nulls, 0, left, 0, nullCount);
    return nullCount;
  }
}
