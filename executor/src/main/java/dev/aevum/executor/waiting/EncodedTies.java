package dev.aevum.executor.waiting;

import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.codec.RowCodec;
import dev.aevum.model.type.SqlType;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// Rows of a partition with equal times in the order of their encoding. Rows of different
/// partitions stand in no order; so most rows with one time, each of a partition of its own, are
/// told apart by the hash of their key.
final class EncodedTies implements TieOrder {
  private final StreamRows rows;
  private final RowCodec codec;
  private final ByteSink sink = new ByteSink();
  private long[] hashes = new long[0];

  private record Row(int id, long hash, byte[] bytes) {}

  EncodedTies(StreamRows rows, List<SqlType> types) {
    this.rows = rows;
    this.codec = new RowCodec(types);
  }

  @Override
  public void sort(int[] ids, int from, int to) {
    int count = to - from;
    if (hashes.length < count) {
      hashes = new long[count * 2];
    }
    for (int i = 0; i < count; i++) {
      hashes[i] = rows.hash(ids[from + i]);
    }
    if (!areDistinct(count)) {
      sortRun(ids, from, to);
    }
  }

  private boolean areDistinct(int count) {
    if (count == 2) {
      return hashes[0] != hashes[1];
    }
    Arrays.sort(hashes, 0, count);
    for (int i = 1; i < count; i++) {
      if (hashes[i] == hashes[i - 1]) {
        return false;
      }
    }
    return true;
  }

  private void sortRun(int[] ids, int from, int to) {
    Row[] run = new Row[to - from];
    for (int i = from; i < to; i++) {
      sink.reset();
      codec.encode(rows.store().columnsOf(ids[i]), RowStore.rowOf(ids[i]), sink);
      run[i - from] = new Row(ids[i], rows.hash(ids[i]), sink.toBytes());
    }
    Arrays.sort(
        run,
        Comparator.comparingLong(Row::hash).thenComparing(Row::bytes, Arrays::compareUnsigned));
    for (int i = from; i < to; i++) {
      ids[i] = run[i - from].id();
    }
  }
}
