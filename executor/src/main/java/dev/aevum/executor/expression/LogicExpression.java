package dev.aevum.executor.expression;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.Scatter;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.type.SimpleType;
import java.util.List;

/// AND and OR. An operand that cannot fail is evaluated on all rows and combined by words; one that
/// may is evaluated only where the operands before it have not decided.
final class LogicExpression implements VectorExpression {
  private final boolean conjunction;
  private final VectorExpression[] operands;
  private final boolean[] lazy;

  LogicExpression(boolean conjunction, List<VectorExpression> operands, boolean[] lazy) {
    this.conjunction = conjunction;
    this.operands = operands.toArray(VectorExpression[]::new);
    this.lazy = lazy;
  }

  @Override
  public Column evaluate(EvaluationContext context, DeltaBatch batch, Selection rows) {
    Column sofar = operands[0].evaluate(context, batch, rows);
    try {
      for (int i = 1; i < operands.length; i++) {
        Column next =
            lazy[i]
                ? undecided(context, batch, rows, sofar, operands[i])
                : operands[i].evaluate(context, batch, rows);
        try (next) {
          Column combined = BooleanColumns.combine(context, sofar, next, conjunction);
          sofar.close();
          sofar = combined;
        }
      }
      return sofar.retain();
    } finally {
      sofar.close();
    }
  }

  /// The operand where it matters, NULL elsewhere (a decided side outweighs NULL).
  private Column undecided(
      EvaluationContext context,
      DeltaBatch batch,
      Selection rows,
      Column sofar,
      VectorExpression operand) {
    int[] positions = new int[rows.size()];
    int count =
        conjunction
            ? BooleanColumns.positionsOfTrueOrNull(sofar, positions)
            : BooleanColumns.positionsOfFalse(sofar, true, positions);
    if (count == rows.size()) {
      return operand.evaluate(context, batch, rows);
    }
    try (Scatter merged = new Scatter(context.allocator(), SimpleType.BOOLEAN, rows.size())) {
      if (count > 0) {
        try (Column part = operand.evaluate(context, batch, rows.narrow(positions, count))) {
          merged.put(part, positions, count);
        }
      }
      return merged.finish();
    }
  }
}
