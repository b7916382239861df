package dev.aevum.model.batch;

import dev.aevum.model.type.SqlType;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/// Columns in which every row is NULL, all over the same zeroed buffers. Columns stay valid after
/// [#close].
public final class NullColumns implements AutoCloseable {
  private static final int WIDEST = 16;

  private final ArrowBuf validity;
  private final ArrowBuf data;

  public NullColumns(BufferAllocator allocator) {
    validity = allocator.buffer(DeltaBatch.MAX_ROWS / 8);
    data = allocator.buffer((long) DeltaBatch.MAX_ROWS * WIDEST);
    validity.setZero(0, validity.capacity());
    data.setZero(0, data.capacity());
  }

  /// A column of `rows` NULLs, at most [DeltaBatch#MAX_ROWS].
  public Column column(SqlType type, int rows) {
    if (rows > DeltaBatch.MAX_ROWS) {
      throw new IllegalArgumentException(rows + " rows");
    }
    validity.getReferenceManager().retain();
    data.getReferenceManager().retain();
    return new Column(type, rows, validity, data, List.of());
  }

  @Override
  public void close() {
    validity.close();
    data.close();
  }
}
