package dev.aevum.executor.query;

import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.codec.KeyCodec;
import dev.aevum.planner.plan.SortKey;
import java.util.Arrays;
import java.util.List;

/// Orders the rows of a batch by encoded keys: stable, PostgreSQL's order of every type.
final class RowOrder {
  private final byte[] keys;
  private final int[] offsets;

  private RowOrder(byte[] keys, int[] offsets) {
    this.keys = keys;
    this.offsets = offsets;
  }

  static RowOrder of(DeltaBatch batch, List<SortKey> sortKeys) {
    Column[] columns = new Column[sortKeys.size()];
    boolean[] descending = new boolean[columns.length];
    boolean[] nullsFirst = new boolean[columns.length];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = batch.column(sortKeys.get(i).column());
      descending[i] = sortKeys.get(i).descending();
      nullsFirst[i] = sortKeys.get(i).nullsFirst();
    }
    KeyCodec codec =
        new KeyCodec(Arrays.stream(columns).map(Column::type).toList(), descending, nullsFirst);
    ByteSink sink = new ByteSink();
    int[] offsets = new int[batch.rows() + 1];
    codec.encodeAll(columns, batch.rows(), sink, offsets);
    return new RowOrder(sink.toBytes(), offsets);
  }

  int compare(int a, int b) {
    return Arrays.compareUnsigned(
        keys, offsets[a], offsets[a + 1], keys, offsets[b], offsets[b + 1]);
  }

  /// Row `a` of this order and row `b` of another one with the same type and direction.
  int compare(int a, RowOrder other, int b) {
    return Arrays.compareUnsigned(
        keys, offsets[a], offsets[a + 1], other.keys, other.offsets[b], other.offsets[b + 1]);
  }

  boolean equal(int a, int b) {
    return Arrays.equals(keys, offsets[a], offsets[a + 1], keys, offsets[b], offsets[b + 1]);
  }

  /// Sorts the first `count` of `rows`, keeping the order of equal ones.
  void sort(int[] rows, int count) {
    mergeSort(rows, new int[count], 0, count);
  }

  private void mergeSort(int[] rows, int[] scratch, int from, int to) {
    if (to - from < 2) {
      return;
    }
    int middle = (from + to) >>> 1;
    mergeSort(rows, scratch, from, middle);
    mergeSort(rows, scratch, middle, to);
    if (compare(rows[middle - 1], rows[middle]) <= 0) {
      return;
    }
    System.arraycopy(rows, from, scratch, from, to - from);
    int left = from;
    int right = middle;
    for (int i = from; i < to; i++) {
      boolean takeLeft =
          right >= to || (left < middle && compare(scratch[left], scratch[right]) <= 0);
      rows[i] = takeLeft ? scratch[left++] : scratch[right++];
    }
  }

  /// 0 to `count - 1`.
  static int[] identity(int count) {
    int[] rows = new int[count];
    for (int i = 0; i < count; i++) {
      rows[i] = i;
    }
    return rows;
  }
}
