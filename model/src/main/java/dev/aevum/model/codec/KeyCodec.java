package dev.aevum.model.codec;

import static dev.aevum.model.batch.Memory.BYTE;
import static dev.aevum.model.batch.Memory.DOUBLE;
import static dev.aevum.model.batch.Memory.FLOAT;
import static dev.aevum.model.batch.Memory.INT;
import static dev.aevum.model.batch.Memory.LONG;
import static dev.aevum.model.batch.Memory.SHORT;

import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.Memory;
import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.CharType;
import dev.aevum.model.type.CompositeType;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.IntervalValue;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.model.type.VarcharType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/// Keys as bytes: unsigned byte order is SQL order (text by code points), and bytes are equal
/// exactly for values that SQL calls equal: -0 = 0, all NaN are one and greatest, 1.0 = 1.00, '1
/// month' = '30 days', char(n) without trailing blanks. NULLs are equal to each other here; joins
/// ask for [#encode]'s result.
///
/// Per column: a byte that places NULL (0 NULL first, 1 value, 2 NULL last), then the value; the
/// value is complemented where `descending`. Integers, decimals and times are big endian with the
/// sign flipped, floats sign-folded, intervals their 128-bit span, uuids as they are, text and
/// bytes with 0x00 as 0x00FF and 0x0001 at the end, arrays element by element each after 1 (value)
/// or 2 (NULL) with 0 at the end, numerics by [NumericBytes], jsonb by [JsonbKey]. NULL in a column
/// of fixed width takes the same room as a value. An encoding can't be turned back: keep values
/// with [RowCodec].
///
/// Immutable and thread-safe; the sinks are the caller's.
public final class KeyCodec {
  private enum Kind {
    BOOL(1),
    INT16(2),
    INT32(4),
    INT64(8),
    INT128(16),
    FLOAT32(4),
    FLOAT64(8),
    INTERVAL(16),
    BYTES16(16),
    TEXT(-1),
    BLANK_PADDED(-1),
    NUMERIC(-1),
    JSONB(-1),
    ARRAY(-1);

    /// Bytes of a value, or -1.
    final int width;

    Kind(int width) {
      this.width = width;
    }
  }

  private static final int FIRST = 0;
  private static final int VALUE = 1;
  private static final int LAST = 2;

  private final List<SqlType> types;
  private final Kind[] kinds;
  private final boolean[] descending;
  private final boolean[] nullsFirst;
  private final int fixedWidth;

  /// Ascending, NULLs last: what grouping, joins and primary keys use.
  public KeyCodec(List<SqlType> types) {
    this(types, new boolean[types.size()], new boolean[types.size()]);
  }

  public KeyCodec(List<SqlType> types, boolean[] descending, boolean[] nullsFirst) {
    this.types = List.copyOf(types);
    this.kinds = types.stream().map(KeyCodec::kind).toArray(Kind[]::new);
    this.descending = descending.clone();
    this.nullsFirst = nullsFirst.clone();
    int width = 0;
    for (Kind kind : kinds) {
      width = width < 0 || kind.width < 0 ? -1 : width + 1 + kind.width;
    }
    this.fixedWidth = width;
  }

  public List<SqlType> types() {
    return types;
  }

  /// Bytes of every key, or -1 where the length varies.
  public int fixedWidth() {
    return fixedWidth;
  }

