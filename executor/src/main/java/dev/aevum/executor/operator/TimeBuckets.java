package dev.aevum.executor.operator;

import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.executor.kernel.Selection;
import dev.aevum.model.batch.Column;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Sorts the rows of a batch by the value of a time column: one bucket a value, in order of first
/// appearance, rows in their order. Reused from batch to batch; selections hold until the next.
final class TimeBuckets {
  private long[] times = new long[16];
  private int[] sizes = new int[16];
  private int[] starts = new int[17];
  private int[] table = new int[64];
  private int[] bucketOf = new int[0];
  private int[] rows = new int[0];
  private int count;

  void assign(Column column, long nullTime) {
    int n = column.rows();
    if (bucketOf.length < n) {
      bucketOf = new int[n];
      rows = new int[n];
    }
    Arrays.fill(table, 0);
    Arrays.fill(sizes, 0, count, 0);
    count = 0;
    MemorySegment data = column.data();
    int last = -1;
    for (int row = 0; row < n; row++) {
      long time = column.isNull(row) ? nullTime : data.get(LONG, (long) row << 3);
      if (last < 0 || times[last] != time) {
        last = find(time);
      }
      bucketOf[row] = last;
      sizes[last]++;
    }
    starts[0] = 0;
    for (int b = 0; b < count; b++) {
      starts[b + 1] = starts[b] + sizes[b];
    }
    int[] next = Arrays.copyOf(starts, count);
    for (int row = 0; row < n; row++) {
      rows[next[bucketOf[row]]++] = row;
    }
  }

  private int find(long time) {
    int mask = table.length - 1;
    int at = (int) ((time * 0x9e3779b97f4a7c15L) >>> 40) & mask;
    while (table[at] != 0) {
      if (times[table[at] - 1] == time) {
        return table[at] - 1;
      }
      at = (at + 1) & mask;
    }
    if (count == times.length) {
      grow();
      return find(time);
    }
    times[count] = time;
    table[at] = ++count;
    return count - 1;
  }

  private void grow() {
    int larger = times.length * 2;
    times = Arrays.copyOf(times, larger);
    sizes = Arrays.copyOf(sizes, larger);
    starts = Arrays.copyOf(starts, larger + 1);
    table = new int[larger * 4];
    int mask = table.length - 1;
    for (int b = 0; b < count; b++) {
      int at = (int) ((times[b] * 0x9e3779b97f4a7c15L) >>> 40) & mask;
      while (table[at] != 0) {
        at = (at + 1) & mask;
      }
      table[at] = b + 1;
    }
  }

  int count() {
    return count;
  }

  long time(int bucket) {
    return times[bucket];
  }

  Selection rows(int bucket) {
    int size = sizes[bucket];
    if (count == 1) {
      return Selection.all(size);
    }
    return Selection.of(Arrays.copyOfRange(rows, starts[bucket], starts[bucket] + size), size);
  }
}
