package dev.aevum.engine.session;

import dev.aevum.executor.expression.ExpressionCompiler;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.planner.plan.Expr;
import java.util.ArrayList;
import java.util.List;

/// Values of constant expressions, such as the arguments of EXECUTE.
final class ConstantValues {
  private ConstantValues() {}

  /// A column of one row for each expression; the caller closes them.
  static List<Column> evaluate(SessionImpl session, List<Expr> expressions) {
    List<Column> values = new ArrayList<>();
    try (StatementRun run = session.start(List.of());
        DeltaBatch unit = new DeltaBatch(1, new Column[0], null)) {
      for (Expr expression : expressions) {
        values.add(
            ExpressionCompiler.compile(expression, List.of(), session.runtime().functions())
                .evaluate(run.context().evaluation(), unit, Selection.all(1)));
        run.context().evaluation().errors().throwFirst();
      }
      return values;
    } catch (RuntimeException e) {
      values.forEach(Column::close);
      throw e;
    }
  }
}
