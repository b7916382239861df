package dev.aevum.engine.session;

import dev.aevum.executor.expression.ExpressionCompiler;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.Expr;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlNode;

/// Values of constant expressions, such as the arguments of EXECUTE.
final class ConstantValues {
  private ConstantValues() {}

  /// A column of one row for each expression, cast to the wanted types; the caller closes them.
  static List<Column> evaluate(
      SessionImpl session, List<SqlNode> expressions, List<SqlType> types) {
    if (expressions.size() != types.size()) {
      throw new SqlException(
              ErrorCode.SYNTAX_ERROR, "wrong number of parameters for prepared statement")
          .withDetail(
              "Expected " + types.size() + " parameters but got " + expressions.size() + ".");
    }
    List<Column> values = new ArrayList<>();
    try (StatementRun run = session.start(List.of());
        DeltaBatch unit = new DeltaBatch(1, new Column[0], null)) {
      for (int i = 0; i < types.size(); i++) {
        Expr value =
            session
                .runtime()
                .planner()
                .defaultExpression(
                    expressions.get(i), "$" + (i + 1), types.get(i), session.catalogView());
        values.add(
            ExpressionCompiler.compile(value, List.of(), session.runtime().functions())
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
