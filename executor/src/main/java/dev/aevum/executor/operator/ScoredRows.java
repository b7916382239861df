package dev.aevum.executor.operator;

import dev.aevum.model.batch.BatchWriter;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.codec.RowCodec;
import dev.aevum.model.type.SqlType;
import dev.aevum.storage.state.OrderedState;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/// Rows with the predictions they were given: `(partition, row, result) -> weight`.
///
/// A key is `[partition][i32 length of the row, big-endian][row][result]`, so that rows of a
/// partition, and results of a row, are next to each other.
final class ScoredRows {
  private static final ValueLayout.OfInt INT_BIG =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(java.nio.ByteOrder.BIG_ENDIAN);

  private final OrderedState state;
  private final List<SqlType> rowTypes;
  private final List<SqlType> types;
  private final RowCodec rowCodec;
  private final RowCodec resultCodec;
  private final ByteSink entry = new ByteSink();

  ScoredRows(OrderedState state, List<SqlType> rowTypes, List<SqlType> resultTypes) {
    this.state = state;
    this.rowTypes = rowTypes;
    this.types = new ArrayList<>(rowTypes);
    types.addAll(resultTypes);
    this.rowCodec = new RowCodec(rowTypes);
    this.resultCodec = new RowCodec(resultTypes);
  }

  /// Of a row and its results.
  List<SqlType> types() {
    return types;
  }

  /// A row that is kept, `row` and `result` as their codecs have them.
  record Kept(byte[] row, byte[] result, long weight) {}

  private int prefix(ByteSink partition, Column[] row, int at) {
    entry.reset();
    entry.appendBytes(partition.segment(), 0, partition.position());
    int length = entry.position();
    entry.appendIntBig(0);
    rowCodec.encode(row, at, entry);
    entry.setIntBig(length, entry.position() - length - 4);
    return entry.position();
  }

  /// Keeps `weight` rows and appends them to `out`.
  void add(
      ByteSink partition,
      long hash,
      Column[] row,
      Column[] results,
      int at,
      long weight,
      BatchWriter out) {
    int resultAt = prefix(partition, row, at);
    resultCodec.encode(results, at, entry);
    var _ = state.addLong(entry.segment(), 0, entry.position(), hash, weight);
    append(row, at, entry.segment(), resultAt, entry.position() - resultAt, weight, out);
  }

  /// Takes `weight` rows back, with the results that they had.
  ///
  /// Errors: IllegalStateException where there are fewer.
  void remove(ByteSink partition, long hash, Column[] row, int at, long weight, BatchWriter out) {
    long left = weight;
    while (left > 0) {
      int length = prefix(partition, row, at);
      if (!state.seekAtLeast(entry.segment(), 0, length) || !startsWith(entry, length)) {
        throw new IllegalStateException("a row that was never predicted is taken back");
      }
      long there = Math.min(left, state.valueLong());
      byte[] found = LearnOperator.bytes(state.keySegment(), state.keyOffset(), state.keyLength());
      MemorySegment segment = MemorySegment.ofArray(found);
      append(row, at, segment, length, found.length - length, -there, out);
      var _ = state.addLong(segment, 0, found.length, hash, -there);
      left -= there;
    }
  }

  private boolean startsWith(ByteSink prefix, int length) {
    return state.keyLength() >= length
        && MemorySegment.mismatch(
                prefix.segment(),
                0,
                length,
                state.keySegment(),
                state.keyOffset(),
                state.keyOffset() + length)
            < 0;
  }

  private void append(
      Column[] row,
      int at,
      MemorySegment result,
      long offset,
      int length,
      long weight,
      BatchWriter out) {
    for (int i = 0; i < row.length; i++) {
      out.column(i).appendFrom(row[i], at);
    }
    resultCodec.decode(result, offset, length, out, row.length);
    out.endRow(weight);
  }

  /// All rows of a partition.
  List<Kept> of(byte[] partition) {
    List<Kept> found = new ArrayList<>();
    entry.reset();
    entry.appendBytes(partition);
    boolean more = state.seekAtLeast(entry.segment(), 0, partition.length);
    while (more && startsWith(entry, partition.length)) {
      long at = state.keyOffset() + partition.length;
      int rowLength = state.keySegment().get(INT_BIG, at);
      int resultLength = state.keyLength() - partition.length - 4 - rowLength;
      found.add(
          new Kept(
              LearnOperator.bytes(state.keySegment(), at + 4, rowLength),
              LearnOperator.bytes(state.keySegment(), at + 4 + rowLength, resultLength),
              state.valueLong()));
      more = state.next();
    }
    return found;
  }

  DeltaBatch rows(List<Kept> kept, BufferAllocator allocator) {
    try (BatchWriter writer = new BatchWriter(allocator, rowTypes, false, kept.size())) {
      for (Kept k : kept) {
        rowCodec.decode(k.row, writer);
        writer.endRow();
      }
      return writer.finish();
    }
  }

  /// Gives kept rows new results, and appends what differs to `out`.
  void replace(
      byte[] partition,
      long hash,
      List<Kept> kept,
      DeltaBatch rows,
      Column[] results,
      BatchWriter out) {
    Column[] columns = rows.columns().toArray(Column[]::new);
    ByteSink result = new ByteSink();
    for (int i = 0; i < kept.size(); i++) {
      Kept old = kept.get(i);
      result.reset();
      resultCodec.encode(results, i, result);
      byte[] now = result.toBytes();
      if (Arrays.equals(old.result, now)) {
        continue;
      }
      change(partition, hash, old.row, old.result, -old.weight);
      change(partition, hash, old.row, now, old.weight);
      append(columns, i, MemorySegment.ofArray(old.result), 0, old.result.length, -old.weight, out);
      append(columns, i, MemorySegment.ofArray(now), 0, now.length, old.weight, out);
    }
  }

  private void change(byte[] partition, long hash, byte[] row, byte[] result, long weight) {
    entry.reset();
    entry.appendBytes(partition);
    entry.appendIntBig(row.length);
    entry.appendBytes(row);
    entry.appendBytes(result);
    var _ = state.addLong(entry.segment(), 0, entry.position(), hash, weight);
  }
}
