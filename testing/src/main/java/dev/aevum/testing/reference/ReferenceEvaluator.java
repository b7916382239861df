package dev.aevum.testing.reference;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.step.Watermarks;
import dev.aevum.model.text.TextStyle;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.AggregateCall;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.PlanNode;
import dev.aevum.planner.plan.PlanNode.JoinKind;
import dev.aevum.planner.plan.Traits;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The contents that a plan has over given tables: every node by its definition, from scratch, over
/// lists of boxed rows.
///
/// A row whose expression fails is left out and reported; so is a group whose aggregate fails. With
/// watermarks given, nodes that emit on close yield only what is closed. Equal parts of a plan are
/// one part: what fails in them fails once. Not thread-safe.
public final class ReferenceEvaluator {
  private final Map<Integer, List<List<@Nullable Object>>> tables;
  private final Map<Integer, Long> watermarks;
  private final ReferenceExpressions expressions;
  private final List<ReferenceResult.RowFailure> errors = new ArrayList<>();
  private final Map<PlanNode, List<List<@Nullable Object>>> done = new HashMap<>();
  private Map<Integer, List<@Nullable Object>> outer = new HashMap<>();

  /// `tables`: all columns of each relation by object id; `watermarks`: of streams that have one,
  /// in microseconds.
  public ReferenceEvaluator(
      Map<Integer, List<List<@Nullable Object>>> tables,
      Map<Integer, Long> watermarks,
      TextStyle style) {
    this.tables = tables;
    this.watermarks = watermarks;
    this.expressions = new ReferenceExpressions(style);
  }

  public ReferenceResult evaluate(PlanNode root) {
    errors.clear();
    done.clear();
    List<List<@Nullable Object>> rows = rows(root);
    return new ReferenceResult(root.schema(), rows, List.copyOf(errors));
  }

  private List<List<@Nullable Object>> rows(PlanNode node) {
    if (!outer.isEmpty()) {
      return evaluated(node);
    }
    List<List<@Nullable Object>> known = done.get(node);
    if (known == null) {
      known = evaluated(node);
      done.put(node, known);
    }
    return known;
  }

  private List<List<@Nullable Object>> evaluated(PlanNode node) {
    return switch (node) {
      case PlanNode.ScanNode n -> scan(n);
      case PlanNode.ValuesNode n -> values(n);
      case PlanNode.CalcNode n -> calc(n);
      case PlanNode.WindowNode n -> window(n);
      case PlanNode.AggregateNode n -> aggregate(n);
      case PlanNode.PartialAggregateNode n -> partial(n);
      case PlanNode.JoinNode n -> join(n);
      case PlanNode.CorrelateNode n -> correlate(n);
      case PlanNode.UnionAllNode n -> {
        List<List<@Nullable Object>> all = new ArrayList<>();
        n.inputs().forEach(input -> all.addAll(rows(input)));
        yield all;
      }
      case PlanNode.SetOperationNode n -> ReferenceSets.combine(n, rows(n.left()), rows(n.right()));
      case PlanNode.RecursiveNode n -> throw ReferenceErrors.unknown("WITH RECURSIVE");
      case PlanNode.WorkingTableNode n -> throw ReferenceErrors.unknown("WITH RECURSIVE");
      case PlanNode.SortNode n -> sort(n);
      case PlanNode.OverNode n -> ReferenceWindows.over(n, rows(n.input()));
      case PlanNode.TableFunctionNode n -> throw ReferenceErrors.unknown("table functions");
      case PlanNode.SingleRowNode n -> singleRow(n);
      case PlanNode.ExchangeNode n -> rows(n.input());
      case PlanNode.SequenceNode n -> throw ReferenceErrors.unknown("sequence functions");
      case PlanNode.ForecastNode n -> throw ReferenceErrors.unknown("forecasts");
      case PlanNode.LearnNode n -> throw ReferenceErrors.unknown("models");
      case PlanNode.PredictNode n -> throw ReferenceErrors.unknown("predictions");
      case PlanNode.MatchNode n -> matches(n);
      case PlanNode.CloseGateNode n -> closed(n);
    };
  }

  private ReferenceExpressions.Scope scope(List<@Nullable Object> row) {
    return new ReferenceExpressions.Scope(row, outer);
  }

  private void failed(SqlException error, List<@Nullable Object> row) {
    errors.add(new ReferenceResult.RowFailure(error.sqlState(), error.text(), row));
  }

