package dev.aevum.model.batch;

import dev.aevum.model.type.SqlType;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// Makes [DeltaBatch]es row by row: append one value to every column, then call [#endRow]. Not
/// thread-safe.
public final class BatchWriter implements AutoCloseable {
  private final ColumnWriter[] columns;
  private final @Nullable ColumnWriter weights;
  private int rows;

  /// With `weighted` false every row weighs +1 and the batches carry no weights.
  public BatchWriter(
      BufferAllocator allocator, List<SqlType> types, boolean weighted, int expectedRows) {
    columns = new ColumnWriter[types.size()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = new ColumnWriter(allocator, types.get(i), expectedRows);
    }
    weights =
        weighted
            ? new ColumnWriter(allocator, dev.aevum.model.type.SimpleType.BIGINT, expectedRows)
            : null;
  }

  public ColumnWriter column(int index) {
    return columns[index];
  }

  public int columnCount() {
    return columns.length;
  }

  public int rows() {
    return rows;
  }

  public void endRow() {
    endRow(1);
  }

  public void endRow(long weight) {
    rows++;
    if (weights != null) {
      weights.appendLong(weight);
    } else if (weight != 1) {
      throw new IllegalStateException("weight " + weight + " in a batch without weights");
    }
  }

  /// Copies a whole row of a batch with the same types.
  public void appendRow(DeltaBatch source, int row, long weight) {
    for (int i = 0; i < columns.length; i++) {
      columns[i].appendFrom(source.column(i), row);
    }
    endRow(weight);
  }

  /// Gives the rows so far away as a batch and starts anew.
  public DeltaBatch finish() {
    Column[] made = new Column[columns.length];
    for (int i = 0; i < made.length; i++) {
      made[i] = columns[i].finish();
    }
    ArrowBuf weightBuffer = null;
    if (weights != null) {
      try (Column w = weights.finish()) {
        weightBuffer = w.dataBuffer();
        weightBuffer.getReferenceManager().retain();
      }
    }
    DeltaBatch batch = new DeltaBatch(rows, made, weightBuffer);
    rows = 0;
    return batch;
  }

  @Override
  public void close() {
    for (ColumnWriter c : columns) {
      c.close();
    }
    if (weights != null) {
      weights.close();
    }
    rows = 0;
  }
}
