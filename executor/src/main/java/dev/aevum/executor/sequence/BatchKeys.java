package dev.aevum.executor.sequence;

import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.codec.KeyCodec;
import dev.aevum.model.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// The encoded partition keys of a batch, and their hashes. Reused; one thread.
public final class BatchKeys {
  private final int[] columns;
  private final KeyCodec codec;
  private final ByteSink sink = new ByteSink();
  private final Column[] keys;
  private int[] offsets = new int[1];
  private long[] hashes = new long[0];
  private int rows;

  public BatchKeys(List<SqlType> types, List<Integer> partitionBy) {
    this.columns = partitionBy.stream().mapToInt(Integer::intValue).toArray();
    this.codec = new KeyCodec(partitionBy.stream().map(types::get).toList());
    this.keys = new Column[columns.length];
  }

  public void encode(DeltaBatch batch) {
    rows = batch.rows();
    if (hashes.length < rows) {
      offsets = new int[rows + 1];
      hashes = new long[rows];
    }
    for (int i = 0; i < keys.length; i++) {
      keys[i] = batch.column(columns[i]);
    }
    sink.reset();
    codec.encodeAll(keys, rows, sink, offsets);
    KeyCodec.hashAll(sink.segment(), offsets, rows, hashes);
  }

  public int rows() {
    return rows;
  }

  /// Valid until the next [#encode].
  public MemorySegment segment() {
    return sink.segment();
  }

  public int offset(int row) {
    return offsets[row];
  }

  public int length(int row) {
    return offsets[row + 1] - offsets[row];
  }

  public long hash(int row) {
    return hashes[row];
  }

  /// By row; longer than the batch.
  public long[] hashes() {
    return hashes;
  }
}
