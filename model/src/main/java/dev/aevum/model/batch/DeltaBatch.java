package dev.aevum.model.batch;

import static dev.aevum.model.batch.Memory.LONG;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;

/// Changes of one step: rows as columns, and a weight a row (+1 insert, -1 retract). Without a
/// weight buffer all are +1. The one thing that flows between operators; also carries query results
/// (weights absent).
///
/// **Ownership**: reference counted like [Column]; closing the last reference closes its columns. A
/// batch passed *in* to an operator is borrowed for the call (retain it to keep it); a batch passed
/// *out* is given away.
public final class DeltaBatch implements AutoCloseable {
  /// What operators aim at.
  public static final int TARGET_ROWS = 4096;

  public static final int MAX_ROWS = 16384;

  private final int rows;
  private final Column[] columns;
  private final @Nullable ArrowBuf weightBuffer;
  private final @Nullable MemorySegment weights;
  private final java.util.concurrent.atomic.AtomicInteger references =
      new java.util.concurrent.atomic.AtomicInteger(1);

  /// Takes over one reference of each column and of the weight buffer (int64 a row).
  public DeltaBatch(int rows, Column[] columns, @Nullable ArrowBuf weightBuffer) {
    for (Column c : columns) {
      if (c.rows() != rows) {
        throw new IllegalArgumentException("column of " + c.rows() + " rows in a batch of " + rows);
      }
    }
    this.rows = rows;
    this.columns = columns;
    this.weightBuffer = weightBuffer;
    this.weights = weightBuffer == null ? null : Memory.segment(weightBuffer);
  }

  public int rows() {
    return rows;
  }

  public int columnCount() {
    return columns.length;
  }

  public Column column(int index) {
    return columns[index];
  }

  public List<Column> columns() {
    return List.of(columns);
  }

  /// Null: every weight is +1.
  public @Nullable MemorySegment weights() {
    return weights;
  }

  public @Nullable ArrowBuf weightBuffer() {
    return weightBuffer;
  }

  public long weightAt(int row) {
    return weights == null ? 1 : weights.get(LONG, (long) row << 3);
  }

  public long sizeBytes() {
    long size = weightBuffer == null ? 0 : weightBuffer.capacity();
    for (Column c : columns) {
      size += c.sizeBytes();
    }
    return size;
  }

  public DeltaBatch retain() {
    if (references.getAndIncrement() <= 0) {
      throw new IllegalStateException("retain of a closed batch");
    }
    return this;
  }

  @Override
  public void close() {
    int left = references.decrementAndGet();
    if (left == 0) {
      for (Column c : columns) {
        c.close();
      }
      if (weightBuffer != null) {
        weightBuffer.close();
      }
    } else if (left < 0) {
      throw new IllegalStateException("batch closed twice");
    }
  }
}
