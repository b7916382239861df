package dev.aevum.model.codec;

import static dev.aevum.model.batch.Memory.BYTE;
import static dev.aevum.model.batch.Memory.DOUBLE;
import static dev.aevum.model.batch.Memory.FLOAT;
import static dev.aevum.model.batch.Memory.INT;
import static dev.aevum.model.batch.Memory.LONG;
import static dev.aevum.model.batch.Memory.SHORT;

import dev.aevum.model.batch.BatchWriter;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.PhysicalType;
import dev.aevum.model.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// Rows as bytes, exactly: `[layout version varint][null bitmap, a set bit is NULL][fixed
/// section][var section]`, little endian. The fixed section has each column in order: its width
/// (boolean: a byte), or for variable length the end (i32) of its bytes in the var section. NULLs
/// are zeros (and of no length).
///
/// Equal rows have equal bytes and the other way round: values bit by bit, numerics with their
/// display scale, but one NaN. Immutable and thread-safe.
public final class RowCodec {
  private final int layout;
  private final List<SqlType> types;
  private final PhysicalType[] physical;

  /// Of each column in the fixed section, counted from the row's first byte; then the section's
  /// end.
  private final int[] at;

  private final int bitmapAt;

  public RowCodec(List<SqlType> types) {
    this(1, types);
  }

  /// `layout`: the number that rows of this list of types carry; decoding refuses others.
  public RowCodec(int layout, List<SqlType> types) {
    this.layout = layout;
    this.types = List.copyOf(types);
    this.physical = types.stream().map(SqlType::physical).toArray(PhysicalType[]::new);
    ByteSink version = new ByteSink();
    version.appendVarint(layout);
    bitmapAt = version.position();
    at = new int[physical.length + 1];
    int next = bitmapAt + ((physical.length + 7) >>> 3);
    for (int i = 0; i < physical.length; i++) {
      at[i] = next;
      next += width(physical[i]);
    }
    at[physical.length] = next;
  }

  private static int width(PhysicalType type) {
    return switch (type) {
      case BOOL -> 1;
      case VARLEN -> 4;
      case INT16, INT32, INT64, INT128, FLOAT32, FLOAT64, FIXED16 -> type.width();
    };
  }

  public List<SqlType> types() {
    return types;
  }

  /// Appends the bytes of one row; `columns` are in the order of the codec's types.
  public void encode(Column[] columns, int row, ByteSink out) {
    int start = out.position();
    out.appendVarint(layout);
    out.appendZeros(at[physical.length] - bitmapAt);
    int varStart = out.position();
    for (int i = 0; i < physical.length; i++) {
      Column column = columns[i];
      if (physical[i] == PhysicalType.VARLEN) {
        if (column.isNull(row)) {
          setNull(out, start, i);
        } else {
          out.appendBytes(column.segmentAt(row), column.offsetAt(row), column.lengthAt(row));
        }
        out.setInt(start + at[i], out.position() - varStart);
      } else if (column.isNull(row)) {
        setNull(out, start, i);
      } else {
        setFixed(physical[i], column, row, out.segment(), start + at[i]);
      }
    }
  }

  private void setNull(ByteSink out, int start, int column) {
    out.array()[start + bitmapAt + (column >>> 3)] |= (byte) (1 << (column & 7));
  }

  private static void setFixed(
      PhysicalType physical, Column column, int row, MemorySegment target, long to) {
    switch (physical) {
      case BOOL -> target.set(BYTE, to, (byte) (column.booleanAt(row) ? 1 : 0));
      case INT16 -> target.set(SHORT, to, column.shortAt(row));
      case INT32 -> target.set(INT, to, column.intAt(row));
      case INT64 -> target.set(LONG, to, column.longAt(row));
      case FLOAT32 -> target.set(INT, to, Float.floatToIntBits(column.floatAt(row)));
      case FLOAT64 -> target.set(LONG, to, Double.doubleToLongBits(column.doubleAt(row)));
      case INT128, FIXED16 -> {
        target.set(LONG, to, column.lowAt(row));
        target.set(LONG, to + 8, column.highAt(row));
      }
      case VARLEN -> throw new IllegalArgumentException("variable length");
    }
  }