  private static Kind kind(SqlType type) {
    return switch (type) {
      case DecimalType d ->
          d.precision() <= DecimalType.MAX_SHORT_PRECISION ? Kind.INT64 : Kind.INT128;
      case VarcharType v -> Kind.TEXT;
      case CharType c -> Kind.BLANK_PADDED;
      case ArrayType a -> Kind.ARRAY;
      case CompositeType c -> Kind.TEXT;
      case SimpleType s ->
          switch (s) {
            case BOOLEAN -> Kind.BOOL;
            case SMALLINT -> Kind.INT16;
            case INTEGER, DATE -> Kind.INT32;
            case BIGINT, TIME, TIMESTAMP, TIMESTAMPTZ -> Kind.INT64;
            case OID, XID, REGCLASS, REGTYPE, REGPROC, REGNAMESPACE, REGROLE -> Kind.INT64;
            case NUMERIC -> Kind.NUMERIC;
            case REAL -> Kind.FLOAT32;
            case DOUBLE -> Kind.FLOAT64;
            case INTERVAL -> Kind.INTERVAL;
            case UUID -> Kind.BYTES16;
            case TEXT, BYTEA, NAME, PG_CHAR, JSON, SKETCH, RECORD, UNKNOWN, VOID -> Kind.TEXT;
            case JSONB -> Kind.JSONB;
            case INT2VECTOR, OIDVECTOR -> Kind.ARRAY;
          };
    };
  }

  /// Appends the key of one row. `columns` are in the order of the codec's types. True when some
  /// key column is NULL.
  public boolean encode(Column[] columns, int row, ByteSink out) {
    boolean anyNull = false;
    for (int i = 0; i < kinds.length; i++) {
      anyNull |= encodeColumn(i, columns[i], row, out);
    }
    return anyNull;
  }

  /// Appends the key of the first `count` columns of the codec only: a prefix of the whole key's
  /// bytes.
  public boolean encodePrefix(Column[] columns, int count, int row, ByteSink out) {
    boolean anyNull = false;
    for (int i = 0; i < count; i++) {
      anyNull |= encodeColumn(i, columns[i], row, out);
    }
    return anyNull;
  }

  private boolean encodeColumn(int index, Column column, int row, ByteSink out) {
    Kind kind = kinds[index];
    if (column.isNull(row)) {
      out.appendByte(nullsFirst[index] ? FIRST : LAST);
      out.appendZeros(Math.max(0, kind.width));
      return true;
    }
    out.appendByte(VALUE);
    int from = out.position();
    if (kind == Kind.BOOL) {
      out.appendByte(column.booleanAt(row) ? 1 : 0);
    } else if (kind.width > 0) {
      appendFixed(kind, column.data(), (long) row * kind.width, out);
    } else {
      appendVariable(
          kind,
          types.get(index),
          column.segmentAt(row),
          column.offsetAt(row),
          column.lengthAt(row),
          out);
    }
    if (descending[index]) {
      complement(out.array(), from, out.position());
    }
    return false;
  }

