package dev.aevum.executor.pattern;

import dev.aevum.executor.aggregate.AccumulatorAggregate;
import dev.aevum.executor.aggregate.AggregateFunction;
import dev.aevum.executor.aggregate.CollectingAggregate;
import dev.aevum.executor.aggregate.ExtremeAggregate;
import dev.aevum.executor.aggregate.GroupedRows;
import dev.aevum.executor.aggregate.MultisetAggregate;
import dev.aevum.executor.aggregate.SketchAggregate;
import dev.aevum.executor.function.FunctionRegistry;
import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.RowErrors;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.executor.waiting.RowStore;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.batch.FixedColumn;
import dev.aevum.model.batch.Memory;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.codec.KeyCodec;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.AggregateCall;
import dev.aevum.planner.plan.MatchOperand;
import dev.aevum.planner.plan.MatchSpec;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One [MatchOperand], for many rows of frames at once. Holds caches of its kernels: one thread.
final class OperandEvaluation {
  private final MatchOperand operand;
  private final List<LabelledValue> values = new ArrayList<>();
  private @Nullable LabelledValue filter;
  private final List<LabelledValue> order = new ArrayList<>();
  private final boolean[] mapped;
  private final boolean universal;
  private final int timeColumn;
  private final SqlType timeType;
  private final long withinMicros;
  private AggregateFunction[] aggregate = new AggregateFunction[0];
  private int[] ids = new int[64];
  private int[] labels = new int[64];
  private long[] numbers = new long[64];
  private int[] positions = new int[64];

  /// `timeColumn`: the first order column, -1 if there is none.
  OperandEvaluation(
      MatchOperand operand,
      MatchSpec spec,
      List<SqlType> inputTypes,
      int timeColumn,
      FunctionRegistry registry) {
    this.operand = operand;
    this.timeColumn = timeColumn;
    this.timeType = timeColumn < 0 ? operand.type() : inputTypes.get(timeColumn);
    this.withinMicros = spec.withinMicros();
    List<Integer> set = List.of();
    switch (operand) {
      case MatchOperand.RowValue v -> {
        values.add(new LabelledValue(v.value(), inputTypes, spec.variables(), registry));
        set = v.anchor().variables();
      }
      case MatchOperand.Aggregate a -> {
        List<Integer> arguments = new ArrayList<>();
        List<SqlType> types = new ArrayList<>();
        for (var argument : a.arguments()) {
          values.add(new LabelledValue(argument, inputTypes, spec.variables(), registry));
          arguments.add(arguments.size());
          types.add(argument.type());
        }
        AggregateCall call =
            new AggregateCall(a.function(), arguments, a.distinct(), -1, List.of(), a.type(), true);
        aggregate = new AggregateFunction[] {registry.aggregate(call, types)};
        for (MatchOperand.OrderKey key : a.order()) {
          order.add(new LabelledValue(key.value(), inputTypes, spec.variables(), registry));
        }
        if (a.filter() != null) {
          filter = new LabelledValue(a.filter(), inputTypes, spec.variables(), registry);
        }
        set = a.variables();
      }
      case MatchOperand.MatchNumber n -> {}
      case MatchOperand.MatchRowtime r -> {}
      case MatchOperand.TimedOut t -> {}
    }
    mapped = new boolean[spec.variables().size()];
    for (int v : set) {
      mapped[v] = true;
    }
    boolean all = true;
    for (boolean m : mapped) {
      all &= m;
    }
    universal = all && (spec.frame() == null || !spec.frame().seek());
  }

  MatchOperand operand() {
    return operand;
  }

