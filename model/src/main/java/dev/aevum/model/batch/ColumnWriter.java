package dev.aevum.model.batch;

import static dev.aevum.model.batch.Memory.DOUBLE;
import static dev.aevum.model.batch.Memory.FLOAT;
import static dev.aevum.model.batch.Memory.INT;
import static dev.aevum.model.batch.Memory.LONG;
import static dev.aevum.model.batch.Memory.SHORT;

import dev.aevum.model.type.PhysicalType;
import dev.aevum.model.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// Makes one [Column], row by row in order: exactly one `append...` a row, of the column's physical
/// type. Grows by doubling. Not thread-safe. [#finish] gives the column away and leaves the writer
/// empty and reusable; [#close] frees what was not given.
///
/// Kernels that know their row count write with [FixedColumn] instead, without a call per row.
public final class ColumnWriter implements AutoCloseable {
  private static final int MIN_LONG_BYTES = 4096;

  private final BufferAllocator allocator;
  private final SqlType type;
  private final PhysicalType physical;
  private int capacity;
  private int rows;
  private boolean anyNull;
  private @Nullable ArrowBuf dataBuffer;
  private MemorySegment data = Memory.EMPTY;
  private @Nullable ArrowBuf validityBuffer;
  private MemorySegment validity = Memory.EMPTY;
  private final List<ArrowBuf> longBuffers = new ArrayList<>();
  private MemorySegment tail = Memory.EMPTY;
  private long tailUsed;

  public ColumnWriter(BufferAllocator allocator, SqlType type, int expectedRows) {
    this.allocator = allocator;
    this.type = type;
    this.physical = type.physical();
    this.capacity = Math.max(64, expectedRows);
  }

  public SqlType type() {
    return type;
  }

  public int rows() {
    return rows;
  }

  public void appendNull() {
    int row = next();
    anyNull = true;
    Memory.clearBit(validity, row);
    switch (physical) {
      case BOOL -> Memory.clearBit(data, row);
      case INT16 -> data.set(SHORT, (long) row << 1, (short) 0);
      case INT32, FLOAT32 -> data.set(INT, (long) row << 2, 0);
      case INT64, FLOAT64 -> data.set(LONG, (long) row << 3, 0L);
      case INT128, FIXED16, VARLEN -> {
        data.set(LONG, (long) row << 4, 0L);
        data.set(LONG, ((long) row << 4) + 8, 0L);
      }
    }
  }

  public void appendBoolean(boolean value) {
    int row = next();
    if (value) {
      Memory.setBit(data, row);
    } else {
      Memory.clearBit(data, row);
    }
  }

  public void appendShort(short value) {
    data(next(), 1).set(SHORT, (long) (rows - 1) << 1, value);
  }

  public void appendInt(int value) {
    data(next(), 2).set(INT, (long) (rows - 1) << 2, value);
  }

  public void appendLong(long value) {
    data(next(), 3).set(LONG, (long) (rows - 1) << 3, value);
  }

  public void appendFloat(float value) {
    data(next(), 2).set(FLOAT, (long) (rows - 1) << 2, value);
  }

  public void appendDouble(double value) {
    data(next(), 3).set(DOUBLE, (long) (rows - 1) << 3, value);
  }

  /// INT128 and FIXED16.
  public void append16(long low, long high) {
    int row = next();
    data.set(LONG, (long) row << 4, low);
    data.set(LONG, ((long) row << 4) + 8, high);
  }

  public void appendText(String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    appendBytes(bytes, 0, bytes.length);
  }

  public void appendBytes(byte[] bytes, int offset, int length) {
    appendBytes(MemorySegment.ofArray(bytes), offset, length);
  }

  public void appendBytes(MemorySegment source, long offset, int length) {
    int row = next();
    long view = (long) row << 4;
    data.set(INT, view, length);
    if (length <= 12) {
      data.set(LONG, view + 4, 0L);
      data.set(INT, view + 12, 0);
      MemorySegment.copy(source, offset, data, view + 4, length);
      return;
    }
    if (tail.byteSize() - tailUsed < length) {
      growTail(length);
    }
    MemorySegment.copy(source, offset, tail, tailUsed, length);
    MemorySegment.copy(source, offset, data, view + 4, 4);
    data.set(INT, view + 8, longBuffers.size() - 1);
    data.set(INT, view + 12, (int) tailUsed);
    tailUsed += length;
  }

