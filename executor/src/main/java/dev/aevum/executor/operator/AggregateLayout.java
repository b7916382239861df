package dev.aevum.executor.operator;

import dev.aevum.executor.aggregate.AccumulatorAggregate;
import dev.aevum.executor.aggregate.AggregateFunction;
import dev.aevum.executor.aggregate.CollectingAggregate;
import dev.aevum.executor.aggregate.CountAggregate;
import dev.aevum.executor.aggregate.DistinctSketch;
import dev.aevum.executor.aggregate.ExtremeAggregate;
import dev.aevum.executor.aggregate.MultisetAggregate;
import dev.aevum.executor.aggregate.RebuiltSketch;
import dev.aevum.executor.aggregate.SketchAggregate;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.PhysicalType;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.AggregateCall;
import dev.aevum.planner.plan.PlanNode;
import dev.aevum.planner.plan.PlanNode.AggregateNode;
import dev.aevum.planner.plan.PlanNode.PartialAggregateNode;
import dev.aevum.planner.plan.SortKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// How an aggregate node keeps its groups, fixed when it is deployed.
///
/// A group's value is `[touch i64][count i64][accumulators...]`: `touch` is 1 + the group's place
/// among those touched in the step, 0 between steps; `count` the sum of the weights of its rows.
/// Sketches are bytes of any length in a table of their own ([GroupSketches]). Ordered multisets
/// (extremes) and sets of distinct arguments lie in tables of their own, one for each pair of
/// argument and filter, shared by the calls that need it.
final class AggregateLayout {
  static final int TOUCH = 0;
  static final int COUNT = 8;
  private static final int FIELDS = 16;

  /// A set of (argument, filter) that several calls may share.
  record Source(List<Integer> arguments, int filter) {}

  /// An accumulator at `field` of the group's value. `distinct`: index in [#distinctSources] or -1.
  record AccumulatorCall(
      int call,
      AccumulatorAggregate aggregate,
      int field,
      int[] arguments,
      int filter,
      int distinct) {}

  /// First or last value of the multiset `source` (index in [#extremeSources]).
  record ExtremeCall(int call, boolean greatest, int source, SqlType type) {}

  /// A sketch of each group. `distinct` as of an [AccumulatorCall].
  record SketchCall(
      int call, SketchAggregate aggregate, int[] arguments, int filter, int distinct) {}

  /// A function of the multiset `source` (index in [#extremeSources]); `distinct`: each row once.
  record MultisetCall(int call, MultisetAggregate aggregate, int source, boolean distinct) {}

  final int[] groupKeys;
  final List<SqlType> keyTypes;
  final boolean losslessKeys;
  final int callCount;
  final List<AccumulatorCall> accumulators = new ArrayList<>();
  final List<ExtremeCall> extremes = new ArrayList<>();
  final List<SketchCall> sketches = new ArrayList<>();
  final List<MultisetCall> multisets = new ArrayList<>();
  final List<Source> extremeSources = new ArrayList<>();
  final List<Source> distinctSources = new ArrayList<>();
  final List<SqlType> inputTypes;
  final int width;

  /// Column of the input by which groups close, or -1.
  final int closeColumn;

  /// Column of the input that holds partial groups of this layout, or -1: the input has rows.
  final int partialColumn;

  AggregateLayout(AggregateNode node, AggregateBinder binder) {
    this(
        node.input(),
        node.groupKeys(),
        node.calls(),
        node.closeKey(),
        node.callSchema().types(),
        node.partialOf() == null ? -1 : node.input().schema().size() - 1,
        binder);
  }

  AggregateLayout(PartialAggregateNode node, AggregateBinder binder) {
    this(
        node.input(),
        node.groupKeys(),
        node.calls(),
        -1,
        node.input().schema().types(),
        -1,
        binder);
    if (!losslessKeys || !addsUp()) {
      throw new IllegalStateException("partial groups of calls that do not add up");
    }
  }

