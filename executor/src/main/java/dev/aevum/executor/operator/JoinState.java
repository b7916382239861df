package dev.aevum.executor.operator;

import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.codec.KeyCodec;
import dev.aevum.model.codec.RowCodec;
import dev.aevum.model.type.SqlType;
import dev.aevum.storage.state.MultiState;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// One side of a join: the arrangement of its rows by join key, `[time]key -> row -> weight`, and
/// the keys of the batch at hand. `[time]`, 8 bytes, is there when the watermark bounds a key
/// column.
final class JoinState {
  private final MultiState rows;
  private final int[] keyColumns;
  private final boolean[] nullSafe;
  private final int timeKey;
  private final KeyCodec keyCodec;
  private final RowCodec rowCodec;
  private final Column[] keys;
  private final Column[] columns;
  private final ByteSink encoded = new ByteSink();
  private final ByteSink key = new ByteSink();
  private final ByteSink row = new ByteSink();
  private int[] offsets = new int[0];
  private long[] hashes = new long[0];

  /// `timeKey`: the position among the keys of the time column, or -1.
  JoinState(
      MultiState rows,
      List<SqlType> types,
      List<Integer> keyColumns,
      List<Boolean> nullSafe,
      int timeKey) {
    this.rows = rows;
    this.keyColumns = keyColumns.stream().mapToInt(Integer::intValue).toArray();
    this.nullSafe = new boolean[nullSafe.size()];
    for (int i = 0; i < this.nullSafe.length; i++) {
      this.nullSafe[i] = nullSafe.get(i);
    }
    this.timeKey = timeKey;
    this.keyCodec = new KeyCodec(keyColumns.stream().map(types::get).toList());
    this.rowCodec = new RowCodec(types);
    this.keys = new Column[this.keyColumns.length];
    this.columns = new Column[types.size()];
  }

  MultiState rows() {
    return rows;
  }

  /// Takes the keys of a batch of this side; they hold until the next batch.
  void take(DeltaBatch batch) {
    int n = batch.rows();
    if (hashes.length < n) {
      offsets = new int[n + 1];
      hashes = new long[n];
    }
    for (int i = 0; i < columns.length; i++) {
      columns[i] = batch.column(i);
    }
    for (int i = 0; i < keys.length; i++) {
      keys[i] = columns[keyColumns[i]];
    }
    encoded.reset();
    keyCodec.encodeAll(keys, n, encoded, offsets);
    KeyCodec.hashAll(encoded.segment(), offsets, n, hashes);
  }

  /// The row's key can't equal any other.
  boolean isRejected(int at) {
    for (int i = 0; i < keys.length; i++) {
      if (!nullSafe[i] && keys[i].isNull(at)) {
        return true;
      }
    }
    return false;
  }

  /// Begins a walk over the rows of `other` that match row `at` of the batch.
  boolean seek(JoinState other, int at) {
    ByteSink k = keyOf(at);
    return other.rows.seek(k.segment(), 0, k.position(), hashes[at]);
  }

  /// Adds row `at` of the batch.
  void add(int at, long weight) {
    ByteSink k = keyOf(at);
    row.reset();
    rowCodec.encode(columns, at, row);
    rows.add(k.segment(), 0, k.position(), hashes[at], row.segment(), 0, row.position(), weight);
  }

  private ByteSink keyOf(int at) {
    key.reset();
    if (timeKey >= 0) {
      key.appendLongBig(keys[timeKey].longAt(at) ^ Long.MIN_VALUE);
    }
    int from = offsets[at];
    key.appendBytes(encoded.segment(), from, offsets[at + 1] - from);
    return key;
  }

  /// Appends the columns of the row that the walk stands on.
  void appendCurrent(ColumnWriter[] out) {
    MemorySegment segment = rows.rowSegment();
    rowCodec.decode(segment, rows.rowOffset(), rows.rowLength(), out);
  }
}
