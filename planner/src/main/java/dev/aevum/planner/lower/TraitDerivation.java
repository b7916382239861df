package dev.aevum.planner.lower;

import dev.aevum.model.batch.Field;
import dev.aevum.model.type.IntervalValue;
import dev.aevum.planner.catalog.RelationInfo;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.ModelSpec;
import dev.aevum.planner.plan.PlanNode;
import dev.aevum.planner.plan.PlanNode.*;
import dev.aevum.planner.plan.PlanNode.RecursiveNode;
import dev.aevum.planner.plan.PlanNode.WorkingTableNode;
import dev.aevum.planner.plan.Traits;
import dev.aevum.planner.plan.Traits.TimeColumn;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// What is known of a view's nodes, from the inputs up.
final class TraitDerivation {
  private final Map<Integer, RelationInfo.Stored> relations;

  TraitDerivation(Map<Integer, RelationInfo.Stored> relations) {
    this.relations = relations;
  }

  /// Traits of a node whose inputs have theirs.
  Traits of(PlanNode node) {
    return switch (node) {
      case ScanNode n -> scan(n);
      case ValuesNode n ->
          new Traits(
              true, n.rows().size() <= 1 ? List.of(List.of()) : List.of(), List.of(), "none");
      case CalcNode n -> calc(n);
      case WindowNode n -> window(n);
      case AggregateNode n -> aggregate(n);
      case PartialAggregateNode n -> partial(n);
      case JoinNode n -> join(n);
      case UnionAllNode n -> union(n);
      case ExchangeNode n -> passed(n.input());
      case CloseGateNode n -> gate(n);
      case MatchNode n -> MatchTraits.of(n);
      case SequenceNode n -> sequence(n);
      case ForecastNode n -> forecast(n);
      case LearnNode n -> learn(n);
      case PredictNode n -> predict(n);
      case CorrelateNode n -> Traits.UNKNOWN;
      case SetOperationNode n -> Traits.UNKNOWN;
      case RecursiveNode n -> Traits.UNKNOWN;
      case WorkingTableNode n -> Traits.UNKNOWN;
      case SortNode n -> Traits.UNKNOWN;
      case OverNode n -> Traits.UNKNOWN;
      case TableFunctionNode n -> Traits.UNKNOWN;
      case SingleRowNode n -> Traits.UNKNOWN;
    };
  }

  private static Traits passed(PlanNode input) {
    Traits t = input.traits();
    return new Traits(t.appendOnly(), t.uniqueKeys(), t.timeColumns(), "none");
  }

  private Traits scan(ScanNode n) {
    RelationInfo.Stored relation = Objects.requireNonNull(relations.get(n.relation()));
    List<List<Integer>> keys = new ArrayList<>();
    for (List<Integer> key : relation.uniqueKeys()) {
      if (n.columns().containsAll(key)) {
        keys.add(key.stream().map(n.columns()::indexOf).toList());
      }
    }
    List<TimeColumn> times = new ArrayList<>();
    RelationInfo.@Nullable Watermark watermark = relation.watermark();
    if (watermark != null && n.columns().contains(watermark.column())) {
      times.add(new TimeColumn(n.columns().indexOf(watermark.column()), watermark.offsetMicros()));
    }
    return new Traits(relation.appendOnly(), keys, times, "none");
  }

  private static Traits calc(CalcNode n) {
    Traits in = n.input().traits();
    List<List<Integer>> keys = new ArrayList<>();
    for (List<Integer> key : in.uniqueKeys()) {
      List<Integer> moved = key.stream().map(k -> forwarded(n, k)).toList();
      if (!moved.contains(-1)) {
        keys.add(moved);
      }
    }
    List<TimeColumn> times = new ArrayList<>();
    for (int i = 0; i < n.projections().size(); i++) {
      @Nullable TimeColumn time = time(n.projections().get(i), in, i);
      if (time != null) {
        times.add(time);
      }
    }
    return new Traits(in.appendOnly(), keys, times, "none");
  }

  static int forwarded(CalcNode n, int column) {
    for (int i = 0; i < n.projections().size(); i++) {
      if (n.projections().get(i) instanceof Expr.ColumnRef ref && ref.index() == column) {
        return i;
      }
    }
    return -1;
  }

