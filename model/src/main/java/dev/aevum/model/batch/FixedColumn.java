package dev.aevum.model.batch;

import dev.aevum.model.type.PhysicalType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// A column under construction whose row count is known: kernels fill [#data] (and [#validity],
/// once asked for) by loops of their own, then [#finish] gives the column away. VARLEN views may
/// refer to long buffers added with [#addLongBuffer].
public final class FixedColumn implements AutoCloseable {
  private final BufferAllocator allocator;
  private final SqlType type;
  private final int rows;
  private @Nullable ArrowBuf dataBuffer;
  private final MemorySegment data;
  private @Nullable ArrowBuf validityBuffer;
  private @Nullable MemorySegment validity;
  private final java.util.ArrayList<ArrowBuf> longBuffers = new java.util.ArrayList<>();

  public FixedColumn(BufferAllocator allocator, SqlType type, int rows) {
    this.allocator = allocator;
    this.type = type;
    this.rows = rows;
    PhysicalType physical = type.physical();
    long bytes =
        physical == PhysicalType.BOOL ? Memory.bitmapBytes(rows) : (long) rows * physical.width();
    this.dataBuffer = allocator.buffer(Math.max(8, bytes));
    this.data = Memory.segment(dataBuffer);
  }

  /// A BIGINT column that counts up: `first`, `first + 1`, ...
  public static Column counting(BufferAllocator allocator, long first, int rows) {
    try (FixedColumn column = new FixedColumn(allocator, SimpleType.BIGINT, rows)) {
      for (int row = 0; row < rows; row++) {
        column.data.set(Memory.LONG, (long) row << 3, first + row);
      }
      return column.finish();
    }
  }

  /// Contents are unspecified until written.
  public MemorySegment data() {
    return data;
  }

  public int rows() {
    return rows;
  }

  /// The validity bitmap, made on first call with all rows valid.
  public MemorySegment validity() {
    if (validity == null) {
      validityBuffer = allocator.buffer(Math.max(8, Memory.bitmapBytes(rows)));
      validity = Memory.segment(validityBuffer);
      validity.fill((byte) -1);
    }
    return validity;
  }

  /// Starts from a copy of another bitmap of the same length (no copy, shared, when it is absent).
  public void copyValidity(@Nullable MemorySegment source) {
    if (source != null) {
      MemorySegment.copy(source, 0, validity(), 0, Memory.bitmapBytes(rows));
    }
  }

  /// Takes over the buffer's reference; returns its index for views.
  public int addLongBuffer(ArrowBuf buffer) {
    longBuffers.add(buffer);
    return longBuffers.size() - 1;
  }

  public Column finish() {
    Column column =
        new Column(type, rows, validityBuffer, Objects.requireNonNull(dataBuffer), longBuffers);
    dataBuffer = null;
    validityBuffer = null;
    longBuffers.clear();
    return column;
  }

  /// Frees what was not given away.
  @Override
  public void close() {
    if (dataBuffer != null) {
      dataBuffer.close();
      dataBuffer = null;
    }
    if (validityBuffer != null) {
      validityBuffer.close();
      validityBuffer = null;
    }
    longBuffers.forEach(ArrowBuf::close);
    longBuffers.clear();
  }
}
