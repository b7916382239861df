package dev.aevum.planner.bind;

import dev.aevum.model.batch.Field;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SourceSpan;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.SimpleType;
import dev.aevum.parser.tree.ArgumentNode;
import dev.aevum.parser.tree.DescriptorNode;
import dev.aevum.parser.tree.FunctionCallNode;
import dev.aevum.parser.tree.TableArgumentNode;
import dev.aevum.planner.error.NameErrors;
import dev.aevum.planner.error.StatementErrors;
import dev.aevum.planner.plan.QueryPlan.ColumnOrigin;
import dev.aevum.planner.plan.function.SequenceSignature;
import dev.aevum.planner.rex.Rex;
import dev.aevum.planner.rex.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/// `DETECT_ANOMALIES(TABLE data PARTITION BY k ORDER BY ts, value => DESCRIPTOR(v) [, option =>
/// ...])` and any sequence function by its own name in that form: the columns of the data, then
/// those of the result. `prefix => 'a_'` renames the result's columns.
final class SequenceTableBinder {
  private static final String DETECT = "detect_anomalies";
  private static final String FORECAST = "forecast";

  private final FromBinder from;
  private final BindContext context;

  SequenceTableBinder(FromBinder from) {
    this.from = from;
    this.context = from.context();
  }

  static boolean takes(BindContext context, FunctionCallNode call) {
    String name = call.name().getLast().toLowerCase(Locale.ROOT);
    boolean known = name.equals(DETECT) || SequenceBinder.find(context, name) != null;
    return known
        && !call.arguments().isEmpty()
        && call.arguments().getFirst() instanceof TableArgumentNode;
  }

  FromItem bind(FunctionCallNode call) {
    String name = call.name().getLast().toLowerCase(Locale.ROOT);
    if (name.equals(FORECAST)) {
      return new ForecastTableBinder(from).bind(call);
    }
    TableArgumentNode table = (TableArgumentNode) call.arguments().getFirst();
    FromItem data = from.bind(table.data());
    Scope scope = new Scope(context, data.entries(), data.visible(), null);
    ExpressionBinder inner =
        new ExpressionBinder(context, scope, from.environment(), Clause.FROM_FUNCTION);
    @Nullable String prefix = null;
    @Nullable SqlNode value = null;
    String function = name.equals(DETECT) ? "anomaly" : name;
    List<SqlNode> options = new ArrayList<>();
    for (SqlNode argument : call.arguments().subList(1, call.arguments().size())) {
      if (!(argument instanceof ArgumentNode named)) {
        throw StatementErrors.syntax(
            call.name().getLast()
                + ": arguments after the table are given by name, as value => DESCRIPTOR(v)",
            ExpressionBinder.span(argument));
      }
      switch (named.name()) {
        case "prefix" -> prefix = text(inner, named);
        case "value" -> value = named.value();
        default -> {
          if (named.name().equals("method") && name.equals(DETECT)) {
            function = text(inner, named);
          } else {
            options.add(named);
          }
        }
      }
    }
    @Nullable SequenceSignature signature = SequenceBinder.find(context, function);
    if (signature == null) {
      throw unknownDetector(function, call.nameSpan());
    }
    if (value == null) {
      throw StatementErrors.syntax(
          call.name().getLast() + " needs value => DESCRIPTOR(column)", call.span());
    }
    SequenceBinder binder =
        new SequenceBinder(
            inner,
            signature,
            name.equals(DETECT) ? List.of("prefix", "method") : List.of("prefix"));
    List<RexNode> partition = new ArrayList<>();
    for (SqlNode key : table.partitionBy()) {
      partition.add(inner.coercion().orText(inner.bind(key), ExpressionBinder.span(key)));
    }
    RexNode time = binder.time(table.orderBy(), inner, call.nameSpan());
    List<SqlNode> given = new ArrayList<>(columns(value));
    given.addAll(options);
    RexNode bound = binder.call(given, partition, time, inner, call.nameSpan());
    return build(data, bound, signature, prefix == null ? "" : prefix, call);
  }

  private SqlException unknownDetector(String function, @Nullable SourceSpan span) {
    List<String> detectors =
        context.catalog().functions().sequences().stream()
            .filter(s -> s.columns().stream().anyMatch(f -> f.name().equals("is_anomaly")))
            .map(SequenceSignature::name)
            .toList();
    return new SqlException(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "there is no detector \"" + function + "\"",
        null,
        "Detectors: " + NameErrors.list(detectors) + ".",
        span,
        null);
  }

  static List<? extends SqlNode> columns(SqlNode value) {
    return value instanceof DescriptorNode descriptor ? descriptor.columns() : List.of(value);
  }

  private static String text(ExpressionBinder inner, ArgumentNode argument) {
    RexNode bound =
        inner
            .coercion()
            .implicit(
                inner.bind(argument.value()), SimpleType.TEXT, ExpressionBinder.span(argument));
    if (ConstantValues.of(bound) instanceof String text) {
      return text;
    }
    throw StatementErrors.of(
        ErrorCode.INVALID_PARAMETER_VALUE,
        argument.name() + " must be a constant text",
        ExpressionBinder.span(argument));
  }

  private FromItem build(
      FromItem data,
      RexNode call,
      SequenceSignature signature,
      String prefix,
      FunctionCallNode at) {
    int width = data.rel().getRowType().getFieldCount();
    List<RexNode> wanted = new ArrayList<>();
    List<Field> fields = signature.columns(Rex.type(((RexCall) call).getOperands().getLast()));
    for (int i = 0; i < fields.size(); i++) {
      Field field = fields.get(i);
      wanted.add(
          context
              .rex()
              .call(new Scalar.Attribute(i), field.type(), field.nullable(), List.of(call)));
    }
    OverStage.Result result = new SequenceStage(context).apply(data.rel(), wanted);
    List<RexNode> projected = new ArrayList<>();
    List<String> names = new ArrayList<>(data.rel().getRowType().getFieldNames());
    for (int i = 0; i < width; i++) {
      projected.add(context.rels().reference(result.rel(), i));
    }
    List<Scope.Column> added = new ArrayList<>();
    for (int i = 0; i < fields.size(); i++) {
      String name = prefix + fields.get(i).name();
      if (data.visible().stream().anyMatch(c -> c.name().equals(name))) {
        throw StatementErrors.of(
            ErrorCode.DUPLICATE_COLUMN,
            "column \""
                + name
                + "\" exists in the data: rename the result's columns with prefix => '...'",
            at.nameSpan());
      }
      RexNode value = result.expressions().get(i);
      projected.add(value);
      names.add(name);
      added.add(new Scope.Column(name, width + i, value.getType(), false, ColumnOrigin.NONE));
    }
    RelNode rel = context.rels().project(result.rel(), projected, names);
    List<Scope.Entry> entries = new ArrayList<>();
    for (Scope.Entry entry : data.entries()) {
      List<Scope.Column> all = new ArrayList<>(entry.columns());
      if (data.entries().size() == 1) {
        all.addAll(added);
      }
      entries.add(new Scope.Entry(entry.schema(), entry.alias(), all, List.of()));
    }
    List<Scope.Column> visible = new ArrayList<>(data.visible());
    visible.addAll(added);
    return new FromItem(rel, entries, visible);
  }
}
