package dev.aevum.planner.lower;

import dev.aevum.model.batch.Field;
import dev.aevum.model.batch.Schema;
import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.PhysicalType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.AggregateCall;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.PlanNode;
import dev.aevum.planner.plan.PlanNode.*;
import dev.aevum.planner.plan.Traits;
import dev.aevum.planner.plan.function.FunctionSignature;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Aggregates over HOP by panes. A pane is as long as the greatest common divisor of size and
/// slide, so each lies in the same windows as all of its rows: rows of a step are added up once per
/// pane, and the few partial groups, not the rows, go into their windows:
///
/// ```
/// Aggregate <- Calc <- Hop
/// Aggregate partials <- Calc <- Hop by the pane's last microsecond <- PartialAggregate <- Calc <- Tumble
/// ```
///
/// A pane's last microsecond lies in the same windows as its rows, and later rows have panes of at
/// least the watermark by it: so groups close when they did. State is that of the plan as written.
/// Source: panes (Li et al., 2005), here within a step only.
final class HopPanes {
  private static final int WINDOW_COLUMNS = 3;

  private final UnaryOperator<PlanNode> derived;

  /// `derived`: gives a node its traits.
  HopPanes(UnaryOperator<PlanNode> derived) {
    this.derived = derived;
  }

  /// The aggregate as it is, or the same by panes.
  AggregateNode rewrite(AggregateNode n) {
    CalcNode calc = n.input() instanceof CalcNode c ? c : null;
    PlanNode below = calc == null ? n.input() : calc.input();
    if (!(below instanceof WindowNode hop) || hop.slideMicros() >= hop.sizeMicros() || !addsUp(n)) {
      return n;
    }
    int width = hop.input().schema().size();
    List<Expr> columns = calc == null ? references(hop.schema()) : calc.projections();
    Expr filter = calc == null ? null : calc.filter();
    if (usesWindow(filter, width)) {
      return n;
    }
    // Group columns of a window are made above the pane, all others below it.
    Map<Integer, Integer> ofWindow = new TreeMap<>();
    List<Integer> keys = new ArrayList<>();
    for (int key : n.groupKeys()) {
      Expr column = columns.get(key);
      if (column instanceof Expr.ColumnRef ref && ref.index() >= width) {
        ofWindow.put(key, ref.index() - width);
      } else if (usesWindow(column, width)) {
        return n;
      } else if (!keys.contains(key)) {
        keys.add(key);
      }
    }
    for (AggregateCall call : n.calls()) {
      for (int argument : arguments(call)) {
        if (usesWindow(columns.get(argument), width)) {
          return n;
        }
      }
    }
    return ofWindow.isEmpty() ? n : panes(n, hop, columns, filter, keys, ofWindow);
  }

  private AggregateNode panes(
      AggregateNode n,
      WindowNode hop,
      List<Expr> columns,
      @Nullable Expr filter,
      List<Integer> keys,
      Map<Integer, Integer> ofWindow) {
    int width = hop.input().schema().size();
    long pane = gcd(hop.sizeMicros(), hop.slideMicros());
    PlanNode tumble = window(hop, hop.input(), hop.timeColumn(), pane, pane);
    Field paneTime = tumble.schema().field(width + 2);
    List<Expr> projections = new ArrayList<>();
    List<Field> fields = new ArrayList<>();
    Map<Integer, Integer> positions = new TreeMap<>();
    for (int key : keys) {
      positions.put(key, projections.size());
      projections.add(columns.get(key));
      fields.add(n.input().schema().field(key));
    }
    projections.add(new Expr.ColumnRef(width + 2, paneTime.type(), paneTime.nullable()));
    fields.add(paneTime);
    for (AggregateCall call : n.calls()) {
      for (int argument : arguments(call)) {
        if (positions.putIfAbsent(argument, projections.size()) == null) {
          projections.add(columns.get(argument));
          fields.add(n.input().schema().field(argument));
        }
      }
    }
    Schema rows = new Schema(fields);
    PlanNode calc = derived.apply(new CalcNode(tumble, filter, projections, rows, Traits.UNKNOWN));
    List<AggregateCall> calls = n.calls().stream().map(c -> moved(c, positions)).toList();
    PlanNode partial = partial(calc, keys.size() + 1, calls);
    PlanNode windows = window(hop, partial, keys.size(), hop.sizeMicros(), hop.slideMicros());
    return over(n, windows, positions, ofWindow, calls, rows);
  }

  private PlanNode partial(PlanNode rows, int keys, List<AggregateCall> calls) {
    List<Integer> groupKeys = new ArrayList<>();
    List<Field> fields = new ArrayList<>();
    for (int i = 0; i < keys; i++) {
      groupKeys.add(i);
      fields.add(rows.schema().field(i));
    }
    fields.add(new Field("partial", SimpleType.BYTEA, false));
    return derived.apply(
        new PartialAggregateNode(rows, groupKeys, calls, new Schema(fields), Traits.UNKNOWN));
  }