  private static void complement(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      bytes[i] = (byte) ~bytes[i];
    }
  }

  private static void appendFixed(Kind kind, MemorySegment data, long at, ByteSink out) {
    switch (kind) {
      case BOOL -> out.appendByte(data.get(BYTE, at));
      case INT16 -> out.appendShortBig(data.get(SHORT, at) ^ 0x8000);
      case INT32 -> out.appendIntBig(data.get(INT, at) ^ Integer.MIN_VALUE);
      case INT64 -> out.appendLongBig(data.get(LONG, at) ^ Long.MIN_VALUE);
      case INT128 -> {
        out.appendLongBig(data.get(LONG, at + 8) ^ Long.MIN_VALUE);
        out.appendLongBig(data.get(LONG, at));
      }
      case FLOAT32 -> out.appendIntBig(fold(data.get(FLOAT, at)));
      case FLOAT64 -> out.appendLongBig(fold(data.get(DOUBLE, at)));
      case INTERVAL -> appendSpan(data.get(LONG, at), data.get(LONG, at + 8), out);
      case BYTES16 -> out.appendBytes(data, at, 16);
      case TEXT, BLANK_PADDED, NUMERIC, JSONB, ARRAY ->
          throw new IllegalStateException(kind.name());
    }
  }

  /// `high`: days in the low 32 bits, months above.
  private static void appendSpan(long micros, long high, ByteSink out) {
    long days = (high >> 32) * 30 + (int) high;
    long low = days * IntervalValue.MICROS_PER_DAY;
    long top = Math.multiplyHigh(days, IntervalValue.MICROS_PER_DAY);
    long sum = low + micros;
    long carry = Long.compareUnsigned(sum, low) < 0 ? 1 : 0;
    out.appendLongBig(top + (micros >> 63) + carry ^ Long.MIN_VALUE);
    out.appendLongBig(sum);
  }

  private static int fold(float value) {
    int bits = Float.floatToIntBits(value == 0 ? 0f : value);
    return bits < 0 ? ~bits : bits ^ Integer.MIN_VALUE;
  }

  private static long fold(double value) {
    long bits = Double.doubleToLongBits(value == 0 ? 0d : value);
    return bits < 0 ? ~bits : bits ^ Long.MIN_VALUE;
  }

  private static void appendVariable(
      Kind kind, SqlType type, MemorySegment segment, long offset, int length, ByteSink out) {
    switch (kind) {
      case TEXT -> appendEscaped(segment, offset, length, out);
      case BLANK_PADDED -> appendEscaped(segment, offset, trimmed(segment, offset, length), out);
      case NUMERIC -> NumericBytes.appendKey(segment, offset, length, out);
      case JSONB -> JsonbKey.append(segment, offset, length, out);
      case ARRAY -> appendArray(ArrayBytes.elementType(type), segment, offset, out);
      case BOOL, INT16, INT32, INT64, INT128, FLOAT32, FLOAT64, INTERVAL, BYTES16 ->
          throw new IllegalStateException(kind.name());
    }
  }

  /// Length without trailing blanks.
  private static int trimmed(MemorySegment segment, long offset, int length) {
    int end = length;
    while (end > 0 && segment.get(BYTE, offset + end - 1) == ' ') {
      end--;
    }
    return end;
  }

  private static int zeros(MemorySegment segment, long offset, int length) {
    int zeros = 0;
    int i = 0;
    for (; i + 8 <= length; i += 8) {
      long word = segment.get(LONG, offset + i);
      if ((word - 0x0101010101010101L & ~word & 0x8080808080808080L) != 0) {
        for (int k = 0; k < 8; k++) {
          zeros += segment.get(BYTE, offset + i + k) == 0 ? 1 : 0;
        }
      }
    }
    for (; i < length; i++) {
      zeros += segment.get(BYTE, offset + i) == 0 ? 1 : 0;
    }
    return zeros;
  }

  static void appendEscaped(MemorySegment segment, long offset, int length, ByteSink out) {
    if (zeros(segment, offset, length) == 0) {
      out.appendBytes(segment, offset, length);
    } else {
      for (int i = 0; i < length; i++) {
        byte b = segment.get(BYTE, offset + i);
        out.appendByte(b);
        if (b == 0) {
          out.appendByte(0xff);
        }
      }
    }
    out.appendByte(0);
    out.appendByte(1);
  }

  private static void appendArray(
      SqlType element, MemorySegment segment, long offset, ByteSink out) {
    Kind kind = kind(element);
    int count = ArrayBytes.count(segment, offset);
    for (int i = 0; i < count; i++) {
      if (ArrayBytes.isNull(segment, offset, i)) {
        out.appendByte(LAST);
        continue;
      }
      out.appendByte(VALUE);
      long at = ArrayBytes.elementOffset(segment, offset, element, i);
      if (kind.width > 0) {
        appendFixed(kind, segment, at, out);
      } else {
        int length = ArrayBytes.elementLength(segment, offset, element, i);
        appendVariable(kind, element, segment, at, length, out);
      }
    }
    out.appendByte(0);
  }

  /// Appends the keys of rows 0 to `rows - 1`: key `i` lies at `offsets[i]` to `offsets[i + 1]`
  /// (room for `rows + 1`). Keys of fixed width are written column by column, a loop of its own for
  /// each kind.
  public void encodeAll(Column[] columns, int rows, ByteSink out, int[] offsets) {
    int start = out.position();
    if (fixedWidth < 0) {
      for (int row = 0; row < rows; row++) {
        offsets[row] = out.position();
        encode(columns, row, out);
      }
      offsets[rows] = out.position();
      return;
    }
    out.ensure(Math.multiplyExact(fixedWidth, rows));
    int at = start;
    for (int i = 0; i < kinds.length; i++) {
      encodeFixedColumn(i, columns[i], rows, out, at);
      at += 1 + kinds[i].width;
    }
    for (int row = 0; row <= rows; row++) {
      offsets[row] = start + row * fixedWidth;
    }
    out.position(offsets[rows]);
  }

  private void encodeFixedColumn(int index, Column column, int rows, ByteSink out, int start) {
    Kind kind = kinds[index];
    MemorySegment data = column.data();
    MemorySegment target = out.segment();
    int stride = fixedWidth;
    for (int row = 0, at = start; row < rows; row++, at += stride) {
      target.set(BYTE, at, (byte) VALUE);
    }
    int first = start + 1;
    switch (kind) {
      case BOOL -> {
        for (int row = 0, at = first; row < rows; row++, at += stride) {
          target.set(BYTE, at, (byte) (Memory.bit(data, row) ? 1 : 0));
        }
      }
      case INT32 -> {
        for (int row = 0, at = first; row < rows; row++, at += stride) {
          out.setIntBig(at, data.get(INT, (long) row << 2) ^ Integer.MIN_VALUE);
        }
      }
      case INT64 -> {
        for (int row = 0, at = first; row < rows; row++, at += stride) {
          out.setLongBig(at, data.get(LONG, (long) row << 3) ^ Long.MIN_VALUE);
        }
      }
      case FLOAT64 -> {
        for (int row = 0, at = first; row < rows; row++, at += stride) {
          out.setLongBig(at, fold(data.get(DOUBLE, (long) row << 3)));
        }
      }
      case INT16, INT128, FLOAT32, INTERVAL, BYTES16 -> {
        int before = out.position();
        for (int row = 0, at = first; row < rows; row++, at += stride) {
          out.position(at);
          appendFixed(kind, data, (long) row * kind.width, out);
        }
        out.position(before);
      }
      case TEXT, BLANK_PADDED, NUMERIC, JSONB, ARRAY ->
          throw new IllegalStateException(kind.name());
    }
    if (descending[index]) {
      for (int row = 0, at = first; row < rows; row++, at += stride) {
        complement(out.array(), at, at + kind.width);
      }
    }
    placeNulls(index, column, rows, out, start);
  }

  private void placeNulls(int index, Column column, int rows, ByteSink out, int start) {
    MemorySegment validity = column.validity();
    if (validity == null) {
      return;
    }
    int at = start;
    for (int row = 0; row < rows; row++, at += fixedWidth) {
      if (!Memory.bit(validity, row)) {
        out.array()[at] = (byte) (nullsFirst[index] ? FIRST : LAST);
        Arrays.fill(out.array(), at + 1, at + 1 + kinds[index].width, (byte) 0);
      }
    }
  }

  /// True when a column of `columns` is NULL in that row.
  public static boolean anyNull(Column[] columns, int row) {
    for (Column column : columns) {
      if (column.isNull(row)) {
        return true;
      }
    }
    return false;
  }

  /// The 64-bit hash of key bytes: [KeyHash]; its top 8 bits are the shard.
  public static long hash(MemorySegment segment, long offset, int length) {
    return KeyHash.hash(segment, offset, length);
  }

  /// Hashes of keys as [#encodeAll] left them.
  public static void hashAll(MemorySegment keys, int[] offsets, int rows, long[] hashes) {
    for (int row = 0; row < rows; row++) {
      hashes[row] = KeyHash.hash(keys, offsets[row], offsets[row + 1] - offsets[row]);
    }
  }
}
