package dev.aevum.executor.expression;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import java.util.List;

/// Rows where a predicate is TRUE. The operands of a conjunction are taken one after the other,
/// each on the rows that the ones before it left, as PostgreSQL does in WHERE.
public final class Filter {
  private final VectorExpression[] conjuncts;

  Filter(List<VectorExpression> conjuncts) {
    this.conjuncts = conjuncts.toArray(VectorExpression[]::new);
  }

  /// The rows among `rows` where every conjunct is TRUE, in the same order. Rows that fail are
  /// reported and not selected.
  public Selection select(EvaluationContext context, DeltaBatch batch, Selection rows) {
    Selection left = rows;
    for (VectorExpression conjunct : conjuncts) {
      if (left.isEmpty()) {
        return left;
      }
      try (Column column = conjunct.evaluate(context, batch, left)) {
        int[] positions = new int[left.size()];
        int count = BooleanColumns.positionsOfTrue(column, positions);
        left = count == left.size() ? left : left.narrow(positions, count);
      }
    }
    return left;
  }
}
