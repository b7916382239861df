package dev.aevum.model.batch;

import static dev.aevum.model.batch.Memory.BYTE;
import static dev.aevum.model.batch.Memory.DOUBLE;
import static dev.aevum.model.batch.Memory.FLOAT;
import static dev.aevum.model.batch.Memory.INT;
import static dev.aevum.model.batch.Memory.LONG;
import static dev.aevum.model.batch.Memory.SHORT;

import dev.aevum.model.type.PhysicalType;
import dev.aevum.model.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;

/// One column of a batch: immutable values in Arrow's layout, in buffers of Arrow allocators.
///
/// Buffers (see [PhysicalType]): `validity`, a bitmap, absent when no row is NULL; `data`; and for
/// VARLEN the buffers that long values live in. All bitmaps are padded to 8 bytes; bits past the
/// last row are unspecified.
///
/// **Ownership**: reference counted as a whole; the maker holds one reference. [#retain] adds one,
/// [#close] drops one, the last frees the buffers. Counting is thread-safe, contents never change.
/// Kernels take the segments once per batch; the `...At` getters are for edges and tests.
public final class Column implements AutoCloseable {
  private static final List<ArrowBuf> NONE = List.of();

  private final SqlType type;
  private final PhysicalType physical;
  private final int rows;
  private final @Nullable ArrowBuf validityBuffer;
  private final ArrowBuf dataBuffer;
  private final List<ArrowBuf> longBuffers;
  private final @Nullable MemorySegment validity;
  private final MemorySegment data;
  private final MemorySegment[] longValues;
  private final AtomicInteger references = new AtomicInteger(1);

  /// Takes over the given references of all buffers.
  public Column(
      SqlType type,
      int rows,
      @Nullable ArrowBuf validityBuffer,
      ArrowBuf dataBuffer,
      List<ArrowBuf> longBuffers) {
    this.type = type;
    this.physical = type.physical();
    this.rows = rows;
    this.validityBuffer = validityBuffer;
    this.dataBuffer = dataBuffer;
    this.longBuffers = longBuffers.isEmpty() ? NONE : List.copyOf(longBuffers);
    this.validity = validityBuffer == null ? null : Memory.segment(validityBuffer);
    this.data = Memory.segment(dataBuffer);
    this.longValues = new MemorySegment[longBuffers.size()];
    for (int i = 0; i < longValues.length; i++) {
      longValues[i] = Memory.segment(longBuffers.get(i));
    }
  }

  /// A column of another type of the same layout over the same buffers (a cast that costs nothing).
  public Column as(SqlType other) {
    if (other.physical() != physical) {
      throw new IllegalArgumentException(type + " is not laid out as " + other);
    }
    if (validityBuffer != null) {
      validityBuffer.getReferenceManager().retain();
    }
    dataBuffer.getReferenceManager().retain();
    longBuffers.forEach(b -> b.getReferenceManager().retain());
    return new Column(other, rows, validityBuffer, dataBuffer, longBuffers);
  }

  public SqlType type() {
    return type;
  }

  public PhysicalType physical() {
    return physical;
  }

  public int rows() {
    return rows;
  }

  /// Bit set: the row has a value. Null: no row is NULL.
  public @Nullable MemorySegment validity() {
    return validity;
  }

  public boolean mayHaveNulls() {
    return validity != null;
  }

  public MemorySegment data() {
    return data;
  }

  /// VARLEN: the segments that views' buffer index refers to.
  public MemorySegment[] longValues() {
    return longValues;
  }

  /// The buffers behind [#longValues], for columns that share them; the caller retains those it
  /// keeps.
  public List<ArrowBuf> longBuffers() {
    return longBuffers;
  }

  public ArrowBuf dataBuffer() {
    return dataBuffer;
  }

  public @Nullable ArrowBuf validityBuffer() {
    return validityBuffer;
  }

  public boolean isNull(int row) {
    return validity != null && !Memory.bit(validity, row);
  }

  public boolean booleanAt(int row) {
    return Memory.bit(data, row);
  }

  public short shortAt(int row) {
    return data.get(SHORT, (long) row << 1);
  }

  public int intAt(int row) {
    return data.get(INT, (long) row << 2);
  }

  public long longAt(int row) {
    return data.get(LONG, (long) row << 3);
  }

  public float floatAt(int row) {
    return data.get(FLOAT, (long) row << 2);
  }

  public double doubleAt(int row) {
    return data.get(DOUBLE, (long) row << 3);
  }

  /// Low 64 bits of an INT128 or FIXED16 row (an interval's microseconds).
  public long lowAt(int row) {
    return data.get(LONG, (long) row << 4);
  }

  /// High 64 bits of an INT128 or FIXED16 row.
  public long highAt(int row) {
    return data.get(LONG, ((long) row << 4) + 8);
  }

  /// VARLEN: bytes of the row's value.
  public int lengthAt(int row) {
    return data.get(INT, (long) row << 4);
  }

  /// VARLEN: the segment that holds the row's bytes, to be read from [#offsetAt].
  public MemorySegment segmentAt(int row) {
    long view = (long) row << 4;
    return data.get(INT, view) <= 12 ? data : longValues[data.get(INT, view + 8)];
  }

  public long offsetAt(int row) {
    long view = (long) row << 4;
    return data.get(INT, view) <= 12 ? view + 4 : data.get(INT, view + 12);
  }

  public byte[] bytesAt(int row) {
    byte[] bytes = new byte[lengthAt(row)];
    MemorySegment.copy(segmentAt(row), BYTE, offsetAt(row), bytes, 0, bytes.length);
    return bytes;
  }

  public String textAt(int row) {
    return new String(bytesAt(row), StandardCharsets.UTF_8);
  }

  /// Bytes of memory behind this column; shared buffers count in full.
  public long sizeBytes() {
    long size = dataBuffer.capacity() + (validityBuffer == null ? 0 : validityBuffer.capacity());
    for (ArrowBuf b : longBuffers) {
      size += b.capacity();
    }
    return size;
  }

  public Column retain() {
    if (references.getAndIncrement() <= 0) {
      throw new IllegalStateException("retain of a closed column");
    }
    return this;
  }

  @Override
  public void close() {
    int left = references.decrementAndGet();
    if (left == 0) {
      if (validityBuffer != null) {
        validityBuffer.close();
      }
      dataBuffer.close();
      longBuffers.forEach(ArrowBuf::close);
    } else if (left < 0) {
      throw new IllegalStateException("column closed twice");
    }
  }
}
