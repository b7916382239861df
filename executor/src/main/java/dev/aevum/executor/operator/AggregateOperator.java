package dev.aevum.executor.operator;

import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.Gather;
import dev.aevum.executor.kernel.RowError;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.batch.Memory;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.codec.KeyCodec;
import dev.aevum.model.step.Watermarks;
import dev.aevum.planner.plan.PlanNode.AggregateNode;
import dev.aevum.storage.state.HashState;
import java.lang.foreign.MemorySegment;
import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;

/// GROUP BY and DISTINCT, every change visible at once.
///
/// **Schema**: group columns, then one column a call. **Weights**: neither linear nor bilinear: at
/// flush, for each touched group whose row changed, -1 the old row and +1 the new one. **State**:
/// one entry a group, and per retracting or variable-length min/max and per DISTINCT argument one
/// entry for each value in a group ([AggregateState]). **Dropped** when the group's rows are all
/// gone, or when the watermark passes the closing column. Without keys there is one group, from the
/// first step on, for ever, on the worker of the empty key's shard.
///
/// A call whose result does not fit withdraws its group's row and reports an error with the group's
/// key, until the group is valid again. Source: net change per step, as `reduce` of differential
/// dataflow.
public final class AggregateOperator implements Operator, Flushing, TimeDriven {
  private static final int OUTPUT_ROWS = DeltaBatch.TARGET_ROWS;

  private final OperatorContext context;
  private final AggregateLayout layout;
  private final AggregateState state;
  private final TouchedGroups touched;
  private final AggregateFold fold;
  private final boolean keyless;
  private final long closeOffset;
  private boolean keylessChecked;
  private boolean[] different = new boolean[64];

  public AggregateOperator(OperatorContext context, AggregateNode node, AggregateBinder binder) {
    this.context = context;
    this.layout = new AggregateLayout(node, binder);
    this.state = new AggregateState(context, layout);
    this.touched = new TouchedGroups(context.allocator(), layout, state);
    this.fold = new AggregateFold(context.allocator(), layout, state, touched, true);
    this.keyless = layout.groupKeys.length == 0;
    this.closeOffset = TimeColumns.offsetOf(node.input(), layout.closeColumn);
  }

  @Override
  public void push(int input, DeltaBatch batch) {
    fold.fold(batch);
  }

  @Override
  public void flush() {
    if (keyless && !keylessChecked && context.ownedShards().ownsKeyless()) {
      touchOnlyGroup();
    }
    int groups = touched.count();
    if (groups == 0) {
      return;
    }
    Column[] keys = keyColumns(groups);
    try (ArrowBuf fresh = context.allocator().buffer((long) groups * layout.width)) {
      MemorySegment after = Memory.segment(fresh);
      Column[] best = bestAfter(groups);
      GroupSketches before = sketchesBefore(groups);
      settle(after);
      emit(keys, after, best, before, groups);
    } finally {
      GroupRows.closeAll(keys);
      touched.clear();
      fold.sketches().clear();
    }
  }

  /// The one group of an aggregate without keys exists before its first row.
  private void touchOnlyGroup() {
    keylessChecked = true;
    HashState groups = state.groups(0);
    MemorySegment none = MemorySegment.ofArray(new byte[1]);
    long hash = KeyCodec.hash(none, 0, 0);
    groups.reserve(1);
    long slot = groups.findOrInsert(none, 0, 0, hash);
    if (groups.inserted()) {
      int place = touched.add(none, 0, 0, hash, 0L, true);
      fold.begin(place, groups.values(), groups.valueOffset(slot), 0L);
      groups.values().set(LONG, groups.valueOffset(slot) + AggregateLayout.TOUCH, place + 1L);
    }
  }

  private Column[] keyColumns(int groups) {
    ColumnWriter[] writers = new ColumnWriter[layout.keyTypes.size()];
    for (int i = 0; i < writers.length; i++) {
      writers[i] = new ColumnWriter(context.allocator(), layout.keyTypes.get(i), groups);
    }
    try {
      for (int g = 0; g < groups; g++) {
        state.appendKey(
            touched.keys(), touched.keyOffset(g), touched.keyLength(g), touched.time(g), writers);
      }
      Column[] columns = new Column[writers.length];
      for (int i = 0; i < columns.length; i++) {
        columns[i] = writers[i].finish();
      }
      return columns;
    } finally {
      for (ColumnWriter w : writers) {
        w.close();
      }
    }
  }

  private Column[] bestAfter(int groups) {
    Column[] best = new Column[layout.extremes.size()];
    for (int e = 0; e < best.length; e++) {
      AggregateLayout.ExtremeCall call = layout.extremes.get(e);
      try (ColumnWriter out = new ColumnWriter(context.allocator(), call.type(), groups)) {
        for (int g = 0; g < groups; g++) {
          ByteSink head =
              state.head(
                  touched.keys(), touched.keyOffset(g), touched.keyLength(g), touched.time(g));
          state.extreme(call.source()).appendBest(head, call.greatest(), out);
        }
        best[e] = out.finish();
      }
    }
    return best;
  }

  /// State still has the sketches as they were before the step.
  private GroupSketches sketchesBefore(int groups) {
    GroupSketches before = new GroupSketches(layout);
    for (int g = 0; g < groups && !before.isEmpty(); g++) {
      before.load(g, state, head(g));
    }
    return before;
  }

  private ByteSink head(int group) {
    return state.head(
        touched.keys(), touched.keyOffset(group), touched.keyLength(group), touched.time(group));
  }

