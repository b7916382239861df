package dev.aevum.wire.postgres.value;

import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.codec.NumericBytes;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.text.JavaValues;
import dev.aevum.model.text.PgText;
import dev.aevum.model.text.TextErrors;
import dev.aevum.model.text.TextStyle;
import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.CharType;
import dev.aevum.model.type.CompositeType;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.model.type.VarcharType;
import dev.aevum.wire.postgres.message.Utf8Text;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.apache.arrow.memory.BufferAllocator;

/// PostgreSQL's binary input. Integers may come narrower than declared. Errors: 22P03 for bytes
/// that are no value of the type, 22003 and 22008 for values out of its range, 22021 for text that
/// is not UTF-8.
final class BinaryInput {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfLong LONG_LITTLE =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private BinaryInput() {}

  /// Appends the value in `length` bytes at `offset` to a writer of its type. `allocator` is for
  /// scratch space.
  static void parse(
      byte[] bytes, int offset, int length, BufferAllocator allocator, ColumnWriter out) {
    switch (out.type()) {
      case DecimalType d -> decimal(d, bytes, offset, length, out);
      case VarcharType v -> text(bytes, offset, length, out);
      case CharType c -> text(bytes, offset, length, out);
      case ArrayType(SqlType element) ->
          ArrayInput.parse(element, bytes, offset, length, allocator, out);
      case CompositeType c ->
          throw new SqlException(
              ErrorCode.FEATURE_NOT_SUPPORTED, "input of composite types is not supported");
      case SimpleType simple -> simple(simple, bytes, offset, length, allocator, out);
    }
  }

  private static void simple(
      SimpleType type,
      byte[] bytes,
      int offset,
      int length,
      BufferAllocator allocator,
      ColumnWriter out) {
    MemorySegment s = MemorySegment.ofArray(bytes);
    switch (type) {
      case BOOLEAN -> {
        expect(type, length, 1);
        out.appendBoolean(bytes[offset] != 0);
      }
      case SMALLINT ->
          out.appendShort(
              (short) integer(type, s, offset, length, Short.MIN_VALUE, Short.MAX_VALUE));
      case INTEGER ->
          out.appendInt(
              (int) integer(type, s, offset, length, Integer.MIN_VALUE, Integer.MAX_VALUE));
      case BIGINT ->
          out.appendLong(integer(type, s, offset, length, Long.MIN_VALUE, Long.MAX_VALUE));
      case REAL -> {
        expect(type, length, 4);
        out.appendFloat(Float.intBitsToFloat(s.get(INT, offset)));
      }
      case DOUBLE -> real(type, s, offset, length, out);
      case NUMERIC -> numeric(bytes, offset, length, out);
      case TEXT, NAME, JSON, UNKNOWN -> text(bytes, offset, length, out);
      case JSONB -> jsonb(bytes, offset, length, out);
      case BYTEA, SKETCH -> out.appendBytes(bytes, offset, length);
      case PG_CHAR -> {
        expect(type, length, 1);
        out.appendBytes(bytes, offset, bytes[offset] == 0 ? 0 : 1);
      }
      case DATE -> {
        expect(type, length, 4);
        out.appendInt(date(s.get(INT, offset)));
      }
      case TIME -> {
        expect(type, length, 8);
        out.appendLong(time(s.get(LONG, offset)));
      }
      case TIMESTAMP, TIMESTAMPTZ -> {
        expect(type, length, 8);
        out.appendLong(timestamp(s.get(LONG, offset)));
      }
      case INTERVAL -> {
        expect(type, length, 16);
        out.append16(
            s.get(LONG, offset),
            (s.get(INT, offset + 8L) & 0xffffffffL) | (long) s.get(INT, offset + 12L) << 32);
      }
      case UUID -> {
        expect(type, length, 16);
        out.append16(s.get(LONG_LITTLE, offset), s.get(LONG_LITTLE, offset + 8L));
      }
      case OID, XID, REGCLASS, REGTYPE, REGPROC, REGNAMESPACE, REGROLE -> {
        expect(type, length, 4);
        out.appendLong(s.get(INT, offset) & 0xffffffffL);
      }
      case INT2VECTOR ->
          ArrayInput.parse(SimpleType.SMALLINT, bytes, offset, length, allocator, out);
      case OIDVECTOR -> ArrayInput.parse(SimpleType.OID, bytes, offset, length, allocator, out);
      case RECORD ->
          throw new SqlException(
              ErrorCode.FEATURE_NOT_SUPPORTED,
              "input of anonymous composite types is not implemented");
      case VOID -> out.appendBytes(bytes, offset, 0);
    }
  }

