package dev.aevum.model.codec;

import static dev.aevum.model.batch.Memory.BYTE;
import static dev.aevum.model.batch.Memory.DOUBLE;
import static dev.aevum.model.batch.Memory.FLOAT;
import static dev.aevum.model.batch.Memory.INT;
import static dev.aevum.model.batch.Memory.LONG;
import static dev.aevum.model.batch.Memory.SHORT;

import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.PhysicalType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import java.lang.foreign.MemorySegment;

/// The bytes of a one-dimensional array: `[version u8 = 1][count i32][null bitmap, a set bit is
/// NULL][elements]`. Elements of fixed width follow each other (a boolean takes a byte, NULLs are
/// zeros); others are `count` end offsets (i32, from the first byte after them) and then the bytes.
/// All little endian. Equal arrays have equal bytes.
///
/// The catalogue's int2vector and oidvector are arrays of SMALLINT and OID in this form.
public final class ArrayBytes {
  public static final byte VERSION = 1;

  private static final int HEADER = 5;

  private ArrayBytes() {}

  /// The element type of an array-like type.
  public static SqlType elementType(SqlType arrayLike) {
    if (arrayLike instanceof ArrayType(SqlType element)) {
      return element;
    }
    if (arrayLike == SimpleType.INT2VECTOR) {
      return SimpleType.SMALLINT;
    }
    if (arrayLike == SimpleType.OIDVECTOR) {
      return SimpleType.OID;
    }
    throw new IllegalArgumentException(arrayLike.displayName() + " is no array");
  }

  /// Bytes an element takes, 0 for variable length.
  public static int elementWidth(SqlType element) {
    return switch (element.physical()) {
      case BOOL -> 1;
      case VARLEN -> 0;
      case INT16, INT32, INT64, INT128, FLOAT32, FLOAT64, FIXED16 -> element.physical().width();
    };
  }

  /// Number of elements. Errors: XX001 for another version.
  public static int count(MemorySegment segment, long offset) {
    byte version = segment.get(BYTE, offset);
    if (version != VERSION) {
      throw new SqlException(ErrorCode.DATA_CORRUPTED, "array bytes of version " + version);
    }
    return segment.get(INT, offset + 1);
  }

  /// `index` is 0-based, as everywhere here.
  public static boolean isNull(MemorySegment segment, long offset, int index) {
    return (segment.get(BYTE, offset + HEADER + (index >>> 3)) >>> (index & 7) & 1) != 0;
  }

  /// Where element `index` begins in `segment`.
  public static long elementOffset(MemorySegment segment, long offset, SqlType element, int index) {
    int count = count(segment, offset);
    long body = offset + HEADER + ((count + 7) >>> 3);
    int width = elementWidth(element);
    if (width > 0) {
      return body + (long) index * width;
    }
    int start = index == 0 ? 0 : segment.get(INT, body + 4L * (index - 1));
    return body + 4L * count + start;
  }

  public static int elementLength(MemorySegment segment, long offset, SqlType element, int index) {
    int width = elementWidth(element);
    if (width > 0) {
      return width;
    }
    int count = count(segment, offset);
    long body = offset + HEADER + ((count + 7) >>> 3);
    int start = index == 0 ? 0 : segment.get(INT, body + 4L * (index - 1));
    return segment.get(INT, body + 4L * index) - start;
  }

  /// Appends element `index` to a writer of the element's type.
  public static void appendElement(
      MemorySegment segment, long offset, SqlType element, int index, ColumnWriter out) {
    if (isNull(segment, offset, index)) {
      out.appendNull();
      return;
    }
    long at = elementOffset(segment, offset, element, index);
    if (element.physical() == PhysicalType.VARLEN) {
      out.appendBytes(segment, at, elementLength(segment, offset, element, index));
    } else {
      appendFixed(element.physical(), segment, at, out);
    }
  }