  private List<List<@Nullable Object>> scan(PlanNode.ScanNode n) {
    List<List<@Nullable Object>> out = new ArrayList<>();
    List<@Nullable Object> prefix = new ArrayList<>();
    n.keyPrefix().forEach(e -> prefix.add(expressions.value(e, scope(List.of()))));
    for (List<@Nullable Object> row : tables.getOrDefault(n.relation(), List.of())) {
      List<@Nullable Object> chosen = new ArrayList<>();
      n.columns().forEach(c -> chosen.add(row.get(c)));
      out.add(chosen);
    }
    if (!prefix.isEmpty()) {
      throw ReferenceErrors.unknown("scans by key prefix");
    }
    return out;
  }

  private List<List<@Nullable Object>> values(PlanNode.ValuesNode n) {
    List<List<@Nullable Object>> out = new ArrayList<>();
    for (List<Expr> row : n.rows()) {
      List<@Nullable Object> made = new ArrayList<>();
      row.forEach(e -> made.add(expressions.value(e, scope(List.of()))));
      out.add(made);
    }
    return out;
  }

  private List<List<@Nullable Object>> calc(PlanNode.CalcNode n) {
    List<List<@Nullable Object>> out = new ArrayList<>();
    for (List<@Nullable Object> row : rows(n.input())) {
      try {
        if (n.filter() != null && !expressions.holds(n.filter(), scope(row))) {
          continue;
        }
        List<@Nullable Object> made = new ArrayList<>();
        for (Expr projection : n.projections()) {
          made.add(expressions.value(projection, scope(row)));
        }
        out.add(made);
      } catch (SqlException e) {
        failed(e, row);
      }
    }
    return out;
  }

  private List<List<@Nullable Object>> window(PlanNode.WindowNode n) {
    List<List<@Nullable Object>> out = new ArrayList<>();
    for (List<@Nullable Object> row : rows(n.input())) {
      Object time = row.get(n.timeColumn());
      if (time == null || ReferenceTime.infinite((Long) time)) {
        continue;
      }
      long t = (Long) time;
      long slide = n.slideMicros();
      long last = Math.floorDiv(t - n.offsetMicros(), slide) * slide + n.offsetMicros();
      for (long start = last; start + n.sizeMicros() > t; start -= slide) {
        List<@Nullable Object> made = new ArrayList<>(row);
        made.add(start);
        made.add(start + n.sizeMicros());
        made.add(start + n.sizeMicros() - 1);
        out.add(made);
      }
    }
    return out;
  }

  /// What stands for a partial group: its rows.
  private record Rows(List<List<@Nullable Object>> rows) {}

  private List<List<@Nullable Object>> partial(PlanNode.PartialAggregateNode n) {
    List<List<@Nullable Object>> out = new ArrayList<>();
    for (List<List<@Nullable Object>> group : groups(n.input(), n.groupKeys()).values()) {
      List<@Nullable Object> made = new ArrayList<>();
      n.groupKeys().forEach(c -> made.add(group.getFirst().get(c)));
      made.add(new Rows(group));
      out.add(made);
    }
    return out;
  }

  private Map<List<Object>, List<List<@Nullable Object>>> groups(
      PlanNode input, List<Integer> groupKeys) {
    List<SqlType> types = input.schema().types();
    Map<List<Object>, List<List<@Nullable Object>>> groups = new LinkedHashMap<>();
    if (groupKeys.isEmpty()) {
      groups.put(List.of(), new ArrayList<>());
    }
    for (List<@Nullable Object> row : rows(input)) {
      List<Object> key = new ArrayList<>();
      groupKeys.forEach(c -> key.add(ReferenceValues.key(types.get(c), row.get(c))));
      groups.computeIfAbsent(key, k -> new ArrayList<>()).add(row);
    }
    return groups;
  }

  private List<List<@Nullable Object>> aggregate(PlanNode.AggregateNode n) {
    List<SqlType> types = n.callSchema().types();
    List<List<@Nullable Object>> out = new ArrayList<>();
    for (List<List<@Nullable Object>> group : groups(n.input(), n.groupKeys()).values()) {
      List<@Nullable Object> made = new ArrayList<>();
      n.groupKeys().forEach(c -> made.add(group.getFirst().get(c)));
      if (n.emitOnClose()
          && !isClosed(n.input(), n.groupKeys().get(n.closeKey()), made.get(n.closeKey()))) {
        continue;
      }
      List<List<@Nullable Object>> called = n.partialOf() == null ? group : whole(group);
      try {
        for (AggregateCall call : n.calls()) {
          made.add(ReferenceAggregates.value(call, types, called));
        }
        out.add(made);
      } catch (SqlException e) {
        failed(e, made);
      }
    }
    return out;
  }

