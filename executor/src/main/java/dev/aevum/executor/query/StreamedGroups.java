package dev.aevum.executor.query;

import dev.aevum.executor.aggregate.AccumulatorAggregate;
import dev.aevum.executor.aggregate.AggregateFunction;
import dev.aevum.executor.aggregate.CollectingAggregate;
import dev.aevum.executor.aggregate.ExtremeAggregate;
import dev.aevum.executor.aggregate.MultisetAggregate;
import dev.aevum.executor.aggregate.SketchAggregate;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.executor.sketch.Sketch;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.AggregateCall;
import dev.aevum.planner.plan.PlanNode.AggregateNode;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// GROUP BY whose calls all fold into accumulators or sketches: a batch at a time, so that memory
/// goes with the groups and not with the rows.
final class StreamedGroups implements AutoCloseable {
  private static final int LEAST_BYTES = 1024;

  private final AggregateNode node;
  private final QueryContext context;
  private final List<AggregateFunction> aggregates;
  private final List<Sketch[]> sketches = new ArrayList<>();
  private final int[] fields;
  private final int width;
  private final KeyTable table;
  private final List<ColumnWriter> keys = new ArrayList<>();
  private byte[] state = new byte[LEAST_BYTES];
  private int groups;

  private StreamedGroups(
      AggregateNode node, QueryContext context, List<AggregateFunction> aggregates) {
    this.node = node;
    this.context = context;
    this.aggregates = aggregates;
    this.fields = new int[aggregates.size()];
    int next = 0;
    for (int i = 0; i < fields.length; i++) {
      fields[i] = next;
      next += aggregates.get(i) instanceof AccumulatorAggregate a ? a.width() : 0;
      sketches.add(new Sketch[0]);
    }
    this.width = next;
    List<SqlType> types = node.input().schema().types();
    List<SqlType> keyTypes = node.groupKeys().stream().map(types::get).toList();
    this.table = new KeyTable(keyTypes);
    keyTypes.forEach(t -> keys.add(new ColumnWriter(context.allocator(), t, 64)));
    if (keys.isEmpty()) {
      groups = 1;
      reserve();
    }
  }

  /// Empty: some call needs all rows of a group at once.
  static Optional<StreamedGroups> of(AggregateNode node, QueryContext context) {
    List<AggregateFunction> aggregates = new ArrayList<>();
    for (AggregateCall call : node.calls()) {
      Optional<? extends AggregateFunction> aggregate =
          call.distinct() || !call.orderBy().isEmpty()
              ? Optional.empty()
              : switch (context.aggregate(call, node.input().schema().types())) {
                case AccumulatorAggregate a -> Optional.of(a);
                case SketchAggregate s -> Optional.of(s);
                case ExtremeAggregate e -> e.accumulator();
                case MultisetAggregate m -> Optional.empty();
                case CollectingAggregate c -> Optional.empty();
              };
      if (aggregate.isEmpty()) {
        return Optional.empty();
      }
      aggregates.add(aggregate.get());
    }
    return Optional.of(new StreamedGroups(node, context, aggregates));
  }

  /// Folds a batch; it is borrowed.
  void add(DeltaBatch rows) {
    int[] groupOf = number(rows);
    reserve();
    MemorySegment segment = MemorySegment.ofArray(state);
    for (int i = 0; i < fields.length; i++) {
      AggregateCall call = node.calls().get(i);
      int[] chosen = GroupFold.chosenRows(call, rows, groupOf);
      if (!(aggregates.get(i) instanceof AccumulatorAggregate accumulator)) {
        addToSketches(i, (SketchAggregate) aggregates.get(i), call, rows, groupOf, chosen);
        context.check();
        continue;
      }
      long[] slots = new long[chosen.length];
      for (int at = 0; at < chosen.length; at++) {
        slots[at] = (long) groupOf[chosen[at]] * width;
      }
      accumulator.add(
          segment,
          slots,
          fields[i],
          Batches.chosen(rows, call.arguments()),
          Selection.of(chosen, chosen.length),
          null,
          1);
      context.check();
    }
  }

  private void addToSketches(
      int index,
      SketchAggregate aggregate,
      AggregateCall call,
      DeltaBatch rows,
      int[] groupOf,
      int[] chosen) {
    Sketch[] live = sketches(index, aggregate);
    int[] places = new int[chosen.length];
    for (int at = 0; at < chosen.length; at++) {
      places[at] = groupOf[chosen[at]];
    }
    aggregate.add(
        live,
        places,
        Batches.chosen(rows, call.arguments()),
        Selection.of(chosen, chosen.length),
        null);
  }

  /// Of all groups so far.
  private Sketch[] sketches(int index, SketchAggregate aggregate) {
    Sketch[] live = sketches.get(index);
    int made = live.length;
    if (made < groups) {
      live = Arrays.copyOf(live, Math.max(groups, 2 * made));
      for (int g = made; g < live.length; g++) {
        live[g] = aggregate.create();
      }
      sketches.set(index, live);
    }
    return live;
  }

  private int[] number(DeltaBatch rows) {
    int[] groupOf = new int[rows.rows()];
    if (keys.isEmpty()) {
      return groupOf;
    }
    Column[] columns = Batches.chosen(rows, node.groupKeys());
    for (int row = 0; row < groupOf.length; row++) {
      groupOf[row] = table.find(columns, row, true);
      if (table.size() > groups) {
        for (int k = 0; k < columns.length; k++) {
          keys.get(k).appendFrom(columns[k], row);
        }
        groups++;
      }
    }
    return groupOf;
  }

  /// A new group's bytes are zeros.
  private void reserve() {
    int bytes = Math.multiplyExact(groups, width);
    if (bytes > state.length) {
      state = Arrays.copyOf(state, (int) Math.min(Integer.MAX_VALUE - 8L, 2L * bytes));
    }
  }

  /// The groups in order of first appearance; the caller owns the batch.
  DeltaBatch finish() {
    long[] slots = new long[groups];
    for (int g = 0; g < groups; g++) {
      slots[g] = (long) g * width;
    }
    MemorySegment segment = MemorySegment.ofArray(state);
    Column[] out = new Column[keys.size() + fields.length];
    int made = 0;
    try {
      for (ColumnWriter key : keys) {
        out[made++] = key.finish();
      }
      for (int i = 0; i < fields.length; i++) {
        out[made++] =
            aggregates.get(i) instanceof AccumulatorAggregate a
                ? a.emit(context.evaluation(), segment, slots, fields[i], groups)
                : emit(i, (SketchAggregate) aggregates.get(i));
        context.check();
      }
      return new DeltaBatch(groups, out, null);
    } catch (RuntimeException e) {
      for (Column column : out) {
        if (column != null) {
          column.close();
        }
      }
      throw e;
    }
  }

  private Column emit(int index, SketchAggregate aggregate) {
    return aggregate.emit(context.evaluation(), sketches(index, aggregate), groups);
  }

  @Override
  public void close() {
    keys.forEach(ColumnWriter::close);
  }
}
