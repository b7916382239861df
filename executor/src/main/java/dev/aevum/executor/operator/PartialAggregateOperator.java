package dev.aevum.executor.operator;

import static dev.aevum.model.batch.Memory.INT;
import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.executor.kernel.Selection;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.batch.FixedColumn;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.codec.KeyCodec;
import dev.aevum.model.type.SimpleType;
import dev.aevum.planner.plan.PlanNode.PartialAggregateNode;
import java.lang.foreign.MemorySegment;
import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;

/// Adds up the rows of a step by key, ahead of an aggregate that adds up its partial groups: what
/// comes after it (windows, an exchange, state) is done once a key and not once a row.
///
/// **Schema**: group columns, then the group's bytes ([AggregateLayout]). **Weights**: +1; those of
/// the rows are in the bytes. **State**: none from step to step. Groups leave at flush, or before
/// when they fill a batch: an aggregate above does not mind several of one key.
///
/// Source: local pre-aggregation.
public final class PartialAggregateOperator implements Operator, Flushing {
  private final OperatorContext context;
  private final AggregateLayout layout;
  private final LocalGroups groups;
  private final KeyCodec codec;
  private final RowFilters filters;
  private final KeyDecoder decoder = new KeyDecoder();
  private final ByteSink keys = new ByteSink();
  private final Column[] keyColumns;
  private final Column[] inputs;
  private final Column[][] arguments;
  private final GroupSketches sketches;
  private final Column[][] sketchArguments;
  private int[] places = new int[0];
  private int[] offsets = new int[0];
  private long[] hashes = new long[0];
  private long[] slots = new long[0];

  public PartialAggregateOperator(
      OperatorContext context, PartialAggregateNode node, AggregateBinder binder) {
    this.context = context;
    this.layout = new AggregateLayout(node, binder);
    this.groups = new LocalGroups(context.allocator(), layout.width);
    this.codec = new KeyCodec(layout.keyTypes);
    this.filters = new RowFilters(layout);
    this.keyColumns = new Column[layout.groupKeys.length];
    this.inputs = new Column[layout.inputTypes.size()];
    this.arguments = new Column[layout.accumulators.size()][];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = new Column[layout.accumulators.get(i).arguments().length];
    }
    this.sketches = new GroupSketches(layout);
    this.sketchArguments = new Column[layout.sketches.size()][];
    for (int i = 0; i < sketchArguments.length; i++) {
      sketchArguments[i] = new Column[layout.sketches.get(i).arguments().length];
    }
  }

  @Override
  public void push(int input, DeltaBatch batch) {
    int rows = batch.rows();
    if (rows == 0) {
      return;
    }
    if (groups.count() + rows > DeltaBatch.MAX_ROWS) {
      flush();
    }
    prepare(batch);
    groups.reserve(rows);
    MemorySegment bytes = keys.segment();
    for (int row = 0; row < rows; row++) {
      int at = offsets[row];
      int known = groups.count();
      slots[row] = groups.findOrInsert(bytes, at, offsets[row + 1] - at, hashes[row]);
      if (groups.count() > known && !sketches.isEmpty()) {
        sketches.create(known);
      }
    }
    MemorySegment values = groups.values();
    MemorySegment weights = batch.weights();
    count(values, rows, weights);
    filters.select(inputs, slots, Selection.all(rows));
    for (int i = 0; i < arguments.length; i++) {
      AggregateLayout.AccumulatorCall call = layout.accumulators.get(i);
      for (int a = 0; a < arguments[i].length; a++) {
        arguments[i][a] = inputs[call.arguments()[a]];
      }
      RowFilters.Filtered f = filters.of(call.filter());
      call.aggregate().add(values, f.slots, call.field(), arguments[i], f.selection, weights, 1);
    }
    for (int i = 0; i < sketchArguments.length; i++) {
      AggregateLayout.SketchCall call = layout.sketches.get(i);
      for (int a = 0; a < sketchArguments[i].length; a++) {
        sketchArguments[i][a] = inputs[call.arguments()[a]];
      }
      RowFilters.Filtered f = filters.of(call.filter());
      for (int k = 0; k < f.selection.size(); k++) {
        places[k] = (int) (f.slots[k] / layout.width);
      }
      call.aggregate().add(sketches.of(i), places, sketchArguments[i], f.selection, weights);
    }
  }

  private void prepare(DeltaBatch batch) {
    int rows = batch.rows();
    if (hashes.length < rows) {
      offsets = new int[rows + 1];
      hashes = new long[rows];
      slots = new long[rows];
      places = new int[rows];
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

  private void count(MemorySegment values, int rows, @Nullable MemorySegment weights) {
    for (int row = 0; row < rows; row++) {
      long at = slots[row] + AggregateLayout.COUNT;
      long weight = weights == null ? 1 : weights.get(LONG, (long) row << 3);
      values.set(LONG, at, Math.addExact(values.get(LONG, at), weight));
    }
  }

  @Override
  public void flush() {
    int count = groups.count();
    if (count == 0) {
      return;
    }
    Column[] columns = new Column[layout.keyTypes.size() + 1];
    try {
      keyColumns(columns, count);
      columns[columns.length - 1] =
          sketches.isEmpty() ? partials(groups.take(), count) : withSketches(count);
    } catch (RuntimeException | Error e) {
      GroupRows.closeAll(columns);
      throw e;
    }
    context.output().emit(new DeltaBatch(count, columns, null));
  }

  private void keyColumns(Column[] columns, int count) {
    ColumnWriter[] writers = new ColumnWriter[columns.length - 1];
    for (int i = 0; i < writers.length; i++) {
      writers[i] = new ColumnWriter(context.allocator(), layout.keyTypes.get(i), count);
    }
    try {
      MemorySegment bytes = groups.keys();
      for (int g = 0; g < count; g++) {
        long at = groups.keyOffset(g);
        for (int i = 0; i < writers.length; i++) {
          at = decoder.decode(layout.keyTypes.get(i), bytes, at, writers[i]);
        }
      }
      for (int i = 0; i < writers.length; i++) {
        columns[i] = writers[i].finish();
      }
    } finally {
      for (ColumnWriter w : writers) {
        w.close();
      }
    }
  }

  /// The values with the sketches behind them.
  private Column withSketches(int count) {
    ByteSink sink = new ByteSink();
    try (ArrowBuf values = groups.take();
        ColumnWriter out = new ColumnWriter(context.allocator(), SimpleType.BYTEA, count)) {
      MemorySegment bytes = dev.aevum.model.batch.Memory.segment(values);
      for (int g = 0; g < count; g++) {
        sink.reset();
        sink.appendBytes(bytes, (long) g * layout.width, layout.width);
        sketches.encode(g, sink);
        out.appendBytes(sink.array(), 0, sink.position());
      }
      return out.finish();
    } finally {
      sketches.clear();
    }
  }

  /// Views of the values where they are.
  private Column partials(ArrowBuf values, int count) {
    try (FixedColumn out = new FixedColumn(context.allocator(), SimpleType.BYTEA, count)) {
      int buffer = out.addLongBuffer(values);
      MemorySegment views = out.data();
      for (int g = 0; g < count; g++) {
        long view = (long) g << 4;
        int at = g * layout.width;
        views.set(INT, view, layout.width);
        views.set(INT, view + 4, values.getInt(at));
        views.set(INT, view + 8, buffer);
        views.set(INT, view + 12, at);
      }
      return out.finish();
    }
  }

  @Override
  public void close() {
    groups.close();
  }
}
