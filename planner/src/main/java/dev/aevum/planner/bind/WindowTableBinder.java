package dev.aevum.planner.bind;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.type.IntervalValue;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.parser.tree.DescriptorNode;
import dev.aevum.parser.tree.FunctionCallNode;
import dev.aevum.parser.tree.TableArgumentNode;
import dev.aevum.planner.error.StatementErrors;
import dev.aevum.planner.plan.QueryPlan.ColumnOrigin;
import dev.aevum.planner.rel.Extension;
import dev.aevum.planner.rel.Rels;
import dev.aevum.planner.rex.Rex;
import dev.aevum.planner.rex.Scalar;
import dev.aevum.planner.type.RowType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;

/// `TUMBLE(data, DESCRIPTOR(ts), size [, offset])` and `HOP(data, DESCRIPTOR(ts), slide, size [,
/// offset])`.
final class WindowTableBinder {
  static final List<String> COLUMNS = List.of("window_start", "window_end", "window_time");

  private final FromBinder from;
  private final BindContext context;

  WindowTableBinder(FromBinder from) {
    this.from = from;
    this.context = from.context();
  }

  FromItem bind(FunctionCallNode call, boolean hop) {
    String name = call.name().getLast().toUpperCase(Locale.ROOT);
    int intervals = hop ? 2 : 1;
    int count = call.arguments().size();
    if (count < 2 + intervals || count > 3 + intervals) {
      throw StatementErrors.syntax(
          hop
              ? "HOP takes (data, DESCRIPTOR(time column), slide, size [, offset])"
              : "TUMBLE takes (data, DESCRIPTOR(time column), size [, offset])",
          call.span());
    }
    FromItem data = data(call.arguments().getFirst(), name);
    int time = timeColumn(data, call.arguments().get(1), name);
    long slide = interval(call.arguments().get(2), name);
    long size = hop ? interval(call.arguments().get(3), name) : slide;
    long offset = count == 3 + intervals ? interval(call.arguments().getLast(), name) : 0;
    if (slide <= 0 || size <= 0) {
      throw StatementErrors.of(
          ErrorCode.INVALID_PARAMETER_VALUE,
          name + ": size and slide must be positive",
          call.span());
    }
    if (slide > size) {
      throw StatementErrors.of(
          ErrorCode.INVALID_PARAMETER_VALUE,
          name + ": the slide must not exceed the size",
          call.span());
    }
    return build(data, time, new Extension.Window(time, size, slide, Math.floorMod(offset, slide)));
  }

  private FromItem data(SqlNode argument, String name) {
    if (argument instanceof TableArgumentNode table) {
      if (!table.partitionBy().isEmpty() || !table.orderBy().isEmpty()) {
        throw StatementErrors.unsupported("PARTITION BY or ORDER BY in " + name, table.span());
      }
      return from.bind(table.data());
    }
    return from.bind(argument);
  }

  private int timeColumn(FromItem data, SqlNode argument, String name) {
    if (!(argument instanceof DescriptorNode descriptor)
        || descriptor.columns().size() != 1
        || !(descriptor.columns().getFirst() instanceof SqlIdentifier column)) {
      throw StatementErrors.syntax(
          name + ": the second argument must be DESCRIPTOR(time column)",
          ExpressionBinder.span(argument));
    }
    Scope scope = new Scope(context, data.entries(), data.visible(), null);
    RexNode value = scope.resolve(column.names, ExpressionBinder.span(column));
    SqlType type = Rex.type(value);
    if (type != SimpleType.TIMESTAMP && type != SimpleType.TIMESTAMPTZ) {
      throw StatementErrors.of(
          ErrorCode.DATATYPE_MISMATCH,
          name
              + ": the time column must be of type timestamp or timestamptz, not "
              + type.displayName(),
          ExpressionBinder.span(column));
    }
    return ((RexInputRef) value).getIndex();
  }

  private long interval(SqlNode argument, String name) {
    ExpressionBinder expressions =
        new ExpressionBinder(
            context, Scope.empty(context, null), from.environment(), Clause.FROM_FUNCTION);
    RexNode value =
        expressions
            .coercion()
            .implicit(
                expressions.bind(argument), SimpleType.INTERVAL, ExpressionBinder.span(argument));
    if (!(Rex.scalar(value) instanceof Scalar.Constant constant)
        || !(constant.value() instanceof IntervalValue interval)) {
      throw StatementErrors.of(
          ErrorCode.INVALID_PARAMETER_VALUE,
          name + ": sizes must be constant intervals",
          ExpressionBinder.span(argument));
    }
    return micros(interval, name, argument);
  }

  static long micros(IntervalValue interval, String name, SqlNode at) {
    if (interval.months() != 0) {
      throw StatementErrors.unsupported(
          name + " with an interval of months or years", ExpressionBinder.span(at));
    }
    return interval.fixedMicros();
  }

  private FromItem build(FromItem data, int time, Extension.Window window) {
    Rels rels = context.rels();
    RelDataType input = data.rel().getRowType();
    RowType type = new RowType(RowType.of(input.getFieldList().get(time).getType()), false);
    RelDataType added = rels.rowType(List.of(type, type, type), COLUMNS);
    RelNode rel = rels.extension(window, List.of(data.rel()), rels.concat(input, added, false));
    List<Scope.Column> columns = new ArrayList<>();
    int width = input.getFieldCount();
    for (int i = 0; i < COLUMNS.size(); i++) {
      columns.add(new Scope.Column(COLUMNS.get(i), width + i, type, false, ColumnOrigin.NONE));
    }
    List<Scope.Entry> entries = new ArrayList<>();
    for (Scope.Entry entry : data.entries()) {
      List<Scope.Column> all = new ArrayList<>(entry.columns());
      if (data.entries().size() == 1) {
        all.addAll(columns);
      }
      // A row may be in several windows: the keys of the data are no keys here.
      entries.add(new Scope.Entry(entry.schema(), entry.alias(), all, List.of()));
    }
    List<Scope.Column> visible = new ArrayList<>(data.visible());
    visible.addAll(columns);
    return new FromItem(rel, entries, visible);
  }
}
