package dev.aevum.executor.operator;

import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.executor.kernel.Selection;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.batch.Memory;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.codec.KeyCodec;
import dev.aevum.storage.state.HashState;
import java.lang.foreign.MemorySegment;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// Adds batches to the groups of an aggregate: finds each row's group once, notes groups touched
/// for the first time in the step, then runs every accumulator over the whole batch. Where rows are
/// partial groups, it adds them up instead.
final class AggregateFold implements AutoCloseable {
  /// Of the closing time: rows where it is NULL share a group that closes last.
  static final long NULL_TIME = Long.MAX_VALUE - 1;

  private final AggregateLayout layout;
  private final AggregateState state;
  private final @Nullable TouchedGroups touched;
  private final boolean undo;
  private final KeyCodec codec;
  private final BufferAllocator allocator;
  private final ByteSink keys = new ByteSink();
  private final TimeBuckets buckets = new TimeBuckets();
  private final Column[] keyColumns;
  private final Column[] inputs;
  private final Column[][] arguments;
  private int[] offsets = new int[0];
  private long[] hashes = new long[0];
  private long[] slots = new long[0];
  private long[] chosenSlots = new long[0];
  private int[] chosenRows = new int[0];
  private final RowFilters filters;
  private final GroupSketches sketches;
  private final Column[][] sketchArguments;
  private int[] places = new int[0];
  private @Nullable ArrowBuf transitionBuffer;
  private MemorySegment transitions = Memory.EMPTY;
  private @Nullable ArrowBuf partialBuffer;
  private MemorySegment partials = Memory.EMPTY;
  private long[] partialOffsets = new long[0];