  private AggregateLayout(
      PlanNode input,
      List<Integer> keys,
      List<AggregateCall> calls,
      int closeKey,
      List<SqlType> callTypes,
      int partialColumn,
      AggregateBinder binder) {
    this.partialColumn = partialColumn;
    inputTypes = input.schema().types();
    groupKeys = keys.stream().mapToInt(Integer::intValue).toArray();
    keyTypes = keys.stream().map(inputTypes::get).toList();
    losslessKeys = keyTypes.stream().allMatch(KeyDecoder::isLossless);
    callCount = calls.size();
    closeColumn = closeKey < 0 ? -1 : groupKeys[closeKey];
    if (closeColumn >= 0 && inputTypes.get(closeColumn).physical() != PhysicalType.INT64) {
      throw unsupported(
          "closing groups by a column of type " + inputTypes.get(closeColumn).displayName());
    }
    Map<Source, Integer> extremeIndex = new LinkedHashMap<>();
    Map<Source, Integer> distinctIndex = new LinkedHashMap<>();
    boolean appendOnly = input.traits().appendOnly();
    int next = FIELDS;
    for (int i = 0; i < callCount; i++) {
      AggregateCall call = calls.get(i);
      AggregateFunction bound = binder.bind(call, callTypes);
      boolean counted = isCounted(bound, appendOnly);
      AggregateFunction function = maintained(bound, appendOnly, call);
      if (function instanceof MultisetAggregate multiset) {
        Source source = new Source(multiset.columns(call), call.filter());
        checkOrder(call, multiset);
        multiset.check(source.arguments().stream().map(inputTypes::get).toList());
        int index = extremeIndex.computeIfAbsent(source, s -> extremeIndex.size());
        multisets.add(new MultisetCall(i, multiset, index, call.distinct()));
        continue;
      }
      Source source = new Source(call.arguments(), call.filter());
      if (function instanceof SketchAggregate sketch) {
        boolean once = call.distinct() && !(sketch instanceof DistinctSketch);
        int set = once ? distinctIndex.computeIfAbsent(source, s -> distinctIndex.size()) : -1;
        int[] arguments = call.arguments().stream().mapToInt(Integer::intValue).toArray();
        sketches.add(new SketchCall(i, sketch, arguments, call.filter(), set));
        continue;
      }
      AccumulatorAggregate accumulator = accumulator(function, appendOnly, call);
      if (accumulator == null) {
        ExtremeAggregate extreme = (ExtremeAggregate) function;
        int index = extremeIndex.computeIfAbsent(source, s -> extremeIndex.size());
        extremes.add(new ExtremeCall(i, extreme.greatest(), index, extreme.argument()));
        continue;
      }
      boolean distinct = counted || call.distinct() && !(function instanceof ExtremeAggregate);
      int set = distinct ? distinctIndex.computeIfAbsent(source, s -> distinctIndex.size()) : -1;
      int[] arguments = call.arguments().stream().mapToInt(Integer::intValue).toArray();
      accumulators.add(new AccumulatorCall(i, accumulator, next, arguments, call.filter(), set));
      next += accumulator.width();
    }
    extremeSources.addAll(extremeIndex.keySet());
    distinctSources.addAll(distinctIndex.keySet());
    width = next;
    if (partialColumn >= 0 && !addsUp()) {
      throw new IllegalStateException("partial groups of calls that do not add up");
    }
  }

  /// Whether a group is its accumulators and nothing else.
  private boolean addsUp() {
    return extremes.isEmpty() && multisets.isEmpty() && distinctSources.isEmpty();
  }

  /// Over rows that change distinct values are counted exactly.
  private static boolean isCounted(AggregateFunction function, boolean appendOnly) {
    return !appendOnly && function instanceof DistinctSketch d && d.counts();
  }

  /// What computes the call over such an input.
  private static AggregateFunction maintained(
      AggregateFunction function, boolean appendOnly, AggregateCall call) {
    if (isCounted(function, appendOnly)) {
      return new CountAggregate();
    }
    return function instanceof SketchAggregate s && s.needsOrderedState(appendOnly)
        ? RebuiltSketch.of(s, call.arguments().size())
        : function;
  }

  private static void checkOrder(AggregateCall call, MultisetAggregate multiset) {
    boolean plain = call.orderBy().stream().noneMatch(SortKey::descending);
    if (multiset.wantsOrder() && !plain) {
      throw unsupported(
          "descending ORDER BY in " + call.function().name() + " in a continuous query");
    }
  }

  private static @org.jspecify.annotations.Nullable AccumulatorAggregate accumulator(
      AggregateFunction function, boolean appendOnly, AggregateCall call) {
    return switch (function) {
      case AccumulatorAggregate a -> {
        if (!appendOnly && !a.isLinear()) {
          throw unsupported("aggregate " + call.function().name() + " over changing rows");
        }
        yield a;
      }
      case ExtremeAggregate e ->
          e.needsOrderedState(appendOnly) ? null : e.accumulator().orElseThrow();
      case SketchAggregate s -> throw new IllegalStateException("a sketch has no accumulator");
      case MultisetAggregate m -> throw new IllegalStateException("a multiset has no accumulator");
      case CollectingAggregate c ->
          throw unsupported("aggregate " + call.function().name() + " in a continuous query");
    };
  }

  private static SqlException unsupported(String what) {
    return new SqlException(ErrorCode.FEATURE_NOT_SUPPORTED, what + " is not supported");
  }
}