  private MultisetRows[] multisetsAfter(int groups) {
    MultisetRows[] rows = state.collectors(context.allocator(), layout);
    for (int g = 0; g < groups && rows.length > 0; g++) {
      state.appendMultisets(layout, head(g), rows);
    }
    return rows;
  }

  /// Copies the groups' new values, ends their touch, and removes those without rows.
  private void settle(MemorySegment after) {
    for (int g = 0; g < touched.count(); g++) {
      HashState groups = state.groups(touched.time(g));
      int offset = touched.keyOffset(g);
      int length = touched.keyLength(g);
      long slot = groups.find(touched.keys(), offset, length, touched.hash(g));
      if (slot < 0) {
        throw new IllegalStateException("a touched group is gone");
      }
      MemorySegment values = groups.values();
      long at = groups.valueOffset(slot);
      values.set(LONG, at + AggregateLayout.TOUCH, 0L);
      MemorySegment.copy(values, at, after, (long) g * layout.width, layout.width);
      long count = values.get(LONG, at + AggregateLayout.COUNT);
      if (count < 0) {
        throw new IllegalStateException("a group of " + count + " rows");
      }
      if (count == 0 && !keyless) {
        groups.remove(slot);
        state.forget(touched.keys(), offset, length, touched.hash(g), touched.time(g));
      } else if (!fold.sketches().isEmpty()) {
        fold.sketches().store(g, state, head(g), touched.hash(g));
      }
    }
  }

  private void emit(
      Column[] keys, MemorySegment after, Column[] best, GroupSketches before, int groups) {
    EvaluationContext evaluation = context.evaluation().get();
    long[] slots = new long[groups];
    for (int g = 0; g < groups; g++) {
      slots[g] = (long) g * layout.width;
    }
    Column[] bestBefore = new Column[best.length];
    for (int e = 0; e < best.length; e++) {
      bestBefore[e] = touched.finishBestBefore(e);
    }
    MultisetRows[] multisets = multisetsAfter(groups);
    try (GroupRows fresh =
            GroupRows.emit(
                evaluation, layout, after, slots, groups, best, multisets, fold.sketches());
        GroupRows old =
            GroupRows.emit(
                evaluation,
                layout,
                touched.images(),
                slots,
                groups,
                bestBefore,
                touched.before(),
                before)) {
      different = RowDifference.none(different, groups);
      for (int c = 0; c < layout.callCount; c++) {
        RowDifference.mark(old.calls()[c], fresh.calls()[c], different);
      }
      emitChanges(keys, old, fresh, after, groups);
    } finally {
      for (MultisetRows rows : multisets) {
        rows.close();
      }
    }
  }

  private void emitChanges(
      Column[] keys, GroupRows old, GroupRows fresh, MemorySegment after, int groups) {
    int[] retract = new int[groups];
    int[] insert = new int[groups];
    int retracts = 0;
    int inserts = 0;
    boolean anyErrors = !old.errors().isEmpty() || !fresh.errors().isEmpty();
    for (int g = 0; g < groups; g++) {
      boolean was = existed(g);
      boolean is = keyless || after.get(LONG, (long) g * layout.width + AggregateLayout.COUNT) > 0;
      if (anyErrors) {
        RowError oldError = was ? old.error(g) : null;
        RowError newError = is ? fresh.error(g) : null;
        changeErrors(keys, g, oldError, newError);
        was &= oldError == null;
        is &= newError == null;
      }
      boolean changed = was != is || different[g];
      if (was && changed) {
        retract[retracts++] = g;
      }
      if (is && changed) {
        insert[inserts++] = g;
      }
    }
    emitRows(keys, old.calls(), retract, retracts, -1);
    emitRows(keys, fresh.calls(), insert, inserts, 1);
  }

  private boolean existed(int group) {
    if (keyless) {
      return !touched.isNew(group);
    }
    return touched.images().get(LONG, (long) group * layout.width + AggregateLayout.COUNT) > 0;
  }

  private void changeErrors(
      Column[] keys, int group, @Nullable RowError before, @Nullable RowError now) {
    if (before != null && now != null && before.message().equals(now.message())) {
      return;
    }
    if (before != null) {
      context.errors().report(before, RowText.of(keys, group), -1);
    }
    if (now != null) {
      context.errors().report(now, RowText.of(keys, group), 1);
    }
  }

  private void emitRows(Column[] keys, Column[] calls, int[] groups, int count, long weight) {
    for (int from = 0; from < count; from += OUTPUT_ROWS) {
      int n = Math.min(OUTPUT_ROWS, count - from);
      int[] rows = java.util.Arrays.copyOfRange(groups, from, from + n);
      context.output().emit(rows(keys, calls, rows, weight));
    }
  }

  private DeltaBatch rows(Column[] keys, Column[] calls, int[] rows, long weight) {
    Column[] columns = new Column[keys.length + calls.length];
    for (int i = 0; i < columns.length; i++) {
      Column source = i < keys.length ? keys[i] : calls[i - keys.length];
      columns[i] = Gather.gather(context.allocator(), source, rows, rows.length);
    }
    ArrowBuf weights =
        weight == 1 ? null : Weights.constant(context.allocator(), rows.length, weight);
    return new DeltaBatch(rows.length, columns, weights);
  }

  @Override
  public void advance(long watermark) {
    if (layout.closeColumn >= 0) {
      state.dropBefore(Watermarks.plus(watermark, closeOffset));
    }
  }

  @Override
  public void close() {
    fold.close();
    touched.close();
  }
}