  /// The rows of all partial groups, which stand in the last column.
  private static List<List<@Nullable Object>> whole(List<List<@Nullable Object>> partials) {
    List<List<@Nullable Object>> all = new ArrayList<>();
    for (List<@Nullable Object> partial : partials) {
      all.addAll(((Rows) java.util.Objects.requireNonNull(partial.getLast())).rows());
    }
    return all;
  }

  /// Whether no later row of `input` can have this value of its time column.
  private boolean isClosed(PlanNode input, int column, @Nullable Object value) {
    Long bound = boundOf(input, column);
    return bound != null && value != null && (Long) value < bound;
  }

  /// The least watermark of the scans below that judge lateness; null when one has none yet.
  private @Nullable Long watermark(PlanNode node) {
    if (node instanceof PlanNode.ScanNode scan) {
      return watermarks.get(scan.relation());
    }
    Long least = null;
    for (PlanNode input : node.inputs()) {
      Long each = watermark(input);
      if (each == null) {
        return null;
      }
      least = least == null ? each : Long.valueOf(Math.min(least, each));
    }
    return least;
  }

  private List<List<@Nullable Object>> matches(PlanNode.MatchNode n) {
    List<SqlType> types = n.input().schema().types();
    boolean released = n.timeColumn() >= 0 && !n.revising() && judgesLateness(n.input());
    Long bound = released ? boundOf(n.input(), n.timeColumn()) : null;
    Long watermark = bound != null && bound == Watermarks.END ? null : bound;
    Map<List<Object>, List<List<@Nullable Object>>> partitions = new LinkedHashMap<>();
    for (List<@Nullable Object> row : rows(n.input())) {
      if (released && !isBefore(row.get(n.timeColumn()), bound)) {
        continue;
      }
      List<Object> key = new ArrayList<>();
      n.partitionBy().forEach(c -> key.add(ReferenceValues.key(types.get(c), row.get(c))));
      partitions.computeIfAbsent(key, k -> new ArrayList<>()).add(row);
    }
    List<List<@Nullable Object>> out = new ArrayList<>();
    for (List<List<@Nullable Object>> partition : partitions.values()) {
      partition.sort(ReferenceOrder.of(n.orderBy(), types));
      ReferenceMatches matches = new ReferenceMatches(n, partition, watermark, expressions);
      matches.run();
      out.addAll(matches.output());
      errors.addAll(matches.failures());
    }
    return out;
  }

  private static boolean isBefore(@Nullable Object time, @Nullable Long watermark) {
    return time != null
        && watermark != null
        && !ReferenceTime.infinite((Long) time)
        && (Long) time < watermark;
  }

  private static boolean judgesLateness(PlanNode node) {
    return node instanceof PlanNode.ScanNode scan
        ? scan.watermark()
        : node.inputs().stream().anyMatch(ReferenceEvaluator::judgesLateness);
  }

  /// What no later row of `input` is below, in this time column; null where there is no watermark
  /// yet.
  private @Nullable Long boundOf(PlanNode input, int column) {
    Long watermark = watermark(input);
    for (Traits.TimeColumn time : input.traits().timeColumns()) {
      if (time.column() == column) {
        return watermark == null
            ? null
            : Long.valueOf(Watermarks.plus(watermark, time.offsetMicros()));
      }
    }
    throw ReferenceErrors.unknown("the watermark of column " + column);
  }

  private List<List<@Nullable Object>> closed(PlanNode.CloseGateNode n) {
    Long watermark = watermark(n.input());
    List<List<@Nullable Object>> out = new ArrayList<>();
    for (List<@Nullable Object> row : rows(n.input())) {
      Object time = row.get(n.timeColumn());
      if (watermark != null && time != null && (Long) time < watermark + n.offsetMicros()) {
        out.add(row);
      }
    }
    return out;
  }

  private List<List<@Nullable Object>> join(PlanNode.JoinNode n) {
    List<List<@Nullable Object>> left = rows(n.left());
    List<List<@Nullable Object>> right = rows(n.right());
    return joined(
        left,
        row -> right,
        n.kind(),
        n.left().schema().size(),
        n.right().schema().size(),
        (l, r) -> matches(n, l, r));
  }

  private interface Match {
    boolean test(List<@Nullable Object> left, List<@Nullable Object> right);
  }