  /// A value for each of `rows`; the caller owns the column. Errors go to the context under the
  /// position in `rows`.
  Column evaluate(EvaluationContext context, RowStore store, MatchFrames frames, FrameRows rows) {
    ensure(rows.count());
    return switch (operand) {
      case MatchOperand.RowValue v -> rowValue(v, context, store, frames, rows);
      case MatchOperand.Aggregate a -> aggregated(a, context, store, frames, rows);
      case MatchOperand.MatchNumber n -> number(n.type(), context, frames, rows);
      case MatchOperand.MatchRowtime r -> rowtime(r.type(), context, store, frames, rows);
      case MatchOperand.TimedOut t -> timedOut(t.type(), context, frames, rows);
    };
  }

  private void ensure(int count) {
    if (ids.length < count) {
      int larger = Math.max(count, ids.length * 2);
      ids = new int[larger];
      labels = new int[larger];
      numbers = new long[larger];
      positions = new int[larger];
    }
  }

  private boolean isMapped(int variable) {
    return variable >= 0 && mapped[variable];
  }

  private static int limit(boolean running, MatchFrames frames, FrameRows rows, int i) {
    return running ? rows.current(i) : frames.length(rows.frame(i)) - 1;
  }

  // Values of rows.

  private Column rowValue(
      MatchOperand.RowValue v,
      EvaluationContext context,
      RowStore store,
      MatchFrames frames,
      FrameRows rows) {
    int found = 0;
    for (int i = 0; i < rows.count(); i++) {
      int frame = rows.frame(i);
      int index = anchor(v.anchor(), frames, frame, limit(v.anchor().running(), frames, rows, i));
      int place = index < 0 ? -1 : frames.place(frame, index + v.offset());
      if (place >= 0) {
        ids[found] = frames.rowAt(place);
        labels[found] = frames.variableAt(place);
        numbers[found] = frames.number(frame);
        positions[found++] = i;
      }
    }
    return evaluateAt(values.getFirst(), context, store, found, rows.count());
  }

  /// Index in the match of the row that the anchor names among rows 0 to `limit`, or -1.
  private int anchor(MatchOperand.Anchor anchor, MatchFrames frames, int frame, int limit) {
    int skip = anchor.skip();
    if (universal) {
      int index = anchor.first() ? skip : limit - skip;
      return index > limit ? -1 : index;
    }
    int first = frames.place(frame, 0);
    if (anchor.first()) {
      for (int i = 0; i <= limit; i++) {
        if (isMapped(frames.variableAt(first + i)) && skip-- == 0) {
          return i;
        }
      }
    } else {
      for (int i = limit; i >= 0; i--) {
        if (isMapped(frames.variableAt(first + i)) && skip-- == 0) {
          return i;
        }
      }
    }
    return -1;
  }

  private Column evaluateAt(
      LabelledValue value, EvaluationContext context, RowStore store, int found, int count) {
    RowErrors outer = context.exchangeErrors(new RowErrors());
    Column column;
    try {
      column = value.evaluate(context, store, ids, labels, numbers, found);
    } finally {
      for (var error : context.exchangeErrors(outer).all()) {
        outer.report(positions[error.row()], error.toException());
      }
    }
    return RowStore.spread(context.allocator(), column, positions, found, count);
  }

  // Facts of the match.

  private static Column number(
      SqlType type, EvaluationContext context, MatchFrames frames, FrameRows rows) {
    try (ColumnWriter out = new ColumnWriter(context.allocator(), type, rows.count())) {
      for (int i = 0; i < rows.count(); i++) {
        out.appendLong(frames.number(rows.frame(i)));
      }
      return out.finish();
    }
  }

  private static Column timedOut(
      SqlType type, EvaluationContext context, MatchFrames frames, FrameRows rows) {
    try (ColumnWriter out = new ColumnWriter(context.allocator(), type, rows.count())) {
      for (int i = 0; i < rows.count(); i++) {
        out.appendBoolean(frames.kind(rows.frame(i)) == MatchFrames.TIMED_OUT);
      }
      return out.finish();
    }
  }

