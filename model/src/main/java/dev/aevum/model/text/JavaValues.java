package dev.aevum.model.text;

import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.codec.ArrayBytes;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.codec.NumericBytes;
import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.CharType;
import dev.aevum.model.type.CompositeType;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.IntervalValue;
import dev.aevum.model.type.PhysicalType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.model.type.VarcharType;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Values as Java objects, for literals, parameters, messages and tests: Boolean; Long for
/// integers, dates (days), times and timestamps (microseconds) and OID-like types; BigDecimal for
/// numerics (Double for NaN and the infinities of `numeric`); Double for real and double precision;
/// String for text-like types; byte[] for bytea; [IntervalValue]; UUID; List of such values, with
/// nulls, for arrays, int2vector and oidvector. Null is NULL.
public final class JavaValues {
  private JavaValues() {}

  /// Appends `value` to a writer of its type. Decimals must fit the type exactly (see
  /// [NumberText#round]).
  public static void append(@Nullable Object value, ColumnWriter out) {
    if (value == null) {
      out.appendNull();
      return;
    }
    switch (out.type()) {
      case DecimalType d -> NumberText.append(d, (Number) value, out);
      case VarcharType v -> out.appendText((String) value);
      case CharType c -> out.appendText((String) value);
      case ArrayType a -> appendArray(a.element(), (List<?>) value, out);
      case CompositeType c -> out.appendText((String) value);
      case SimpleType s -> appendSimple(s, value, out);
    }
  }

  private static void appendSimple(SimpleType type, Object value, ColumnWriter out) {
    switch (type) {
      case BOOLEAN -> out.appendBoolean((Boolean) value);
      case SMALLINT -> out.appendShort((short) Math.toIntExact((Long) value));
      case INTEGER, DATE -> out.appendInt(Math.toIntExact((Long) value));
      case BIGINT, TIME, TIMESTAMP, TIMESTAMPTZ -> out.appendLong((Long) value);
      case OID, XID, REGCLASS, REGTYPE, REGPROC, REGNAMESPACE, REGROLE ->
          out.appendLong((Long) value);
      case NUMERIC -> {
        byte[] bytes = numeric((Number) value);
        out.appendBytes(bytes, 0, bytes.length);
      }
      case REAL -> out.appendFloat(((Double) value).floatValue());
      case DOUBLE -> out.appendDouble((Double) value);
      case BYTEA, SKETCH -> out.appendBytes((byte[]) value, 0, ((byte[]) value).length);
      case INTERVAL -> {
        IntervalValue i = (IntervalValue) value;
        out.append16(i.micros(), high(i));
      }
      case UUID -> {
        UUID u = (UUID) value;
        out.append16(
            Long.reverseBytes(u.getMostSignificantBits()),
            Long.reverseBytes(u.getLeastSignificantBits()));
      }
      case TEXT, NAME, PG_CHAR, JSON, JSONB, RECORD, UNKNOWN, VOID ->
          out.appendText((String) value);
      case INT2VECTOR, OIDVECTOR -> appendArray(ArrayBytes.elementType(type), (List<?>) value, out);
    }
  }

  /// Days and months of an interval as its column's high half.
  public static long high(IntervalValue i) {
    return (long) i.months() << 32 | (i.days() & 0xffffffffL);
  }

  static byte[] numeric(Number value) {
    ByteSink sink = new ByteSink(32);
    appendNumeric(value, sink);
    return sink.toBytes();
  }

  /// Appends [NumericBytes] of a BigDecimal, or of the Double NaN or an infinity.
  public static void appendNumeric(Number value, ByteSink out) {
    if (value instanceof Double special) {
      NumericBytes.appendSpecial(
          special.isNaN()
              ? NumericBytes.NAN
              : special > 0 ? NumericBytes.POSITIVE_INFINITY : NumericBytes.NEGATIVE_INFINITY,
          out);
    } else {
      NumericBytes.append((BigDecimal) value, out);
    }
  }

  private static void appendArray(SqlType element, List<?> values, ColumnWriter out) {
    byte[] bytes = arrayBytes(element, values);
    out.appendBytes(bytes, 0, bytes.length);
  }

  /// [ArrayBytes] of a list of Java values.
  public static byte[] arrayBytes(SqlType element, List<?> values) {
    ArrayBytes.Builder builder = new ArrayBytes.Builder(element);
    builder.start();
    for (Object value : values) {
      if (value == null) {
        builder.appendNull();
      } else {
        appendElement(element, value, builder);
      }
    }
    return builder.finish();
  }

  private static void appendElement(SqlType element, Object value, ArrayBytes.Builder to) {
    switch (element.physical()) {
      case BOOL -> to.appendBoolean((Boolean) value);
      case INT16 -> to.appendShort((short) Math.toIntExact((Long) value));
      case INT32 -> to.appendInt(Math.toIntExact((Long) value));
      case INT64 ->
          to.appendLong(
              element instanceof DecimalType d
                  ? NumberText.round(d, (Number) value).unscaledValue().longValueExact()
                  : (Long) value);
      case INT128 -> {
        var unscaled = NumberText.round((DecimalType) element, (Number) value).unscaledValue();
        to.append16(unscaled.longValue(), unscaled.shiftRight(64).longValue());
      }
      case FLOAT32 -> to.appendFloat(((Double) value).floatValue());
      case FLOAT64 -> to.appendDouble((Double) value);
      case FIXED16 -> appendFixed16(value, to);
      case VARLEN -> to.appendBytes(varBytes(value));
    }
  }