  /// Appends a value of fixed width that lies at `at` in the form of rows and arrays.
  static void appendFixed(PhysicalType physical, MemorySegment segment, long at, ColumnWriter out) {
    switch (physical) {
      case BOOL -> out.appendBoolean(segment.get(BYTE, at) != 0);
      case INT16 -> out.appendShort(segment.get(SHORT, at));
      case INT32 -> out.appendInt(segment.get(INT, at));
      case INT64 -> out.appendLong(segment.get(LONG, at));
      case FLOAT32 -> out.appendFloat(segment.get(FLOAT, at));
      case FLOAT64 -> out.appendDouble(segment.get(DOUBLE, at));
      case INT128, FIXED16 -> out.append16(segment.get(LONG, at), segment.get(LONG, at + 8));
      case VARLEN -> throw new IllegalArgumentException("variable length");
    }
  }

  /// Makes the bytes of one array after the other: [#start], an `append...` an element, [#finish].
  /// Not thread-safe.
  public static final class Builder {
    private final int width;
    private final PhysicalType physical;
    private final ByteSink values = new ByteSink();
    private int[] ends = new int[16];
    private long[] nulls = new long[1];
    private int count;

    public Builder(SqlType element) {
      physical = element.physical();
      width = elementWidth(element);
    }

    public void start() {
      values.reset();
      count = 0;
    }

    public int count() {
      return count;
    }

    public void appendNull() {
      values.appendZeros(width);
      end(true);
    }

    public void appendBoolean(boolean value) {
      values.appendByte(value ? 1 : 0);
      end(false);
    }

    public void appendShort(short value) {
      values.appendShort(value);
      end(false);
    }

    public void appendInt(int value) {
      values.appendInt(value);
      end(false);
    }

    public void appendLong(long value) {
      values.appendLong(value);
      end(false);
    }

    public void appendFloat(float value) {
      values.appendInt(Float.floatToIntBits(value));
      end(false);
    }

    public void appendDouble(double value) {
      values.appendLong(Double.doubleToLongBits(value));
      end(false);
    }

    public void append16(long low, long high) {
      values.appendLong(low);
      values.appendLong(high);
      end(false);
    }

    public void appendBytes(MemorySegment source, long offset, int length) {
      values.appendBytes(source, offset, length);
      end(false);
    }

    public void appendBytes(byte[] source) {
      values.appendBytes(source);
      end(false);
    }

    /// Appends a row of a column of the element's physical type.
    public void append(Column column, int row) {
      if (column.isNull(row)) {
        appendNull();
        return;
      }
      switch (physical) {
        case BOOL -> appendBoolean(column.booleanAt(row));
        case INT16 -> appendShort(column.shortAt(row));
        case INT32 -> appendInt(column.intAt(row));
        case INT64 -> appendLong(column.longAt(row));
        case FLOAT32 -> appendFloat(column.floatAt(row));
        case FLOAT64 -> appendDouble(column.doubleAt(row));
        case INT128, FIXED16 -> append16(column.lowAt(row), column.highAt(row));
        case VARLEN ->
            appendBytes(column.segmentAt(row), column.offsetAt(row), column.lengthAt(row));
      }
    }

    private void end(boolean isNull) {
      if (count == ends.length) {
        ends = java.util.Arrays.copyOf(ends, count * 2);
      }
      if (count >>> 6 == nulls.length) {
        nulls = java.util.Arrays.copyOf(nulls, nulls.length * 2);
      }
      ends[count] = values.position();
      long bit = 1L << (count & 63);
      nulls[count >>> 6] = isNull ? nulls[count >>> 6] | bit : nulls[count >>> 6] & ~bit;
      count++;
    }

    /// Appends the array's bytes; the builder may be started again.
    public void finish(ByteSink out) {
      out.appendByte(VERSION);
      out.appendInt(count);
      for (int i = 0; i < count; i += 8) {
        int bits = (int) (nulls[i >>> 6] >>> (i & 63)) & 0xff;
        out.appendByte(count - i >= 8 ? bits : bits & (1 << (count - i)) - 1);
      }
      if (width == 0) {
        for (int i = 0; i < count; i++) {
          out.appendInt(ends[i]);
        }
      }
      out.appendBytes(values.array(), 0, values.position());
    }

    public byte[] finish() {
      ByteSink out = new ByteSink(values.position() + 16 + 5 * count);
      finish(out);
      return out.toBytes();
    }
  }
}
