package dev.aevum.executor.query;

import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.batch.FixedColumn;
import dev.aevum.model.batch.Memory;
import dev.aevum.planner.plan.PlanNode.WindowNode;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// TUMBLE and HOP: each row once per window that holds its time, with window_start, window_end and
/// window_time.
final class WindowSource implements RowSource {
  private final WindowNode node;
  private final RowSource input;
  private final QueryContext context;

  WindowSource(WindowNode node, RowSource input, QueryContext context) {
    this.node = node;
    this.input = input;
    this.context = context;
  }

  @Override
  public @Nullable DeltaBatch next() {
    DeltaBatch batch = input.next();
    if (batch == null) {
      return null;
    }
    context.check();
    try (DeltaBatch in = Batches.expand(context.allocator(), batch)) {
      return assign(in);
    }
  }

  private DeltaBatch assign(DeltaBatch in) {
    Column time = in.column(node.timeColumn());
    int[] rows = new int[Math.max(16, in.rows())];
    long[] starts = new long[rows.length];
    int count = 0;
    for (int row = 0; row < in.rows(); row++) {
      if (time.isNull(row)) {
        continue;
      }
      long t = time.longAt(row);
      long last = t - Math.floorMod(t - node.offsetMicros(), node.slideMicros());
      long first =
          last - (node.sizeMicros() - 1 - (t - last)) / node.slideMicros() * node.slideMicros();
      if (t - last >= node.sizeMicros()) {
        continue;
      }
      for (long start = first; start <= last; start += node.slideMicros()) {
        if (count == rows.length) {
          rows = Arrays.copyOf(rows, count * 2);
          starts = Arrays.copyOf(starts, count * 2);
        }
        rows[count] = row;
        starts[count++] = start;
      }
    }
    Column[] columns = Batches.columns(context.allocator(), in, rows, count);
    Column[] times = {
      times(starts, count, 0),
      times(starts, count, node.sizeMicros()),
      times(starts, count, node.sizeMicros() - 1)
    };
    return Batches.join(count, columns, times);
  }

  private Column times(long[] starts, int count, long plus) {
    try (FixedColumn out =
        new FixedColumn(
            context.allocator(), node.input().schema().type(node.timeColumn()), count)) {
      for (int i = 0; i < count; i++) {
        out.data().set(Memory.LONG, (long) i << 3, starts[i] + plus);
      }
      return out.finish();
    }
  }

  @Override
  public void close() {
    input.close();
  }
}