  private static void appendFixed16(Object value, ArrayBytes.Builder to) {
    if (value instanceof IntervalValue i) {
      to.append16(i.micros(), high(i));
    } else {
      UUID u = (UUID) value;
      to.append16(
          Long.reverseBytes(u.getMostSignificantBits()),
          Long.reverseBytes(u.getLeastSignificantBits()));
    }
  }

  private static byte[] varBytes(Object value) {
    if (value instanceof byte[] bytes) {
      return bytes;
    }
    return value instanceof String text
        ? text.getBytes(StandardCharsets.UTF_8)
        : numeric((Number) value);
  }

  public static @Nullable Object get(Column column, int row) {
    if (column.isNull(row)) {
      return null;
    }
    SqlType type = column.type();
    return switch (column.physical()) {
      case BOOL -> column.booleanAt(row);
      case INT16 -> (long) column.shortAt(row);
      case INT32 -> (long) column.intAt(row);
      case INT64 ->
          type instanceof DecimalType d
              ? BigDecimal.valueOf(column.longAt(row), d.scale())
              : (Object) column.longAt(row);
      case INT128 ->
          new BigDecimal(
              NumberText.int128(column.lowAt(row), column.highAt(row)),
              ((DecimalType) type).scale());
      case FLOAT32 -> (double) column.floatAt(row);
      case FLOAT64 -> column.doubleAt(row);
      case FIXED16 -> fixed16(type, column.lowAt(row), column.highAt(row));
      case VARLEN ->
          variable(type, column.segmentAt(row), column.offsetAt(row), column.lengthAt(row));
    };
  }

  private static Object fixed16(SqlType type, long low, long high) {
    return type == SimpleType.INTERVAL
        ? new IntervalValue((int) (high >> 32), (int) high, low)
        : new UUID(Long.reverseBytes(low), Long.reverseBytes(high));
  }

  /// A value of variable length from its bytes.
  static Object variable(SqlType type, MemorySegment s, long offset, int length) {
    return switch (type) {
      case VarcharType v -> Utf8.string(s, offset, length);
      case CharType c -> Utf8.string(s, offset, length);
      case ArrayType a -> array(a.element(), s, offset);
      case CompositeType c -> Utf8.string(s, offset, length);
      case DecimalType d -> throw new IllegalArgumentException(d.displayName());
      case SimpleType simple ->
          switch (simple) {
            case NUMERIC -> numeric(s, offset, length);
            case BYTEA, SKETCH -> bytes(s, offset, length);
            case INT2VECTOR, OIDVECTOR -> array(ArrayBytes.elementType(simple), s, offset);
            case TEXT, NAME, PG_CHAR, JSON, JSONB, RECORD, UNKNOWN, VOID ->
                Utf8.string(s, offset, length);
            case BOOLEAN,
                SMALLINT,
                INTEGER,
                BIGINT,
                REAL,
                DOUBLE,
                DATE,
                TIME,
                TIMESTAMP,
                TIMESTAMPTZ,
                INTERVAL,
                UUID,
                OID,
                XID,
                REGCLASS,
                REGTYPE,
                REGPROC,
                REGNAMESPACE,
                REGROLE ->
                throw new IllegalArgumentException(type.displayName());
          };
    };
  }

  private static byte[] bytes(MemorySegment s, long offset, int length) {
    return s.asSlice(offset, length).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
  }

  /// [NumericBytes] as a BigDecimal, or the Double NaN or an infinity.
  public static Number numeric(MemorySegment s, long offset, int length) {
    return switch (NumericBytes.classOf(s, offset)) {
      case NumericBytes.NAN -> Double.NaN;
      case NumericBytes.POSITIVE_INFINITY -> Double.POSITIVE_INFINITY;
      case NumericBytes.NEGATIVE_INFINITY -> Double.NEGATIVE_INFINITY;
      default -> NumericBytes.decode(s, offset, length);
    };
  }

  /// [ArrayBytes] as a list.
  public static List<@Nullable Object> array(SqlType element, MemorySegment s, long offset) {
    int count = ArrayBytes.count(s, offset);
    List<@Nullable Object> values = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      values.add(ArrayBytes.isNull(s, offset, i) ? null : element(element, s, offset, i));
    }
    return values;
  }

  private static Object element(SqlType type, MemorySegment s, long offset, int index) {
    long at = ArrayBytes.elementOffset(s, offset, type, index);
    PhysicalType physical = type.physical();
    return switch (physical) {
      case BOOL -> s.get(dev.aevum.model.batch.Memory.BYTE, at) != 0;
      case INT16 -> (long) s.get(dev.aevum.model.batch.Memory.SHORT, at);
      case INT32 -> (long) s.get(dev.aevum.model.batch.Memory.INT, at);
      case INT64 -> {
        long value = s.get(dev.aevum.model.batch.Memory.LONG, at);
        yield type instanceof DecimalType d ? BigDecimal.valueOf(value, d.scale()) : (Object) value;
      }
      case INT128 -> {
        long low = s.get(dev.aevum.model.batch.Memory.LONG, at);
        long high = s.get(dev.aevum.model.batch.Memory.LONG, at + 8);
        yield new BigDecimal(NumberText.int128(low, high), ((DecimalType) type).scale());
      }
      case FLOAT32 -> (double) s.get(dev.aevum.model.batch.Memory.FLOAT, at);
      case FLOAT64 -> s.get(dev.aevum.model.batch.Memory.DOUBLE, at);
      case FIXED16 ->
          fixed16(
              type,
              s.get(dev.aevum.model.batch.Memory.LONG, at),
              s.get(dev.aevum.model.batch.Memory.LONG, at + 8));
      case VARLEN -> variable(type, s, at, ArrayBytes.elementLength(s, offset, type, index));
    };
  }
}