  private Column rowtime(
      SqlType type, EvaluationContext context, RowStore store, MatchFrames frames, FrameRows rows) {
    int found = 0;
    boolean anyTimedOut = false;
    for (int i = 0; i < rows.count(); i++) {
      int frame = rows.frame(i);
      boolean timedOut = frames.kind(frame) == MatchFrames.TIMED_OUT;
      anyTimedOut |= timedOut;
      if (frames.length(frame) > 0) {
        ids[found] = frames.rowAt(frames.place(frame, timedOut ? 0 : frames.length(frame) - 1));
        positions[found++] = i;
      }
    }
    Column times = store.gather(timeColumn, ids, found);
    if (timeType.physical() != type.physical()) {
      times.close();
      throw new IllegalStateException("match_rowtime() of " + timeType.displayName());
    }
    if (anyTimedOut) {
      times = moveTimedOut(times, context, frames, rows, found);
    }
    return RowStore.spread(context.allocator(), times, positions, found, rows.count());
  }

  private Column moveTimedOut(
      Column times, EvaluationContext context, MatchFrames frames, FrameRows rows, int found) {
    try (times;
        FixedColumn out = new FixedColumn(context.allocator(), times.type(), found)) {
      out.copyValidity(times.validity());
      for (int k = 0; k < found; k++) {
        boolean timedOut = frames.kind(rows.frame(positions[k])) == MatchFrames.TIMED_OUT;
        long time = times.longAt(k) + (timedOut ? withinMicros : 0);
        out.data().set(Memory.LONG, (long) k << 3, time);
      }
      return out.finish();
    }
  }

  // Aggregates.

  /// Rows are laid out one group behind the other; arguments are evaluated once a row and group.
  private Column aggregated(
      MatchOperand.Aggregate a,
      EvaluationContext context,
      RowStore store,
      MatchFrames frames,
      FrameRows rows) {
    int groups = rows.count();
    int[] starts = new int[groups + 1];
    int total = 0;
    for (int g = 0; g < groups; g++) {
      starts[g] = total;
      int frame = rows.frame(g);
      int limit = limit(a.running(), frames, rows, g);
      ensureKept(total + limit + 1);
      int first = frames.place(frame, 0);
      for (int i = 0; i <= limit; i++) {
        int variable = frames.variableAt(first + i);
        if (isMapped(variable)) {
          ids[total] = frames.rowAt(first + i);
          labels[total] = variable;
          numbers[total] = frames.number(frame);
          positions[total++] = g;
        }
      }
    }
    starts[groups] = total;
    if (filter != null) {
      total = filtered(filter, context, store, starts, groups, total);
    }
    if (!order.isEmpty()) {
      sort(a, context, store, starts, total);
    }
    Column[] arguments = new Column[values.size()];
    int made = 0;
    try {
      for (; made < arguments.length; made++) {
        arguments[made] = argument(values.get(made), context, store, total);
      }
      return fold(a.distinct(), context, arguments, starts, groups, total);
    } finally {
      for (int i = 0; i < made; i++) {
        arguments[i].close();
      }
    }
  }

  /// Puts the rows of each group into the order of ORDER BY.
  private void sort(
      MatchOperand.Aggregate a,
      EvaluationContext context,
      RowStore store,
      int[] starts,
      int total) {
    byte[][] keys = keys(a, context, store, total);
    Integer[] sorted = new Integer[total];
    Arrays.setAll(sorted, i -> i);
    for (int g = 0; g + 1 < starts.length; g++) {
      Arrays.sort(
          sorted, starts[g], starts[g + 1], (x, y) -> Arrays.compareUnsigned(keys[x], keys[y]));
    }
    int[] sortedIds = new int[total];
    int[] sortedLabels = new int[total];
    long[] sortedNumbers = new long[total];
    for (int i = 0; i < total; i++) {
      sortedIds[i] = ids[sorted[i]];
      sortedLabels[i] = labels[sorted[i]];
      sortedNumbers[i] = numbers[sorted[i]];
    }
    System.arraycopy(sortedIds, 0, ids, 0, total);
    System.arraycopy(sortedLabels, 0, labels, 0, total);
    System.arraycopy(sortedNumbers, 0, numbers, 0, total);
  }