  static void expect(SqlType type, int length, int expected) {
    if (length != expected) {
      throw malformed(
          "a value of type " + type.displayName() + " has " + expected + " bytes, not " + length);
    }
  }

  static SqlException malformed(String why) {
    return new SqlException(
        ErrorCode.INVALID_BINARY_REPRESENTATION, "incorrect binary data format: " + why);
  }

  private static long integer(
      SqlType type, MemorySegment s, int offset, int length, long min, long max) {
    long value =
        switch (length) {
          case 2 -> s.get(SHORT, offset);
          case 4 -> s.get(INT, offset);
          case 8 -> s.get(LONG, offset);
          default ->
              throw malformed(
                  "a value of type " + type.displayName() + " can't have " + length + " bytes");
        };
    if (value < min || value > max) {
      throw new SqlException(
          ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE, type.displayName() + " out of range");
    }
    return value;
  }

  private static void real(
      SqlType type, MemorySegment s, int offset, int length, ColumnWriter out) {
    if (length == 4) {
      out.appendDouble(Float.intBitsToFloat(s.get(INT, offset)));
    } else {
      expect(type, length, 8);
      out.appendDouble(Double.longBitsToDouble(s.get(LONG, offset)));
    }
  }

  private static void text(byte[] bytes, int offset, int length, ColumnWriter out) {
    Utf8Text.check(bytes, offset, length);
    PgText.parse(MemorySegment.ofArray(bytes), offset, length, TextStyle.DEFAULT, out);
  }

  private static void jsonb(byte[] bytes, int offset, int length, ColumnWriter out) {
    if (length < 1 || bytes[offset] != 1) {
      throw malformed(
          "unsupported jsonb version number " + (length < 1 ? "(none)" : bytes[offset]));
    }
    text(bytes, offset + 1, length - 1, out);
  }

  private static void numeric(byte[] bytes, int offset, int length, ColumnWriter out) {
    SqlException overflow =
        new SqlException(ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE, "value overflows numeric format");
    JavaValues.append(
        NumericInput.value(bytes, offset, length, NumericBytes.MAX_INTEGER_DIGITS, overflow), out);
  }

  private static void decimal(
      DecimalType type, byte[] bytes, int offset, int length, ColumnWriter out) {
    SqlException overflow = TextErrors.numericOverflow(type);
    Number value = NumericInput.value(bytes, offset, length, DecimalType.MAX_PRECISION, overflow);
    JavaValues.append(value, out);
  }

  private static int date(int days) {
    if (days == Integer.MAX_VALUE || days == Integer.MIN_VALUE) {
      return days;
    }
    // PostgreSQL's bounds: 4713 BC to 5874897 AD.
    if (days < -2_451_545 || days >= 2_145_031_949) {
      throw new SqlException(ErrorCode.DATETIME_FIELD_OVERFLOW, "date out of range");
    }
    return days + BinaryOutput.EPOCH_DAYS;
  }

  private static long time(long micros) {
    if (micros < 0 || micros > 86_400_000_000L) {
      throw new SqlException(ErrorCode.DATETIME_FIELD_OVERFLOW, "time out of range");
    }
    return micros;
  }

  private static long timestamp(long micros) {
    if (micros == Long.MAX_VALUE || micros == Long.MIN_VALUE) {
      return micros;
    }
    // PostgreSQL's bounds: 4714-11-24 BC to 294277-01-01.
    if (micros < -211_813_488_000_000_000L
        || micros >= 9_223_371_331_200_000_000L - BinaryOutput.EPOCH_MICROS) {
      throw new SqlException(ErrorCode.DATETIME_FIELD_OVERFLOW, "timestamp out of range");
    }
    return micros + BinaryOutput.EPOCH_MICROS;
  }
}