  private interface RightSide {
    List<List<@Nullable Object>> of(List<@Nullable Object> left);
  }

  @SuppressWarnings("ReferenceEquality") // rows are told apart by identity: equal ones may repeat
  private List<List<@Nullable Object>> joined(
      List<List<@Nullable Object>> left,
      RightSide rightSide,
      JoinKind kind,
      int leftWidth,
      int rightWidth,
      Match match) {
    List<List<@Nullable Object>> out = new ArrayList<>();
    List<List<@Nullable Object>> matchedRight = new ArrayList<>();
    List<List<@Nullable Object>> allRight = List.of();
    for (List<@Nullable Object> l : left) {
      boolean any = false;
      allRight = rightSide.of(l);
      for (List<@Nullable Object> r : allRight) {
        if (match.test(l, r)) {
          any = true;
          matchedRight.add(r);
          if (kind != JoinKind.SEMI && kind != JoinKind.ANTI) {
            out.add(concat(l, r));
          }
        }
      }
      if ((kind == JoinKind.SEMI && any) || (kind == JoinKind.ANTI && !any)) {
        out.add(l);
      } else if (!any && (kind == JoinKind.LEFT || kind == JoinKind.FULL)) {
        out.add(concat(l, nulls(rightWidth)));
      }
    }
    if (kind == JoinKind.RIGHT || kind == JoinKind.FULL) {
      List<List<@Nullable Object>> every = left.isEmpty() ? rightSide.of(List.of()) : allRight;
      for (List<@Nullable Object> r : every) {
        if (matchedRight.stream().noneMatch(m -> m == r)) {
          out.add(concat(nulls(leftWidth), r));
        }
      }
    }
    return out;
  }

  private boolean matches(
      PlanNode.JoinNode n, List<@Nullable Object> left, List<@Nullable Object> right) {
    for (int i = 0; i < n.leftKeys().size(); i++) {
      int column = n.leftKeys().get(i);
      Object l = left.get(column);
      Object r = right.get(n.rightKeys().get(i));
      if (l == null && !n.nullSafe().get(i)) {
        return false;
      }
      if (!ReferenceValues.same(n.left().schema().type(column), l, r)) {
        return false;
      }
    }
    if (n.residual() == null) {
      return true;
    }
    List<@Nullable Object> both = concat(left, right);
    try {
      return expressions.holds(n.residual(), scope(both));
    } catch (SqlException e) {
      failed(e, both);
      return false;
    }
  }

  private static List<@Nullable Object> concat(
      List<@Nullable Object> left, List<@Nullable Object> right) {
    List<@Nullable Object> row = new ArrayList<>(left);
    row.addAll(right);
    return row;
  }

  private static List<@Nullable Object> nulls(int count) {
    return new ArrayList<>(Collections.nCopies(count, null));
  }

  private List<List<@Nullable Object>> correlate(PlanNode.CorrelateNode n) {
    Map<Integer, List<@Nullable Object>> before = outer;
    List<List<@Nullable Object>> out =
        joined(
            rows(n.left()),
            row -> {
              outer = new HashMap<>(before);
              outer.put(n.correlation(), row);
              return rows(n.right());
            },
            n.kind(),
            n.left().schema().size(),
            n.right().schema().size(),
            (l, r) -> true);
    outer = before;
    return out;
  }

  private List<List<@Nullable Object>> sort(PlanNode.SortNode n) {
    List<List<@Nullable Object>> sorted = new ArrayList<>(rows(n.input()));
    if (!n.keys().isEmpty()) {
      sorted.sort(ReferenceOrder.of(n.keys(), n.schema().types()));
    }
    long offset = bound(n.offset(), 0);
    long limit = bound(n.limit(), Long.MAX_VALUE);
    return sorted.stream().skip(offset).limit(limit).toList();
  }

  private long bound(@Nullable Expr expression, long absent) {
    Object value = expression == null ? null : expressions.value(expression, scope(List.of()));
    return value == null ? absent : (Long) value;
  }

  private List<List<@Nullable Object>> singleRow(PlanNode.SingleRowNode n) {
    List<List<@Nullable Object>> rows = rows(n.input());
    if (rows.size() > 1) {
      throw new SqlException(
          ErrorCode.CARDINALITY_VIOLATION,
          "more than one row returned by a subquery used as an expression");
    }
    return rows.isEmpty() ? List.of(nulls(n.schema().size())) : rows;
  }
}
