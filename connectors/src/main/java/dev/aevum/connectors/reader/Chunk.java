package dev.aevum.connectors.reader;

import dev.aevum.connectors.spi.SourceReader.BadRow;
import dev.aevum.connectors.spi.SourceReader.Polled;
import dev.aevum.model.batch.BatchWriter;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/// Decoded rows of one partition on their way to the engine, which may take them in smaller pieces.
/// Holds the position after each row, so that any piece has an exact position. Owned by the queue.
///
/// @param partition what the engine is told
/// @param batch the rows, owned
/// @param ends the position after each row (an offset of `stream`)
/// @param errors rows that were refused, in order
/// @param errorRows for each error, how many rows of the batch stand before it
/// @param stream what the offsets belong to: a partition's or a file's number
/// @param end the position after everything
/// @param last the partition gives no more after this
@SuppressWarnings("ArrayRecordComponent") // a row's position is no object; never changed
public record Chunk(
    int partition,
    DeltaBatch batch,
    long[] ends,
    List<BadRow> errors,
    int[] errorRows,
    int stream,
    long end,
    boolean last) {

  /// A piece of a chunk: rows `from` to `to` with the errors between, and the position after it.
  record Piece(Polled polled, long end) {}

  /// Rows `from` to `to`; the whole batch itself when that is all.
  Piece piece(BufferAllocator allocator, int from, int to) {
    boolean whole = to == batch.rows();
    List<BadRow> bad = new ArrayList<>();
    for (int i = 0; i < errors.size(); i++) {
      if (errorRows[i] >= from && (errorRows[i] < to || whole)) {
        bad.add(errors.get(i));
      }
    }
    if (from == 0 && whole) {
      return new Piece(new Polled(partition, batch, bad, last), end);
    }
    // An error before row `to` is reported with the rows before it, and the position passes it only
    // together with the next row: after row to - 1, errors at `to` are still to come.
    return new Piece(
        new Polled(partition, copy(allocator, from, to), bad, whole && last),
        whole ? end : ends[to - 1]);
  }

  private DeltaBatch copy(BufferAllocator allocator, int from, int to) {
    try (BatchWriter writer =
        new BatchWriter(
            allocator, batch.columns().stream().map(Column::type).toList(), false, to - from)) {
      for (int row = from; row < to; row++) {
        writer.appendRow(batch, row, 1);
      }
      return writer.finish();
    }
  }
}