  /// `touched`: where touched groups are noted (null: nowhere). `undo`: with their old values.
  AggregateFold(
      BufferAllocator allocator,
      AggregateLayout layout,
      AggregateState state,
      @Nullable TouchedGroups touched,
      boolean undo) {
    this.allocator = allocator;
    this.layout = layout;
    this.state = state;
    this.touched = touched;
    this.undo = undo;
    this.codec = new KeyCodec(layout.keyTypes);
    this.keyColumns = new Column[layout.groupKeys.length];
    this.inputs = new Column[layout.inputTypes.size()];
    this.arguments = new Column[layout.accumulators.size()][];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = new Column[layout.accumulators.get(i).arguments().length];
    }
    this.filters = new RowFilters(layout);
    this.sketches = new GroupSketches(layout);
    this.sketchArguments = new Column[layout.sketches.size()][];
    for (int i = 0; i < sketchArguments.length; i++) {
      sketchArguments[i] = new Column[layout.sketches.get(i).arguments().length];
    }
  }

  /// Of the touched groups, by place.
  GroupSketches sketches() {
    return sketches;
  }

  void fold(DeltaBatch batch) {
    int rows = batch.rows();
    if (rows == 0) {
      return;
    }
    prepare(batch);
    if (layout.closeColumn < 0) {
      fold(batch, Selection.all(rows), 0);
      return;
    }
    buckets.assign(batch.column(layout.closeColumn), NULL_TIME);
    for (int b = 0; b < buckets.count(); b++) {
      fold(batch, buckets.rows(b), buckets.time(b));
    }
  }

  private void prepare(DeltaBatch batch) {
    int rows = batch.rows();
    if (hashes.length < rows) {
      offsets = new int[rows + 1];
      hashes = new long[rows];
      slots = new long[rows];
      chosenSlots = new long[rows];
      chosenRows = new int[rows];
    }
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = batch.column(i);
    }
    for (int i = 0; i < keyColumns.length; i++) {
      keyColumns[i] = inputs[layout.groupKeys[i]];
    }
    keys.reset();
    codec.encodeAll(keyColumns, rows, keys, offsets);
    KeyCodec.hashAll(keys.segment(), offsets, rows, hashes);
  }

  private void fold(DeltaBatch batch, Selection rows, long time) {
    HashState groups = state.groups(time);
    groups.reserve(rows.size());
    MemorySegment values = groups.values();
    locate(groups, values, rows, time);
    if (layout.partialColumn >= 0) {
      merge(values, rows);
      return;
    }
    MemorySegment weights = batch.weights();
    count(values, rows, weights);
    filters.select(inputs, slots, rows);
    for (int d = 0; d < layout.distinctSources.size(); d++) {
      foldDistinct(d, values, weights, time);
    }
    for (int i = 0; i < arguments.length; i++) {
      AggregateLayout.AccumulatorCall call = layout.accumulators.get(i);
      if (call.distinct() < 0) {
        RowFilters.Filtered f = filters.of(call.filter());
        take(call, i);
        call.aggregate().add(values, f.slots, call.field(), arguments[i], f.selection, weights, 1);
      }
    }
    for (int i = 0; i < layout.sketches.size(); i++) {
      if (layout.sketches.get(i).distinct() < 0) {
        RowFilters.Filtered f = filters.of(layout.sketches.get(i).filter());
        for (int a = 0; a < sketchArguments[i].length; a++) {
          sketchArguments[i][a] = inputs[layout.sketches.get(i).arguments()[a]];
        }
        addToSketch(i, values, f.slots, sketchArguments[i], f.selection, weights);
      }
    }
    for (int e = 0; e < layout.extremeSources.size(); e++) {
      foldExtreme(e, weights, time);
    }
  }

  private void addToSketch(
      int call,
      MemorySegment values,
      long[] rowSlots,
      Column[] columns,
      Selection rows,
      @Nullable MemorySegment weights) {
    int n = rows.size();
    if (places.length < n) {
      places = new int[Math.max(n, rowSlots.length)];
    }
    for (int k = 0; k < n; k++) {
      places[k] = (int) values.get(LONG, rowSlots[k] + AggregateLayout.TOUCH) - 1;
    }
    layout.sketches.get(call).aggregate().add(sketches.of(call), places, columns, rows, weights);
  }

  /// Rows are partial groups. Their weights are in them.
  private void merge(MemorySegment values, Selection rows) {
    int width = layout.width;
    int n = rows.size();
    reservePartials((long) n * width);
    Column column = inputs[layout.partialColumn];
    for (int k = 0; k < n; k++) {
      int row = rows.row(k);
      if (column.lengthAt(row) < width || sketches.isEmpty() && column.lengthAt(row) != width) {
        throw new IllegalStateException("a partial group of " + column.lengthAt(row) + " bytes");
      }
      long at = (long) k * width;
      MemorySegment.copy(column.segmentAt(row), column.offsetAt(row), partials, at, width);
      partialOffsets[k] = at;
      if (!sketches.isEmpty()) {
        int place = (int) values.get(LONG, slots[k] + AggregateLayout.TOUCH) - 1;
        sketches.merge(place, column.segmentAt(row), column.offsetAt(row) + width);
      }
      long count = slots[k] + AggregateLayout.COUNT;
      long added = partials.get(LONG, at + AggregateLayout.COUNT);
      values.set(LONG, count, Math.addExact(values.get(LONG, count), added));
    }
    for (AggregateLayout.AccumulatorCall call : layout.accumulators) {
      call.aggregate().merge(values, slots, call.field(), partials, partialOffsets, n);
    }
  }

  private void reservePartials(long bytes) {
    if (partialOffsets.length < slots.length) {
      partialOffsets = new long[slots.length];
    }
    if (partials.byteSize() < bytes) {
      if (partialBuffer != null) {
        partialBuffer.close();
      }
      partialBuffer = allocator.buffer(bytes);
      partials = Memory.segment(partialBuffer);
    }
  }

  private void take(AggregateLayout.AccumulatorCall call, int index) {
    for (int a = 0; a < call.arguments().length; a++) {
      arguments[index][a] = inputs[call.arguments()[a]];
    }
  }

  /// Fills `slots`, by position, and notes groups at their first touch.
  private void locate(HashState groups, MemorySegment values, Selection rows, long time) {
    MemorySegment bytes = keys.segment();
    boolean represent = state.needsRepresentatives();
    for (int k = 0; k < rows.size(); k++) {
      int row = rows.row(k);
      int at = offsets[row];
      int length = offsets[row + 1] - at;
      long slot = groups.findOrInsert(bytes, at, length, hashes[row]);
      long offset = groups.valueOffset(slot);
      if (touched != null && values.get(LONG, offset + AggregateLayout.TOUCH) == 0) {
        boolean isNew = groups.inserted();
        int place = touched.add(bytes, at, length, hashes[row], time, isNew);
        begin(place, values, offset, time);
        values.set(LONG, offset + AggregateLayout.TOUCH, place + 1L);
      }
      if (represent) {
        represent(values, offset, row, time);
      }
      slots[k] = offset;
    }
  }

  /// A group at its first touch in the step.
  void begin(int place, MemorySegment values, long offset, long time) {
    TouchedGroups t = java.util.Objects.requireNonNull(touched);
    if (!sketches.isEmpty()) {
      ByteSink head = state.head(t.keys(), t.keyOffset(place), t.keyLength(place), time);
      sketches.load(place, state, head);
    }
    if (!undo) {
      return;
    }
    if (t.before().length > 0) {
      ByteSink head = state.head(t.keys(), t.keyOffset(place), t.keyLength(place), time);
      state.appendMultisets(layout, head, t.before());
    }
    t.keepImage(place, values, offset);
    for (int e = 0; e < layout.extremes.size(); e++) {
      AggregateLayout.ExtremeCall call = layout.extremes.get(e);
      ByteSink head = state.head(t.keys(), t.keyOffset(place), t.keyLength(place), time);
      state.extreme(call.source()).appendBest(head, call.greatest(), t.bestBefore(e));
    }
  }

  private void represent(MemorySegment values, long offset, int row, long time) {
    long place = values.get(LONG, offset + AggregateLayout.TOUCH) - 1;
    if (touched == null || touched.isNew((int) place)) {
      int at = offsets[row];
      ByteSink head = state.head(keys.segment(), at, offsets[row + 1] - at, time);
      state.represent(head, hashes[row], keyColumns, row);
    }
  }

  private void count(MemorySegment values, Selection rows, @Nullable MemorySegment weights) {
    int n = rows.size();
    if (weights == null) {
      for (int k = 0; k < n; k++) {
        long at = slots[k] + AggregateLayout.COUNT;
        values.set(LONG, at, values.get(LONG, at) + 1);
      }
      return;
    }
    for (int k = 0; k < n; k++) {
      long at = slots[k] + AggregateLayout.COUNT;
      long weight = weights.get(LONG, (long) rows.row(k) << 3);
      values.set(LONG, at, Math.addExact(values.get(LONG, at), weight));
    }
  }

  private void foldExtreme(int source, @Nullable MemorySegment weights, long time) {
    AggregateState.ValueTable table = state.extreme(source);
    table.take(inputs);
    RowFilters.Filtered f = filters.of(layout.extremeSources.get(source).filter());
    MemorySegment bytes = keys.segment();
    for (int k = 0; k < f.selection.size(); k++) {
      int row = f.selection.row(k);
      long weight = weights == null ? 1 : weights.get(LONG, (long) row << 3);
      if (weight != 0 && !table.anyNull(row)) {
        int at = offsets[row];
        ByteSink head = state.head(bytes, at, offsets[row + 1] - at, time);
        table.add(head, hashes[row], row, weight);
      }
    }
  }

  /// A value counts while its weight is positive: its accumulators see only the transitions.
  private void foldDistinct(
      int source, MemorySegment values, @Nullable MemorySegment weights, long time) {
    AggregateState.ValueTable table = state.distinct(source);
    table.take(inputs);
    if (table.hasForms()) {
      foldForms(source, table, values, weights, time);
      return;
    }
    RowFilters.Filtered f = filters.of(layout.distinctSources.get(source).filter());
    reserveTransitions(hashes.length);
    MemorySegment bytes = keys.segment();
    int count = 0;
    for (int k = 0; k < f.selection.size(); k++) {
      int row = f.selection.row(k);
      long weight = weights == null ? 1 : weights.get(LONG, (long) row << 3);
      if (table.anyNull(row)) {
        continue;
      }
      int at = offsets[row];
      ByteSink head = state.head(bytes, at, offsets[row + 1] - at, time);
      long now = table.add(head, hashes[row], row, weight);
      long change = (now > 0 ? 1L : 0L) - (now - weight > 0 ? 1L : 0L);
      if (change != 0) {
        transitions.set(LONG, (long) row << 3, change);
        chosenRows[count] = row;
        chosenSlots[count++] = f.slots[k];
      }
    }
    Selection changed = Selection.of(chosenRows, count);
    for (int i = 0; i < arguments.length; i++) {
      AggregateLayout.AccumulatorCall call = layout.accumulators.get(i);
      if (call.distinct() == source) {
        take(call, i);
        call.aggregate()
            .add(values, chosenSlots, call.field(), arguments[i], changed, transitions, 1);
      }
    }
    for (int i = 0; i < layout.sketches.size(); i++) {
      if (layout.sketches.get(i).distinct() == source) {
        addToSketch(i, values, chosenSlots, table.take(inputs), changed, transitions);
      }
    }
  }

  /// As [#foldDistinct], where equal values may differ in form: accumulators see the form that
  /// stands for the value go and come, in columns made for it.
  private void foldForms(
      int source,
      AggregateState.ValueTable table,
      MemorySegment values,
      @Nullable MemorySegment weights,
      long time) {
    RowFilters.Filtered f = filters.of(layout.distinctSources.get(source).filter());
    reserveTransitions(2 * hashes.length);
    long[] formSlots = new long[2 * f.selection.size()];
    ColumnWriter[] forms = table.writers(allocator);
    MemorySegment bytes = keys.segment();
    int count = 0;
    try {
      for (int k = 0; k < f.selection.size(); k++) {
        int row = f.selection.row(k);
        long weight = weights == null ? 1 : weights.get(LONG, (long) row << 3);
        if (weight == 0 || table.anyNull(row)) {
          continue;
        }
        int at = offsets[row];
        ByteSink head = state.head(bytes, at, offsets[row + 1] - at, time);
        int change = table.addForm(head, hashes[row], row, weight, forms);
        if ((change & AggregateState.ValueTable.RETRACTED) != 0) {
          transitions.set(LONG, (long) count << 3, -1L);
          formSlots[count++] = f.slots[k];
        }
        if ((change & AggregateState.ValueTable.INSERTED) != 0) {
          transitions.set(LONG, (long) count << 3, 1L);
          formSlots[count++] = f.slots[k];
        }
      }
      addForms(source, values, formSlots, forms, count);
    } finally {
      for (ColumnWriter w : forms) {
        w.close();
      }
    }
  }

  private void addForms(
      int source, MemorySegment values, long[] formSlots, ColumnWriter[] forms, int count) {
    Column[] columns = new Column[forms.length];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = forms[i].finish();
    }
    try {
      for (AggregateLayout.AccumulatorCall call : layout.accumulators) {
        if (call.distinct() == source) {
          Selection all = Selection.all(count);
          call.aggregate().add(values, formSlots, call.field(), columns, all, transitions, 1);
        }
      }
      for (int i = 0; i < layout.sketches.size(); i++) {
        if (layout.sketches.get(i).distinct() == source) {
          addToSketch(i, values, formSlots, columns, Selection.all(count), transitions);
        }
      }
    } finally {
      GroupRows.closeAll(columns);
    }
  }

  private void reserveTransitions(int rows) {
    if (transitions.byteSize() < 8L * rows) {
      if (transitionBuffer != null) {
        transitionBuffer.close();
      }
      transitionBuffer = allocator.buffer(8L * rows);
      transitions = Memory.segment(transitionBuffer);
    }
  }

  @Override
  public void close() {
    if (transitionBuffer != null) {
      transitionBuffer.close();
      transitionBuffer = null;
      transitions = Memory.EMPTY;
    }
    if (partialBuffer != null) {
      partialBuffer.close();
      partialBuffer = null;
      partials = Memory.EMPTY;
    }
  }
}