  private AggregateNode over(
      AggregateNode n,
      PlanNode windows,
      Map<Integer, Integer> positions,
      Map<Integer, Integer> ofWindow,
      List<AggregateCall> calls,
      Schema rows) {
    int first = windows.schema().size() - WINDOW_COLUMNS;
    List<Integer> groupKeys = new ArrayList<>();
    List<Expr> projections = new ArrayList<>();
    List<Field> fields = new ArrayList<>();
    for (int key : n.groupKeys()) {
      Integer window = ofWindow.get(key);
      int at = window == null ? positions.getOrDefault(key, -1) : first + window;
      Field field = n.input().schema().field(key);
      groupKeys.add(projections.size());
      projections.add(new Expr.ColumnRef(at, field.type(), field.nullable()));
      fields.add(field);
    }
    Field partial = windows.schema().field(first - 1);
    projections.add(new Expr.ColumnRef(first - 1, partial.type(), partial.nullable()));
    fields.add(partial);
    PlanNode input =
        derived.apply(new CalcNode(windows, null, projections, new Schema(fields), Traits.UNKNOWN));
    return new AggregateNode(input, groupKeys, calls, -1, false, rows, n.schema(), Traits.UNKNOWN);
  }

  private PlanNode window(WindowNode hop, PlanNode input, int time, long size, long slide) {
    int width = hop.input().schema().size();
    List<Field> fields = new ArrayList<>(input.schema().fields());
    fields.addAll(hop.schema().fields().subList(width, width + WINDOW_COLUMNS));
    return derived.apply(
        new WindowNode(
            input, time, size, slide, hop.offsetMicros(), new Schema(fields), Traits.UNKNOWN));
  }

  private static AggregateCall moved(AggregateCall call, Map<Integer, Integer> positions) {
    return new AggregateCall(
        call.function(),
        call.arguments().stream().map(a -> positions.getOrDefault(a, -1)).toList(),
        call.distinct(),
        call.filter() < 0 ? -1 : positions.getOrDefault(call.filter(), -1),
        call.orderBy(),
        call.type(),
        call.nullable());
  }

  private static List<Integer> arguments(AggregateCall call) {
    List<Integer> all = new ArrayList<>(call.arguments());
    if (call.filter() >= 0) {
      all.add(call.filter());
    }
    return all;
  }

  private static List<Expr> references(Schema schema) {
    List<Expr> all = new ArrayList<>();
    for (Field field : schema.fields()) {
      all.add(new Expr.ColumnRef(all.size(), field.type(), field.nullable()));
    }
    return all;
  }

  private static boolean usesWindow(@Nullable Expr expr, int width) {
    if (expr == null) {
      return false;
    }
    return expr instanceof Expr.ColumnRef ref && ref.index() >= width
        || Exprs.operands(expr).stream().anyMatch(o -> usesWindow(o, width));
  }

  private static long gcd(long a, long b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  /// Whether groups of parts of the rows can be added to the group of all, and keys be read back
  /// from their bytes.
  private static boolean addsUp(AggregateNode n) {
    boolean appendOnly = n.input().traits().appendOnly();
    Schema schema = n.input().schema();
    return n.groupKeys().stream().allMatch(k -> isTold(schema.type(k)))
        && n.calls().stream().allMatch(c -> addsUp(c, schema, appendOnly));
  }

  private static boolean addsUp(AggregateCall call, Schema schema, boolean appendOnly) {
    if (call.distinct() || !call.orderBy().isEmpty()) {
      return false;
    }
    return switch (call.function().name()) {
      case "count", "sum", "avg", "bool_and", "bool_or", "every" -> true;
      case "var_pop",
          "var_samp",
          "variance",
          "stddev_pop",
          "stddev_samp",
          "stddev",
          "skewness",
          "kurtosis",
          "covar_pop",
          "covar_samp",
          "corr",
          "regr_count",
          "regr_avgx",
          "regr_avgy",
          "regr_sxx",
          "regr_syy",
          "regr_sxy",
          "regr_slope",
          "regr_intercept",
          "regr_r2",
          "histogram",
          "stats_sketch",
          "approx_count",
          "count_sketch" ->
          true;
      // By rank they take no rows back.
      case "approx_percentile", "percentile_sketch" -> appendOnly || !isByRank(call.function());
      case "approx_count_distinct", "hll_sketch", "approx_top_k", "topk_sketch" -> appendOnly;
      case "min", "max" ->
          appendOnly && isNumber(schema.type(call.arguments().getFirst()).physical());
      default -> false;
    };
  }

  private static boolean isByRank(FunctionSignature function) {
    return function.binding() != null && function.binding().values().contains("rank");
  }

  private static boolean isNumber(PhysicalType type) {
    return switch (type) {
      case INT16, INT32, INT64, INT128, FLOAT32, FLOAT64 -> true;
      case BOOL, FIXED16, VARLEN -> false;
    };
  }

  /// Not for types whose equal values may differ in form: 1.0 and 1.00.
  private static boolean isTold(SqlType type) {
    return !(type instanceof ArrayType)
        && type != SimpleType.NUMERIC
        && type != SimpleType.INTERVAL
        && type != SimpleType.JSONB
        && type != SimpleType.INT2VECTOR
        && type != SimpleType.OIDVECTOR;
  }
}
