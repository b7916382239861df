package dev.aevum.executor.operator;

import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.executor.kernel.Gather;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.batch.FixedColumn;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.PlanNode.WindowNode;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// TUMBLE and HOP: gives each row the windows that its time lies in.
///
/// **Schema**: the input's columns, then window_start, window_end (exclusive), window_time (the
/// last microsecond). **Weights**: linear. **State**: none. Rows whose time is NULL, infinite or so
/// far off that a window's bound would be are in no window: dropped, counted by [#droppedRows].
///
/// Windows of `size` begin at `offset + k * slide`. Source: Flink's window table functions.
public final class WindowOperator implements Operator, DropsRows {
  private final OperatorContext context;
  private final WindowAssigner assigner;

  public WindowOperator(OperatorContext context, WindowNode node) {
    this.context = context;
    this.assigner = new WindowAssigner(node);
  }

  @Override
  public void push(int input, DeltaBatch batch) {
    for (int from = 0; from < batch.rows(); from += assigner.inputRows()) {
      int to = Math.min(batch.rows(), from + assigner.inputRows());
      context.output().emit(assigner.assign(context.allocator(), batch, from, to));
    }
  }

  @Override
  public long droppedRows() {
    return assigner.dropped();
  }

  @Override
  public void close() {
    // Holds nothing.
  }

  /// The algorithm, for steps and for queries.
  public static final class WindowAssigner {
    private final int timeColumn;
    private final long size;
    private final long slide;
    private final long offset;
    private final SqlType type;
    private final long earliest;
    private final long latest;
    private int[] rows = new int[0];
    private long[] starts = new long[0];
    private long dropped;

    public WindowAssigner(WindowNode node) {
      timeColumn = node.timeColumn();
      size = node.sizeMicros();
      slide = node.slideMicros();
      offset = Math.floorMod(node.offsetMicros(), slide);
      type = node.input().schema().type(timeColumn);
      earliest = Long.MIN_VALUE + 1 + size;
      latest = Long.MAX_VALUE - 1 - size;
    }

    public long dropped() {
      return dropped;
    }

    /// How many rows to take at once so that the output stays near the target.
    public int inputRows() {
      long windows = Math.max(1, (size + slide - 1) / slide);
      return (int) Math.max(1, DeltaBatch.MAX_ROWS / windows);
    }

    /// The rows `from` to `to - 1` of the batch with their windows.
    public DeltaBatch assign(
        org.apache.arrow.memory.BufferAllocator allocator, DeltaBatch batch, int from, int to) {
      int count = findWindows(batch.column(timeColumn), from, to);
      int columns = batch.columnCount();
      Selection all = Selection.of(Arrays.copyOf(rows, count), count);
      boolean whole = isWhole(batch.rows(), count);
      Column[] out = new Column[columns + 3];
      for (int i = 0; i < columns; i++) {
        Column source = batch.column(i);
        out[i] = whole ? source.retain() : Gather.gather(allocator, source, rows, count);
      }
      out[columns] = times(allocator, count, 0);
      out[columns + 1] = times(allocator, count, size);
      out[columns + 2] = times(allocator, count, size - 1);
      Selection weighted = whole ? Selection.all(count) : all;
      return new DeltaBatch(count, out, Gather.gatherWeights(allocator, batch, weighted));
    }

    private boolean isWhole(int batchRows, int count) {
      if (count != batchRows) {
        return false;
      }
      for (int i = 0; i < count; i++) {
        if (rows[i] != i) {
          return false;
        }
      }
      return true;
    }

    private int findWindows(Column time, int from, int to) {
      MemorySegment data = time.data();
      int count = 0;
      for (int row = from; row < to; row++) {
        long t = data.get(LONG, (long) row << 3);
        if (time.isNull(row) || t < earliest || t > latest) {
          dropped++;
          continue;
        }
        long last = t - Math.floorMod(t - offset, slide);
        for (long start = last; start > t - size; start -= slide) {
          if (count == rows.length) {
            rows = Arrays.copyOf(rows, Math.max(64, count * 2));
            starts = Arrays.copyOf(starts, rows.length);
          }
          rows[count] = row;
          starts[count++] = start;
        }
      }
      return count;
    }

    private Column times(
        org.apache.arrow.memory.BufferAllocator allocator, int count, long distance) {
      try (FixedColumn out = new FixedColumn(allocator, type, count)) {
        MemorySegment to = out.data();
        for (int i = 0; i < count; i++) {
          to.set(LONG, (long) i << 3, starts[i] + distance);
        }
        return out.finish();
      }
    }
  }
}