  /// A time column as it is, or moved by a constant interval.
  private static @Nullable TimeColumn time(Expr expr, Traits in, int position) {
    if (expr instanceof Expr.ColumnRef ref) {
      return in.timeColumns().stream()
          .filter(t -> t.column() == ref.index())
          .findFirst()
          .map(t -> new TimeColumn(position, t.offsetMicros()))
          .orElse(null);
    }
    if (expr instanceof Expr.Call call
        && call.arguments().size() == 2
        && call.arguments().get(1) instanceof Expr.Literal literal
        && literal.value() instanceof IntervalValue interval
        && interval.months() == 0
        && interval.days() == 0) {
      String name = call.function().name();
      @Nullable TimeColumn base = time(call.arguments().get(0), in, position);
      if (base != null && (name.equals("+") || name.equals("-"))) {
        long shift = name.equals("+") ? interval.micros() : -interval.micros();
        return new TimeColumn(position, base.offsetMicros() + shift);
      }
    }
    return null;
  }

  private static Traits window(WindowNode n) {
    Traits in = n.input().traits();
    int width = n.input().schema().size();
    List<List<Integer>> keys = new ArrayList<>();
    for (List<Integer> key : in.uniqueKeys()) {
      List<Integer> own = new ArrayList<>(key);
      if (n.slideMicros() != n.sizeMicros()) {
        own.add(width);
      }
      keys.add(own);
    }
    List<TimeColumn> times = new ArrayList<>(in.timeColumns());
    for (TimeColumn time : in.timeColumns()) {
      if (time.column() == n.timeColumn()) {
        long offset = time.offsetMicros();
        times.add(new TimeColumn(width, offset + 1 - n.sizeMicros()));
        times.add(new TimeColumn(width + 1, offset + 1));
        times.add(new TimeColumn(width + 2, offset));
      }
    }
    return new Traits(in.appendOnly(), keys, times, "none");
  }

  /// The group key by which groups become final, -1 if none.
  static int closeKey(AggregateNode n) {
    int best = -1;
    long bestOffset = Long.MIN_VALUE;
    for (int i = 0; i < n.groupKeys().size(); i++) {
      for (TimeColumn time : n.input().traits().timeColumns()) {
        if (time.column() == n.groupKeys().get(i) && time.offsetMicros() > bestOffset) {
          best = i;
          bestOffset = time.offsetMicros();
        }
      }
    }
    return best;
  }

  private static Traits aggregate(AggregateNode n) {
    Traits in = n.input().traits();
    List<Integer> key = new ArrayList<>();
    for (int i = 0; i < n.groupKeys().size(); i++) {
      key.add(i);
    }
    boolean appendOnly = n.emitOnClose() || n.calls().isEmpty() && in.appendOnly();
    return new Traits(appendOnly, List.of(key), keyTimes(in, n.groupKeys()), stateNote(n));
  }

  private static List<TimeColumn> keyTimes(Traits in, List<Integer> groupKeys) {
    List<TimeColumn> times = new ArrayList<>();
    for (int i = 0; i < groupKeys.size(); i++) {
      for (TimeColumn time : in.timeColumns()) {
        if (time.column() == groupKeys.get(i)) {
          times.add(new TimeColumn(i, time.offsetMicros()));
        }
      }
    }
    return times;
  }

  /// Append-only means that no group in it has taken a row back: the aggregate above asks.
  private static Traits partial(PartialAggregateNode n) {
    Traits in = n.input().traits();
    return new Traits(in.appendOnly(), List.of(), keyTimes(in, n.groupKeys()), "none");
  }

  private static String stateNote(AggregateNode n) {
    if (n.groupKeys().isEmpty()) {
      return "one group";
    }
    if (n.closeKey() >= 0) {
      return "bounded by " + n.schema().field(n.closeKey()).name();
    }
    return "grows with distinct "
        + n.groupKeys().stream()
            .map(k -> n.input().schema().field(k).name())
            .collect(Collectors.joining(", "));
  }

  /// A column of a join's output stays a time column only where it is a key that is one on both
  /// sides: other columns come again from rows that were kept.
  private static Traits join(JoinNode n) {
    Traits left = n.left().traits();
    Traits right = n.right().traits();
    int width = n.left().schema().size();
    Set<TimeColumn> times = new LinkedHashSet<>();
    List<String> bounds = new ArrayList<>();
    for (int i = 0; i < n.leftKeys().size(); i++) {
      int l = n.leftKeys().get(i);
      int r = n.rightKeys().get(i);
      for (TimeColumn a : left.timeColumns()) {
        for (TimeColumn b : right.timeColumns()) {
          if (a.column() == l && b.column() == r) {
            long offset = Math.min(a.offsetMicros(), b.offsetMicros());
            times.add(new TimeColumn(l, offset));
            times.add(new TimeColumn(width + r, offset));
            bounds.add(n.left().schema().field(l).name());
          }
        }
      }
    }
    String note = bounds.isEmpty() ? "grows with both inputs" : "bounded by " + bounds.getFirst();
    return new Traits(
        left.appendOnly() && right.appendOnly(), joinKeys(n), List.copyOf(times), note);
  }

