package dev.aevum.executor.query;

import dev.aevum.executor.aggregate.AccumulatorAggregate;
import dev.aevum.executor.aggregate.AggregateFunction;
import dev.aevum.executor.aggregate.ExtremeAggregate;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.AggregateCall;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Aggregates as window functions. Accumulators move with the frame: rows that enter are added, and
/// those that leave are taken back where the aggregate is linear; others, and those that collect
/// their rows, are folded anew for each frame that differs from the one before.
final class FrameFold {
  private static final int CHUNK = 512;

  private final AggregateCall call;
  private final DeltaBatch sorted;
  private final FrameRanges ranges;
  private final QueryContext context;

  /// Rows that pass FILTER; null: all.
  private final @Nullable BitSet chosen;

  private FrameFold(
      AggregateCall call, DeltaBatch sorted, FrameRanges ranges, QueryContext context) {
    this.call = call;
    this.sorted = sorted;
    this.ranges = ranges;
    this.context = context;
    this.chosen = call.filter() < 0 ? null : filtered();
  }

  static Column evaluate(
      AggregateCall call, DeltaBatch sorted, FrameRanges ranges, QueryContext context) {
    FrameFold fold = new FrameFold(call, sorted, ranges, context);
    List<SqlType> types = sorted.columns().stream().map(Column::type).toList();
    AggregateFunction function = context.aggregate(call, types);
    AccumulatorAggregate accumulator =
        switch (function) {
          case AccumulatorAggregate a -> a;
          case ExtremeAggregate e -> e.accumulator().orElse(null);
          default -> null;
        };
    return accumulator != null && (accumulator.isLinear() || !ranges.excludes())
        ? fold.moving(accumulator)
        : fold.anew();
  }

  private BitSet filtered() {
    BitSet rows = new BitSet(sorted.rows());
    Column filter = sorted.column(call.filter());
    for (int i = 0; i < sorted.rows(); i++) {
      rows.set(i, !filter.isNull(i) && filter.booleanAt(i));
    }
    return rows;
  }

  private Column moving(AccumulatorAggregate aggregate) {
    int width = aggregate.width();
    MemorySegment state = MemorySegment.ofArray(new byte[width]);
    MemorySegment chunk = MemorySegment.ofArray(new byte[CHUNK * width]);
    Column[] arguments = Batches.chosen(sorted, call.arguments());
    try (ColumnWriter out = new ColumnWriter(context.allocator(), call.type(), sorted.rows())) {
      int from = 0;
      int to = 0;
      int held = 0;
      for (int i = 0; i < sorted.rows(); i++) {
        int start = ranges.start(i);
        int end = ranges.end(i);
        boolean linear = aggregate.isLinear();
        boolean follows = start >= from && start <= to && (linear || start == from && end >= to);
        long step = Math.abs((long) start - from) + Math.abs((long) end - to);
        if (!follows || step > (long) end - start) {
          state.fill((byte) 0);
          add(aggregate, state, arguments, start, end, 1, -1);
        } else {
          add(aggregate, state, arguments, from, start, -1, -1);
          add(aggregate, state, arguments, to, end, 1, -1);
          add(aggregate, state, arguments, end, to, -1, -1);
        }
        from = start;
        to = end;
        if (ranges.excludes()) {
          add(aggregate, state, arguments, start, end, -1, i);
        }
        MemorySegment.copy(state, 0, chunk, (long) held * width, width);
        if (ranges.excludes()) {
          add(aggregate, state, arguments, start, end, 1, i);
        }
        if (++held == CHUNK || i == sorted.rows() - 1) {
          emit(aggregate, chunk, held, out);
          held = 0;
        }
      }
      return out.finish();
    }
  }

  private void emit(
      AccumulatorAggregate aggregate, MemorySegment chunk, int groups, ColumnWriter out) {
    long[] slots = new long[groups];
    for (int g = 0; g < groups; g++) {
      slots[g] = (long) g * aggregate.width();
    }
    try (Column values = aggregate.emit(context.evaluation(), chunk, slots, 0, groups)) {
      context.check();
      for (int g = 0; g < groups; g++) {
        out.appendFrom(values, g);
      }
    }
  }

  /// Adds the rows from `from` to `to` (none when that is before) that pass FILTER; of them only
  /// those that `excludedBy` does not see, unless it is -1.
  private void add(
      AccumulatorAggregate aggregate,
      MemorySegment state,
      Column[] arguments,
      int from,
      int to,
      int sign,
      int excludedBy) {
    if (to <= from) {
      return;
    }
    int[] rows = new int[to - from];
    int count = 0;
    for (int row = from; row < to; row++) {
      if (passes(row) && (excludedBy < 0 || ranges.excluded(excludedBy, row))) {
        rows[count++] = row;
      }
    }
    if (count > 0) {
      aggregate.add(state, new long[count], 0, arguments, Selection.of(rows, count), null, sign);
    }
  }

  private boolean passes(int row) {
    return chosen == null || chosen.get(row);
  }

  private Column anew() {
    try (ColumnWriter out = new ColumnWriter(context.allocator(), call.type(), sorted.rows())) {
      for (int i = 0; i < sorted.rows(); ) {
        context.check();
        int[] rows = new int[ranges.end(i) - ranges.start(i)];
        int count = 0;
        for (int row = ranges.start(i); row < ranges.end(i); row++) {
          if (!ranges.excluded(i, row)) {
            rows[count++] = row;
          }
        }
        int next = i + 1;
        while (next < sorted.rows() && ranges.same(i, next)) {
          next++;
        }
        try (DeltaBatch frame = Batches.rows(context.allocator(), sorted, rows, count);
            Column value = GroupFold.fold(call, frame, new int[count], 1, context)) {
          for (; i < next; i++) {
            out.appendFrom(value, 0);
          }
        }
      }
      return out.finish();
    }
  }
}
