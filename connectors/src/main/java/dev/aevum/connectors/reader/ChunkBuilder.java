package dev.aevum.connectors.reader;

import dev.aevum.connectors.format.RowAppender;
import dev.aevum.connectors.spi.SourceReader.BadRow;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.error.SqlException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Collects decoded and refused rows into [Chunk]s. One thread.
public final class ChunkBuilder {
  private static final int MAX_BYTES = 1 << 20;
  private static final int MAX_ERRORS = 1000;
  private static final int MAX_TEXT = 1024;

  private final RowAppender rows;
  private final long[] ends = new long[DeltaBatch.TARGET_ROWS];
  private List<BadRow> errors = new ArrayList<>();
  private int[] errorRows = new int[16];
  private long bytes;

  public ChunkBuilder(RowAppender rows) {
    this.rows = rows;
  }

  /// The row just appended is complete; the position after it is `end`.
  public void accept(long end, int sizeBytes) {
    ends[rows.rows()] = end;
    rows.endRow();
    bytes += sizeBytes;
  }

  /// A row is refused. Its text is cut to 1 KiB.
  public void refuse(
      String partition, long offset, SqlException why, byte[] text, int start, int length) {
    if (errors.size() == errorRows.length) {
      errorRows = Arrays.copyOf(errorRows, 2 * errorRows.length);
    }
    errorRows[errors.size()] = rows.rows();
    String shown = new String(text, start, Math.min(length, MAX_TEXT), StandardCharsets.UTF_8);
    errors.add(new BadRow(partition, offset, why.sqlState(), why.text(), shown));
    bytes += length;
  }

  public boolean isFull() {
    return rows.rows() == ends.length || bytes >= MAX_BYTES || errors.size() >= MAX_ERRORS;
  }

  public boolean isEmpty() {
    return rows.rows() == 0 && errors.isEmpty();
  }

  /// The rows so far as a chunk that ends at `end`; starts anew.
  public Chunk build(int partition, int stream, long end) {
    return build(partition, stream, end, false);
  }

  /// The same; `last`: the partition gives no more.
  public Chunk build(int partition, int stream, long end, boolean last) {
    int count = rows.rows();
    Chunk chunk =
        new Chunk(
            partition,
            rows.finish(),
            Arrays.copyOf(ends, count),
            errors,
            Arrays.copyOf(errorRows, errors.size()),
            stream,
            end,
            last);
    errors = new ArrayList<>();
    bytes = 0;
    return chunk;
  }
}
