package dev.aevum.executor.operator;

import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.model.batch.BatchWriter;
import dev.aevum.model.batch.Column;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.codec.RowCodec;
import dev.aevum.model.type.SqlType;
import dev.aevum.storage.state.OrderedState;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// Rows that wait for the watermark: `(time, row) -> weight`, in order of time, equal times in
/// order of the encoded row. Opposite weights of one row cancel.
///
/// Released rows are walked by [#seek], [#next] and forgotten by [#forget].
final class WaitingRows {
  private final OrderedState rows;
  private final RowCodec codec;
  private final ByteSink key = new ByteSink();
  private long end;

  WaitingRows(OrderedState rows, List<SqlType> types) {
    this.rows = rows;
    this.codec = new RowCodec(types);
  }

  /// @param hash decides the shard that keeps the row
  void add(Column[] columns, int row, long time, long hash, long weight) {
    key.reset();
    key.appendLongBig(time ^ Long.MIN_VALUE);
    codec.encode(columns, row, key);
    rows.addLong(key.segment(), 0, key.position(), hash, weight);
  }

  /// Moves to the first row whose time is below `bound`; false when there is none.
  boolean seek(long bound) {
    end = bound ^ Long.MIN_VALUE;
    return rows.seekAtLeast(MemorySegment.ofArray(new byte[1]), 0, 0) && isBelow();
  }

  boolean next() {
    return rows.next() && isBelow();
  }

  private boolean isBelow() {
    long time = Long.reverseBytes(rows.keySegment().get(LONG, rows.keyOffset()));
    return Long.compareUnsigned(time, end) < 0;
  }

  long weight() {
    return rows.valueLong();
  }

  /// Appends the row's columns; the caller ends the row.
  void decode(BatchWriter out) {
    codec.decode(rows.keySegment(), rows.keyOffset() + 8, rows.keyLength() - 8, out, 0);
  }

  /// Drops all rows below the bound of the last [#seek].
  void forget() {
    byte[] bytes = new byte[8];
    MemorySegment.ofArray(bytes).set(LONG, 0, Long.reverseBytes(end));
    rows.removeRange(new byte[0], bytes);
  }
}