  /// Appends all columns of a row to columns `firstColumn` and on of `out`; the caller ends the
  /// row.
  ///
  /// Errors: XX001 for bytes of another layout.
  public void decode(
      MemorySegment segment, long offset, int length, BatchWriter out, int firstColumn) {
    check(segment, offset, length);
    for (int i = 0; i < physical.length; i++) {
      append(segment, offset, length, i, out.column(firstColumn + i));
    }
  }

  /// The same from bytes that are one row. Errors: XX001 for bytes of another layout.
  public void decode(byte[] row, BatchWriter out) {
    decode(MemorySegment.ofArray(row), 0, row.length, out, 0);
  }

  /// Appends the columns `chosen` of a row to columns `firstColumn` and on of `out`.
  public void decode(
      MemorySegment segment,
      long offset,
      int length,
      int[] chosen,
      BatchWriter out,
      int firstColumn) {
    check(segment, offset, length);
    for (int i = 0; i < chosen.length; i++) {
      append(segment, offset, length, chosen[i], out.column(firstColumn + i));
    }
  }

  /// Appends all columns of a row, one to each writer.
  public void decode(MemorySegment segment, long offset, int length, ColumnWriter[] out) {
    check(segment, offset, length);
    for (int i = 0; i < physical.length; i++) {
      append(segment, offset, length, i, out[i]);
    }
  }

  /// Appends one column of a row.
  public void decode(MemorySegment segment, long offset, int length, int column, ColumnWriter out) {
    check(segment, offset, length);
    append(segment, offset, length, column, out);
  }

  private void check(MemorySegment segment, long offset, int length) {
    int version = 0;
    int shift = 0;
    for (int i = 0; i < bitmapAt && i < length; i++, shift += 7) {
      version |= (segment.get(BYTE, offset + i) & 0x7f) << shift;
    }
    if (version != layout || length < at[physical.length]) {
      throw new SqlException(
          ErrorCode.DATA_CORRUPTED,
          "row of layout "
              + version
              + " and "
              + length
              + " bytes where layout "
              + layout
              + " of at least "
              + at[physical.length]
              + " was expected");
    }
  }

  public boolean isNull(MemorySegment segment, long offset, int column) {
    byte bits = segment.get(BYTE, offset + bitmapAt + (column >>> 3));
    return (bits >>> (column & 7) & 1) != 0;
  }

  private void append(
      MemorySegment segment, long offset, int length, int column, ColumnWriter out) {
    if (isNull(segment, offset, column)) {
      out.appendNull();
      return;
    }
    long from = offset + at[column];
    switch (physical[column]) {
      case BOOL -> out.appendBoolean(segment.get(BYTE, from) != 0);
      case INT16 -> out.appendShort(segment.get(SHORT, from));
      case INT32 -> out.appendInt(segment.get(INT, from));
      case INT64 -> out.appendLong(segment.get(LONG, from));
      case FLOAT32 -> out.appendFloat(segment.get(FLOAT, from));
      case FLOAT64 -> out.appendDouble(segment.get(DOUBLE, from));
      case INT128, FIXED16 -> out.append16(segment.get(LONG, from), segment.get(LONG, from + 8));
      case VARLEN -> {
        int start = varStart(segment, offset, column);
        int end = segment.get(INT, from);
        int var = at[physical.length];
        if (start < 0 || end < start || var + end > length) {
          throw new SqlException(ErrorCode.DATA_CORRUPTED, "row whose values lie outside of it");
        }
        out.appendBytes(segment, offset + var + start, end - start);
      }
    }
  }

  private int varStart(MemorySegment segment, long offset, int column) {
    for (int i = column - 1; i >= 0; i--) {
      if (physical[i] == PhysicalType.VARLEN) {
        return segment.get(INT, offset + at[i]);
      }
    }
    return 0;
  }
}
