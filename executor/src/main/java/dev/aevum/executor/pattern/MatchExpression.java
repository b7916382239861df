package dev.aevum.executor.pattern;

import dev.aevum.executor.expression.ExpressionCompiler;
import dev.aevum.executor.expression.VectorExpression;
import dev.aevum.executor.function.FunctionRegistry;
import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.executor.waiting.RowStore;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.MatchOperand;
import java.util.List;

/// An expression over operands. One thread.
final class MatchExpression {
  private final List<OperandEvaluation> operands;
  private final VectorExpression expression;

  MatchExpression(Expr expression, List<OperandEvaluation> operands, FunctionRegistry registry) {
    this.operands = operands;
    this.expression =
        ExpressionCompiler.compile(
            expression,
            operands.stream().map(OperandEvaluation::operand).map(MatchOperand::type).toList(),
            registry);
  }

  /// A value for each of `rows`; the caller owns the column. Errors go to the context under the
  /// position in `rows`.
  Column evaluate(EvaluationContext context, RowStore store, MatchFrames frames, FrameRows rows) {
    Column[] columns = new Column[operands.size()];
    int made = 0;
    try {
      for (; made < columns.length; made++) {
        columns[made] = operands.get(made).evaluate(context, store, frames, rows);
      }
    } catch (RuntimeException | Error e) {
      for (int i = 0; i < made; i++) {
        columns[i].close();
      }
      throw e;
    }
    try (DeltaBatch batch = new DeltaBatch(rows.count(), columns, null)) {
      return expression.evaluate(context, batch, Selection.all(rows.count()));
    }
  }
}