  /// Appends row `row` of `source`, a column of the same physical type. Long values are copied.
  public void appendFrom(Column source, int row) {
    if (source.isNull(row)) {
      appendNull();
      return;
    }
    switch (physical) {
      case BOOL -> appendBoolean(source.booleanAt(row));
      case INT16 -> appendShort(source.shortAt(row));
      case INT32 -> appendInt(source.intAt(row));
      case INT64 -> appendLong(source.longAt(row));
      case FLOAT32 -> appendFloat(source.floatAt(row));
      case FLOAT64 -> appendDouble(source.doubleAt(row));
      case INT128, FIXED16 -> append16(source.lowAt(row), source.highAt(row));
      case VARLEN -> appendBytes(source.segmentAt(row), source.offsetAt(row), source.lengthAt(row));
    }
  }

  /// Drops the rows from `newRows` on: for a row of several columns that turns out wrong half-way.
  public void truncate(int newRows) {
    if (newRows < 0 || newRows > rows) {
      throw new IllegalArgumentException("truncate to " + newRows + " of " + rows + " rows");
    }
    rows = newRows;
  }

  /// The column of all rows so far; the writer starts anew.
  public Column finish() {
    if (dataBuffer == null) {
      allocate();
    }
    ArrowBuf nulls = validityBuffer;
    if (!anyNull && nulls != null) {
      nulls.close();
      nulls = null;
    }
    Column column =
        new Column(type, rows, nulls, java.util.Objects.requireNonNull(dataBuffer), longBuffers);
    forget();
    return column;
  }

  @Override
  public void close() {
    if (dataBuffer != null) {
      dataBuffer.close();
    }
    if (validityBuffer != null) {
      validityBuffer.close();
    }
    longBuffers.forEach(ArrowBuf::close);
    forget();
  }

  private void forget() {
    dataBuffer = null;
    validityBuffer = null;
    data = Memory.EMPTY;
    validity = Memory.EMPTY;
    longBuffers.clear();
    tail = Memory.EMPTY;
    tailUsed = 0;
    rows = 0;
    anyNull = false;
  }

  private MemorySegment data(int row, int shift) {
    assert physical.width() == 1 << shift && row == rows - 1;
    return data;
  }

  private int next() {
    if (dataBuffer == null) {
      allocate();
    } else if (rows == capacity) {
      grow();
    }
    int row = rows++;
    Memory.setBit(validity, row);
    return row;
  }

  private long dataBytes(int count) {
    return physical == PhysicalType.BOOL
        ? Memory.bitmapBytes(count)
        : (long) count * physical.width();
  }

  private void allocate() {
    dataBuffer = allocator.buffer(dataBytes(capacity));
    data = Memory.segment(dataBuffer);
    validityBuffer = allocator.buffer(Memory.bitmapBytes(capacity));
    validity = Memory.segment(validityBuffer);
  }

  private void grow() {
    ArrowBuf oldData = java.util.Objects.requireNonNull(dataBuffer);
    ArrowBuf oldValidity = java.util.Objects.requireNonNull(validityBuffer);
    MemorySegment fromData = data;
    MemorySegment fromValidity = validity;
    int oldCapacity = capacity;
    capacity = Math.multiplyExact(capacity, 2);
    allocate();
    MemorySegment.copy(fromData, 0, data, 0, dataBytes(oldCapacity));
    MemorySegment.copy(fromValidity, 0, validity, 0, Memory.bitmapBytes(oldCapacity));
    oldData.close();
    oldValidity.close();
  }

  private void growTail(int length) {
    long last = tail.byteSize();
    long size = Math.max(length, Math.clamp(2 * last, MIN_LONG_BYTES, 1 << 20));
    ArrowBuf buffer = allocator.buffer(size);
    longBuffers.add(buffer);
    tail = Memory.segment(buffer);
    tailUsed = 0;
  }
}