  private static List<List<Integer>> joinKeys(JoinNode n) {
    int width = n.left().schema().size();
    List<List<Integer>> leftKeys = n.left().traits().uniqueKeys();
    List<List<Integer>> rightKeys = n.right().traits().uniqueKeys();
    List<List<Integer>> keys = new ArrayList<>();
    if (rightKeys.stream().anyMatch(k -> n.rightKeys().containsAll(k))) {
      keys.addAll(leftKeys);
    }
    List<List<Integer>> shifted =
        rightKeys.stream().map(k -> k.stream().map(c -> c + width).toList()).toList();
    if (leftKeys.stream().anyMatch(k -> n.leftKeys().containsAll(k))) {
      keys.addAll(shifted);
    }
    if (keys.isEmpty() && !leftKeys.isEmpty() && !shifted.isEmpty()) {
      Set<Integer> both = new TreeSet<>(leftKeys.getFirst());
      both.addAll(shifted.getFirst());
      keys.add(List.copyOf(both));
    }
    return keys;
  }

  private static Traits union(UnionAllNode n) {
    boolean appendOnly = n.inputs().stream().allMatch(i -> i.traits().appendOnly());
    List<TimeColumn> times = new ArrayList<>();
    for (TimeColumn time : n.inputs().getFirst().traits().timeColumns()) {
      long offset = time.offsetMicros();
      boolean everywhere = true;
      for (PlanNode input : n.inputs()) {
        @Nullable TimeColumn same =
            input.traits().timeColumns().stream()
                .filter(t -> t.column() == time.column())
                .findFirst()
                .orElse(null);
        everywhere &= same != null;
        offset = same == null ? offset : Math.min(offset, same.offsetMicros());
      }
      if (everywhere) {
        times.add(new TimeColumn(time.column(), offset));
      }
    }
    return new Traits(appendOnly, List.of(), times, "none");
  }

  /// A row comes when the watermark has passed its time: no other column keeps its promise.
  private static Traits sequence(SequenceNode n) {
    Traits in = n.input().traits();
    List<TimeColumn> times =
        in.timeColumns().stream().filter(t -> t.column() == n.timeColumn()).toList();
    String keys =
        n.partitionBy().isEmpty()
            ? "one model"
            : "grows with distinct "
                + n.partitionBy().stream()
                    .map(k -> n.input().schema().field(k).name())
                    .collect(Collectors.joining(", "));
    boolean keepsRows = n.revising() && n.time() == null;
    return new Traits(
        !n.revising(), in.uniqueKeys(), times, keepsRows ? "grows with input rows" : keys);
  }

  private static Traits forecast(ForecastNode n) {
    List<Integer> key = new ArrayList<>(IntStream.range(0, n.keys()).boxed().toList());
    String state =
        !n.input().traits().appendOnly()
            ? "grows with input rows"
            : n.keys() == 0
                ? "one forecast"
                : "grows with distinct "
                    + key.stream()
                        .map(k -> n.schema().field(k).name())
                        .collect(Collectors.joining(", "));
    if (n.history()) {
      key.add(n.keys());
    }
    key.add(n.keys() + 1);
    return new Traits(false, List.of(key), List.of(), state);
  }

  private static Traits learn(LearnNode n) {
    List<Integer> key = new ArrayList<>();
    for (int i = 0; i < n.spec().partition().size(); i++) {
      key.add(i);
    }
    return new Traits(false, List.of(key), List.of(), models(n.spec()));
  }

  private static String models(ModelSpec spec) {
    return spec.partition().isEmpty()
        ? "one model"
        : "grows with distinct "
            + spec.partition().stream().map(Field::name).collect(Collectors.joining(", "));
  }

  /// A row has its prediction in the step in which it comes: time columns keep their promise.
  private static Traits predict(PredictNode n) {
    Traits in = n.input().traits();
    boolean keeps = n.refresh() || !in.appendOnly();
    return new Traits(
        in.appendOnly() && !n.refresh(),
        in.uniqueKeys(),
        n.refresh() ? List.of() : in.timeColumns(),
        keeps ? "grows with its input" : "a copy of the model");
  }

  private static Traits gate(CloseGateNode n) {
    Traits in = n.input().traits();
    return new Traits(
        true,
        in.uniqueKeys(),
        in.timeColumns(),
        "bounded by " + n.schema().field(n.timeColumn()).name());
  }
}
