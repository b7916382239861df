package dev.aevum.executor.operator;

import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.Gather;
import dev.aevum.executor.kernel.RowError;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.step.Watermarks;
import dev.aevum.planner.plan.PlanNode.AggregateNode;
import dev.aevum.storage.state.HashState;
import dev.aevum.storage.state.SlicedState;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// GROUP BY with EMIT ON WINDOW CLOSE: a group's row comes once, when the watermark has passed its
/// closing column, and its state goes with it.
///
/// **Schema**: group columns, then one column a call. **Weights**: +1 only, whatever the input's;
/// nothing is emitted between closes. **State**: open groups ([AggregateState]), sliced by closing
/// time. **Dropped** by the watermark only: a group whose rows were all taken back leaves no row
/// and waits for its close.
///
/// A call whose result does not fit gives an error with the group's key instead of the row.
public final class CloseAggregateOperator implements Operator, TimeDriven, Sealing {
  private final OperatorContext context;
  private final AggregateLayout layout;
  private final AggregateState state;
  private final @Nullable TouchedGroups touched;
  private final AggregateFold fold;
  private final long closeOffset;
  private final long[] slots = new long[DeltaBatch.TARGET_ROWS];

  public CloseAggregateOperator(
      OperatorContext context, AggregateNode node, AggregateBinder binder) {
    this.context = context;
    this.layout = new AggregateLayout(node, binder);
    if (layout.closeColumn < 0) {
      throw new IllegalStateException("an aggregate that emits on close without a closing column");
    }
    this.state = new AggregateState(context, layout);
    this.touched =
        layout.sketches.isEmpty() ? null : new TouchedGroups(context.allocator(), layout, state);
    this.fold = new AggregateFold(context.allocator(), layout, state, touched, false);
    this.closeOffset = TimeColumns.offsetOf(node.input(), layout.closeColumn);
  }

  @Override
  public void push(int input, DeltaBatch batch) {
    fold.fold(batch);
  }

  /// Writes back the sketches of the step.
  @Override
  public void seal() {
    if (touched == null || touched.count() == 0) {
      return;
    }
    for (int g = 0; g < touched.count(); g++) {
      HashState groups = state.groups(touched.time(g));
      int offset = touched.keyOffset(g);
      int length = touched.keyLength(g);
      long slot = groups.find(touched.keys(), offset, length, touched.hash(g));
      groups.values().set(LONG, groups.valueOffset(slot) + AggregateLayout.TOUCH, 0L);
      ByteSink head = state.head(touched.keys(), offset, length, touched.time(g));
      fold.sketches().store(g, state, head, touched.hash(g));
    }
    touched.clear();
    fold.sketches().clear();
  }

  @Override
  public void advance(long watermark) {
    seal();
    long bound = Watermarks.plus(watermark, closeOffset);
    SlicedState slices = state.slices();
    for (long time = slices.firstTime(); time < bound; time = slices.nextTime(time)) {
      emit(slices.slice(time), time);
    }
    state.dropBefore(bound);
  }

  private void emit(HashState groups, long time) {
    long[] chunk = new long[DeltaBatch.TARGET_ROWS];
    int count = 0;
    MemorySegment values = groups.values();
    for (long slot = groups.nextSlot(0); slot >= 0; slot = groups.nextSlot(slot + 1)) {
      long rows = values.get(LONG, groups.valueOffset(slot) + AggregateLayout.COUNT);
      if (rows < 0) {
        throw new IllegalStateException("a group of " + rows + " rows");
      }
      if (rows > 0) {
        chunk[count++] = slot;
      }
      if (count == chunk.length) {
        emit(groups, time, chunk, count);
        count = 0;
      }
    }
    if (count > 0) {
      emit(groups, time, chunk, count);
    }
  }

  private void emit(HashState groups, long time, long[] chunk, int count) {
    EvaluationContext evaluation = context.evaluation().get();
    for (int i = 0; i < count; i++) {
      slots[i] = groups.valueOffset(chunk[i]);
    }
    Column[] keys = keyColumns(groups, time, chunk, count);
    MultisetRows[] multisets = state.collectors(context.allocator(), layout);
    GroupSketches sketches = new GroupSketches(layout);
    for (int i = 0; i < count; i++) {
      ByteSink head =
          state.head(groups.keys(), groups.keyOffset(chunk[i]), groups.keyLength(chunk[i]), time);
      state.appendMultisets(layout, head, multisets);
      if (!sketches.isEmpty()) {
        sketches.load(i, state, head);
      }
    }
    try (GroupRows rows =
        GroupRows.emit(
            evaluation,
            layout,
            groups.values(),
            slots,
            count,
            best(groups, time, chunk, count),
            multisets,
            sketches)) {
      for (RowError e : rows.errors()) {
        context.errors().report(e, RowText.of(keys, e.row()), 1);
      }
      context.output().emit(valid(keys, rows, count));
    } finally {
      GroupRows.closeAll(keys);
      for (MultisetRows rows : multisets) {
        rows.close();
      }
    }
  }

  private DeltaBatch valid(Column[] keys, GroupRows rows, int count) {
    Column[] columns = new Column[keys.length + layout.callCount];
    int[] chosen = new int[count];
    int n = 0;
    for (int i = 0; i < count; i++) {
      if (rows.errors().isEmpty() || rows.error(i) == null) {
        chosen[n++] = i;
      }
    }
    for (int i = 0; i < columns.length; i++) {
      Column source = i < keys.length ? keys[i] : rows.calls()[i - keys.length];
      columns[i] =
          n == count ? source.retain() : Gather.gather(context.allocator(), source, chosen, n);
    }
    return new DeltaBatch(n, columns, null);
  }

  private Column[] keyColumns(HashState groups, long time, long[] chunk, int count) {
    ColumnWriter[] writers = new ColumnWriter[layout.keyTypes.size()];
    for (int i = 0; i < writers.length; i++) {
      writers[i] = new ColumnWriter(context.allocator(), layout.keyTypes.get(i), count);
    }
    try {
      for (int i = 0; i < count; i++) {
        long slot = chunk[i];
        state.appendKey(
            groups.keys(), groups.keyOffset(slot), groups.keyLength(slot), time, writers);
      }
      return Arrays.stream(writers).map(ColumnWriter::finish).toArray(Column[]::new);
    } finally {
      for (ColumnWriter w : writers) {
        w.close();
      }
    }
  }

  private Column[] best(HashState groups, long time, long[] chunk, int count) {
    Column[] best = new Column[layout.extremes.size()];
    for (int e = 0; e < best.length; e++) {
      AggregateLayout.ExtremeCall call = layout.extremes.get(e);
      try (ColumnWriter out = new ColumnWriter(context.allocator(), call.type(), count)) {
        for (int i = 0; i < count; i++) {
          long slot = chunk[i];
          ByteSink head =
              state.head(groups.keys(), groups.keyOffset(slot), groups.keyLength(slot), time);
          state.extreme(call.source()).appendBest(head, call.greatest(), out);
        }
        best[e] = out.finish();
      }
    }
    return best;
  }

  @Override
  public void close() {
    fold.close();
    if (touched != null) {
      touched.close();
    }
  }
}