  private byte[][] keys(
      MatchOperand.Aggregate a, EvaluationContext context, RowStore store, int total) {
    int count = order.size();
    boolean[] descending = new boolean[count];
    boolean[] nullsFirst = new boolean[count];
    List<SqlType> types = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      MatchOperand.OrderKey key = a.order().get(i);
      descending[i] = key.descending();
      nullsFirst[i] = key.nullsFirst();
      types.add(key.value().type());
    }
    KeyCodec codec = new KeyCodec(types, descending, nullsFirst);
    Column[] columns = new Column[count];
    int made = 0;
    try {
      for (; made < count; made++) {
        columns[made] = argument(order.get(made), context, store, total);
      }
      byte[][] keys = new byte[total][];
      ByteSink sink = new ByteSink();
      for (int i = 0; i < total; i++) {
        sink.reset();
        codec.encode(columns, i, sink);
        keys[i] = sink.toBytes();
      }
      return keys;
    } finally {
      for (int i = 0; i < made; i++) {
        columns[i].close();
      }
    }
  }

  /// Leaves rows out for which FILTER is not true; returns how many are left.
  private int filtered(
      LabelledValue condition,
      EvaluationContext context,
      RowStore store,
      int[] starts,
      int groups,
      int total) {
    try (Column passes = argument(condition, context, store, total)) {
      int kept = 0;
      for (int g = 0; g < groups; g++) {
        int from = starts[g];
        int to = starts[g + 1];
        starts[g] = kept;
        for (int i = from; i < to; i++) {
          if (!passes.isNull(i) && passes.booleanAt(i)) {
            ids[kept] = ids[i];
            labels[kept] = labels[i];
            numbers[kept] = numbers[i];
            positions[kept++] = positions[i];
          }
        }
      }
      starts[groups] = kept;
      return kept;
    }
  }

  private void ensureKept(int size) {
    if (ids.length < size) {
      int larger = Math.max(size, ids.length * 2);
      ids = Arrays.copyOf(ids, larger);
      labels = Arrays.copyOf(labels, larger);
      numbers = Arrays.copyOf(numbers, larger);
      positions = Arrays.copyOf(positions, larger);
    }
  }

  private Column argument(
      LabelledValue value, EvaluationContext context, RowStore store, int total) {
    RowErrors outer = context.exchangeErrors(new RowErrors());
    try {
      return value.evaluate(context, store, ids, labels, numbers, total);
    } finally {
      for (var error : context.exchangeErrors(outer).all()) {
        outer.report(positions[error.row()], error.toException());
      }
    }
  }

  private Column fold(
      boolean distinct,
      EvaluationContext context,
      Column[] arguments,
      int[] starts,
      int groups,
      int total) {
    int[] chosen = new int[total];
    int[] chosenStarts = starts;
    int kept = total;
    for (int i = 0; i < total; i++) {
      chosen[i] = i;
    }
    if (distinct) {
      chosenStarts = new int[groups + 1];
      kept = distinct(arguments, starts, groups, chosen, chosenStarts);
    }
    return switch (aggregate[0]) {
      case AccumulatorAggregate acc ->
          accumulate(acc, context, arguments, chosen, chosenStarts, groups, kept);
      case SketchAggregate s ->
          GroupedRows.fold(
              s,
              context,
              arguments,
              Arrays.copyOf(chosen, kept),
              groupOf(chosenStarts, groups),
              groups);
      case MultisetAggregate m -> multiset(m, context, arguments, chosen, chosenStarts, groups);
      case ExtremeAggregate e ->
          e.accumulator().isPresent()
              ? accumulate(
                  e.accumulator().get(), context, arguments, chosen, chosenStarts, groups, kept)
              : extreme(e, context, arguments[0], chosen, chosenStarts, groups);
      case CollectingAggregate c ->
          c.evaluate(context, arguments, Arrays.copyOf(chosen, kept), chosenStarts, groups);
    };
  }

  private static int[] groupOf(int[] starts, int groups) {
    int[] groupOf = new int[starts[groups]];
    for (int g = 0; g < groups; g++) {
      Arrays.fill(groupOf, starts[g], starts[g + 1], g);
    }
    return groupOf;
  }

  private static Column multiset(
      MultisetAggregate aggregate,
      EvaluationContext context,
      Column[] arguments,
      int[] chosen,
      int[] starts,
      int groups) {
    if (aggregate.wantsOrder()) {
      throw new SqlException(
          ErrorCode.FEATURE_NOT_SUPPORTED,
          "an aggregate with an order of its own is not supported in MATCH_RECOGNIZE");
    }
    Column[] columns = new Column[arguments.length];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = arguments[aggregate.order()[i]];
    }
    return GroupedRows.evaluate(
        aggregate, context, columns, new boolean[columns.length], chosen, starts, groups);
  }

  private static int distinct(
      Column[] arguments, int[] starts, int groups, int[] chosen, int[] chosenStarts) {
    KeyCodec codec = new KeyCodec(Arrays.stream(arguments).map(Column::type).toList());
    ByteSink sink = new ByteSink();
    int kept = 0;
    for (int g = 0; g < groups; g++) {
      chosenStarts[g] = kept;
      Set<ByteBuffer> seen = new HashSet<>();
      for (int i = starts[g]; i < starts[g + 1]; i++) {
        sink.reset();
        codec.encode(arguments, i, sink);
        if (seen.add(ByteBuffer.wrap(sink.toBytes()))) {
          chosen[kept++] = i;
        }
      }
    }
    chosenStarts[groups] = kept;
    return kept;
  }

  private static Column accumulate(
      AccumulatorAggregate function,
      EvaluationContext context,
      Column[] arguments,
      int[] chosen,
      int[] starts,
      int groups,
      int kept) {
    int width = function.width();
    MemorySegment state = MemorySegment.ofArray(new byte[Math.multiplyExact(groups, width)]);
    long[] slots = new long[kept];
    long[] groupSlots = new long[groups];
    for (int g = 0; g < groups; g++) {
      groupSlots[g] = (long) g * width;
      Arrays.fill(slots, starts[g], starts[g + 1], groupSlots[g]);
    }
    function.add(state, slots, 0, arguments, Selection.of(chosen, kept), null, 1);
    return function.emit(context, state, groupSlots, 0, groups);
  }

  private static Column extreme(
      ExtremeAggregate function,
      EvaluationContext context,
      Column argument,
      int[] chosen,
      int[] starts,
      int groups) {
    KeyCodec codec = new KeyCodec(List.of(argument.type()));
    Column[] columns = {argument};
    ByteSink sink = new ByteSink();
    try (ColumnWriter out = new ColumnWriter(context.allocator(), argument.type(), groups)) {
      for (int g = 0; g < groups; g++) {
        int best = -1;
        byte[] bestKey = new byte[0];
        for (int i = starts[g]; i < starts[g + 1]; i++) {
          if (argument.isNull(chosen[i])) {
            continue;
          }
          sink.reset();
          codec.encode(columns, chosen[i], sink);
          byte[] key = sink.toBytes();
          int compared = best < 0 ? 1 : Arrays.compareUnsigned(key, bestKey);
          if (best < 0 || (function.greatest() ? compared > 0 : compared < 0)) {
            best = chosen[i];
            bestKey = key;
          }
        }
        if (best < 0) {
          out.appendNull();
        } else {
          out.appendFrom(argument, best);
        }
      }
      return out.finish();
    }
  }
}
