package dev.aevum.planner.bind;

import dev.aevum.model.batch.Field;
import dev.aevum.model.batch.Schema;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SourceSpan;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.IntervalValue;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.bind.ExpressionBinder.Environment;
import dev.aevum.planner.error.StatementErrors;
import dev.aevum.planner.plan.QueryPlan.ColumnOrigin;
import dev.aevum.planner.rex.Rex;
import dev.aevum.planner.rex.Scalar;
import dev.aevum.planner.type.RowType;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/// The expressions of CREATE TABLE and CREATE STREAM: defaults and watermarks.
public final class DefinitionBinder {
  /// A watermark expression and how far it stays behind its column.
  public record Watermark(RexNode expression, long delayMicros) {}

  private final BindContext context;

  public DefinitionBinder(StatementBinder statement) {
    this.context = statement.context();
  }

  /// A DEFAULT, cast by assignment to its column's type.
  public RexNode defaultValue(SqlNode expression, String column, SqlType type) {
    Scope scope = Scope.empty(context, null);
    RexNode value =
        new ExpressionBinder(context, scope, Environment.EMPTY, Clause.DEFAULT).bind(expression);
    if (ValuesSubqueries.hasSubquery(value)) {
      throw StatementErrors.of(
          ErrorCode.FEATURE_NOT_SUPPORTED,
          "cannot use subquery in DEFAULT expression",
          ExpressionBinder.span(expression));
    }
    Field field = new Field(column, type, true);
    return InsertSource.assign(context, value, field, expression);
  }

  /// `WATERMARK FOR column AS expression` over the columns of the stream.
  public Watermark watermark(SqlNode expression, int column, Schema schema) {
    List<Scope.Column> columns = new ArrayList<>();
    for (int i = 0; i < schema.size(); i++) {
      Field field = schema.field(i);
      RowType type = new RowType(field.type(), field.nullable());
      columns.add(new Scope.Column(field.name(), i, type, false, ColumnOrigin.NONE));
    }
    SqlType type = schema.type(column);
    @Nullable SourceSpan span = ExpressionBinder.span(expression);
    if (type != SimpleType.TIMESTAMP && type != SimpleType.TIMESTAMPTZ) {
      throw StatementErrors.of(
          ErrorCode.DATATYPE_MISMATCH,
          "a watermark column must be of type timestamp or timestamptz, not " + type.displayName(),
          span);
    }
    Scope.Entry entry = new Scope.Entry(null, "", columns, List.of());
    Scope scope = new Scope(context, List.of(entry), columns, null);
    RexNode value =
        new ExpressionBinder(context, scope, Environment.EMPTY, Clause.WATERMARK).bind(expression);
    if (isColumn(value, column)) {
      return new Watermark(value, 0);
    }
    if (value instanceof RexCall call
        && Rex.scalar(call) instanceof Scalar.Function f
        && f.signature().name().equals("-")
        && call.getOperands().size() == 2
        && isColumn(call.getOperands().get(0), column)
        && Rex.scalar(call.getOperands().get(1)) instanceof Scalar.Constant constant
        && constant.value() instanceof IntervalValue interval) {
      return new Watermark(value, WindowTableBinder.micros(interval, "WATERMARK", expression));
    }
    throw new SqlException(
        ErrorCode.FEATURE_NOT_SUPPORTED,
        "this watermark expression is not supported",
        null,
        "Write the column itself, or the column minus a constant interval: WATERMARK FOR ts AS ts - INTERVAL '4 seconds'.",
        span,
        null);
  }

  private static boolean isColumn(RexNode node, int column) {
    return node instanceof RexInputRef ref && ref.getIndex() == column;
  }
}
