package dev.aevum.planner.bind;

import dev.aevum.model.batch.Field;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.type.IntervalValue;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.parser.tree.ArgumentNode;
import dev.aevum.parser.tree.FunctionCallNode;
import dev.aevum.parser.tree.TableArgumentNode;
import dev.aevum.planner.error.StatementErrors;
import dev.aevum.planner.plan.QueryPlan.ColumnOrigin;
import dev.aevum.planner.plan.function.SequenceSignature;
import dev.aevum.planner.plan.function.SequenceSignature.Kind;
import dev.aevum.planner.plan.function.SequenceSignature.Option;
import dev.aevum.planner.rel.Extension;
import dev.aevum.planner.rel.Rels;
import dev.aevum.planner.rex.Rex;
import dev.aevum.planner.rex.Scalar;
import dev.aevum.planner.type.RowType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlNode;

/// `FORECAST(TABLE data PARTITION BY k ORDER BY ts, value => DESCRIPTOR(v), step => INTERVAL '1
/// hour', horizon => 24 [, option => ...])`: the present forecasts, a row for each key and step
/// ahead. The sequence function of that name gives arrays; a node of its own makes rows of them and
/// replaces those of the key.
final class ForecastTableBinder {
  private static final String FORECAST = "forecast";

  /// What the rows can be told; the rest is for the function.
  private static final SequenceSignature ROWS =
      new SequenceSignature(
          FORECAST,
          1,
          1,
          List.of(),
          List.of(
              new Option(
                  "emit_every",
                  Kind.INTERVAL,
                  0,
                  0,
                  List.of(),
                  "none",
                  "forecasts of a key are made anew only so much event time after the last ones"),
              new Option(
                  "history", Kind.BOOLEAN, 0, 0, List.of(), "false", "past forecasts are kept")),
          "");

  /// The function's results that rows are made of.
  private static final List<String> RESULTS =
      List.of("made_at", "forecast", "lower", "upper", "model", "step_rows");

  private final FromBinder from;
  private final BindContext context;

  ForecastTableBinder(FromBinder from) {
    this.from = from;
    this.context = from.context();
  }

  FromItem bind(FunctionCallNode call) {
    TableArgumentNode table = (TableArgumentNode) call.arguments().getFirst();
    FromItem data = from.bind(table.data());
    Scope scope = new Scope(context, data.entries(), data.visible(), null);
    ExpressionBinder inner =
        new ExpressionBinder(context, scope, from.environment(), Clause.FROM_FUNCTION);
    List<SqlNode> given = new ArrayList<>();
    List<ArgumentNode> ofRows = new ArrayList<>();
    for (SqlNode argument : call.arguments().subList(1, call.arguments().size())) {
      if (!(argument instanceof ArgumentNode named)) {
        throw StatementErrors.syntax(
            "forecast: arguments after the table are given by name, as value => DESCRIPTOR(v)",
            ExpressionBinder.span(argument));
      }
      if (named.name().equals("value")) {
        given.addAll(0, SequenceTableBinder.columns(named.value()));
      } else if (ROWS.option(named.name()) != null) {
        ofRows.add(named);
      } else {
        given.add(named);
      }
    }
    if (given.isEmpty() || given.getFirst() instanceof ArgumentNode) {
      throw StatementErrors.syntax("forecast needs value => DESCRIPTOR(column)", call.span());
    }
    SequenceSignature signature =
        Objects.requireNonNull(SequenceBinder.find(context, FORECAST), FORECAST);
    SequenceBinder binder = new SequenceBinder(inner, signature, List.of("emit_every", "history"));
    List<RexNode> partition = new ArrayList<>();
    for (SqlNode key : table.partitionBy()) {
      partition.add(inner.coercion().orText(inner.bind(key), ExpressionBinder.span(key)));
    }
    RexNode time = binder.time(table.orderBy(), inner, call.nameSpan());
    RexNode forecast = binder.call(given, partition, time, inner, call.nameSpan());
    return build(
        data,
        partition,
        forecast,
        signature.columns(Rex.type(time)),
        new SequenceOptions(inner, ROWS, List.of()).bind(ofRows),
        call);
  }

  private static long step(RexNode forecast, FunctionCallNode call) {
    Scalar.Sequence sequence = (Scalar.Sequence) Objects.requireNonNull(Rex.scalar(forecast));
    if (sequence.options().get("step") instanceof IntervalValue step) {
      return step.fixedMicros();
    }
    throw StatementErrors.of(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "forecast of a table needs the length of a step: step => INTERVAL '1 hour'",
        call.nameSpan());
  }

  private RexNode attribute(RexNode forecast, List<Field> fields, String name) {
    for (int i = 0; i < fields.size(); i++) {
      Field field = fields.get(i);
      if (field.name().equals(name)) {
        return context
            .rex()
            .call(new Scalar.Attribute(i), field.type(), field.nullable(), List.of(forecast));
      }
    }
    throw new IllegalStateException(name);
  }

  private FromItem build(
      FromItem data,
      List<RexNode> partition,
      RexNode forecast,
      List<Field> fields,
      Map<String, Object> ofRows,
      FunctionCallNode call) {
    Rels rels = context.rels();
    List<RexNode> wanted = new ArrayList<>(partition);
    for (String name : RESULTS) {
      wanted.add(attribute(forecast, fields, name));
    }
    List<String> names = new ArrayList<>();
    List<RelDataType> types = new ArrayList<>();
    for (RexNode key : partition) {
      names.add(
          key instanceof RexInputRef ref
              ? data.rel().getRowType().getFieldNames().get(ref.getIndex())
              : "key" + (names.size() + 1));
      types.add(key.getType());
    }
    OverStage.Result arrays = new SequenceStage(context).apply(data.rel(), wanted);
    List<String> arrayNames = new ArrayList<>(names);
    arrayNames.addAll(RESULTS);
    RelNode input = rels.project(arrays.rel(), arrays.expressions(), arrayNames);
    SqlType time = Rex.type(((RexCall) forecast).getOperands().getLast());
    column(names, types, "made_at", time, false);
    column(names, types, "step", SimpleType.INTEGER, false);
    column(names, types, "target_time", time, false);
    column(names, types, "forecast", SimpleType.DOUBLE, false);
    column(names, types, "lower", SimpleType.DOUBLE, true);
    column(names, types, "upper", SimpleType.DOUBLE, true);
    column(names, types, "model", SimpleType.TEXT, true);
    long every =
        ofRows.get("emit_every") instanceof IntervalValue interval ? interval.fixedMicros() : 0;
    RelNode rel =
        rels.extension(
            new Extension.Forecast(
                partition.size(),
                step(forecast, call),
                every,
                Boolean.TRUE.equals(ofRows.get("history"))),
            List.of(input),
            rels.rowType(types, names));
    List<Scope.Column> columns = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      columns.add(new Scope.Column(names.get(i), i, types.get(i), false, ColumnOrigin.NONE));
    }
    return new FromItem(rel, List.of(new Scope.Entry(null, FORECAST, columns, List.of())), columns);
  }

  private static void column(
      List<String> names, List<RelDataType> types, String name, SqlType type, boolean nullable) {
    names.add(name);
    types.add(new RowType(type, nullable));
  }
}
