package dev.aevum.wire.postgres.value;

import static dev.aevum.model.batch.Memory.BYTE;
import static dev.aevum.model.batch.Memory.INT;
import static dev.aevum.model.batch.Memory.LONG;
import static dev.aevum.model.batch.Memory.SHORT;

import dev.aevum.model.batch.Column;
import dev.aevum.model.codec.ArrayBytes;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.CharType;
import dev.aevum.model.type.CompositeType;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.PhysicalType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.model.type.VarcharType;
import java.lang.foreign.MemorySegment;
import org.apache.arrow.memory.BufferAllocator;

/// PostgreSQL's binary output of one type, from column memory and from the bytes of arrays alike.
/// No object per value, except for numerics of more than 18 digits.
final class BinaryOutput implements ColumnOutput {
  /// 2000-01-01 in days since 1970-01-01.
  static final int EPOCH_DAYS = 10_957;

  /// 2000-01-01 in microseconds since 1970-01-01.
  static final long EPOCH_MICROS = 946_684_800_000_000L;

  /// Appends a value that lies at `offset`; `length` holds for variable-length types.
  private interface Form {
    void append(MemorySegment segment, long offset, int length, ByteSink out);
  }

  private final PhysicalType physical;
  private final int width;
  private final Form form;

  private BinaryOutput(SqlType type, Form form) {
    this.physical = type.physical();
    this.width = physical.width();
    this.form = form;
  }

  /// `allocator` is for the fields of composite values. Errors: 42883 for a type without binary
  /// output.
  static BinaryOutput of(SqlType type, BufferAllocator allocator) {
    return new BinaryOutput(type, form(type, allocator));
  }

  /// Errors: 42883 for a type without binary output.
  static void check(SqlType type) {
    switch (type) {
      case ArrayType(SqlType element) -> check(element);
      case CompositeType c -> c.attributes().forEach(a -> check(a.type()));
      case SimpleType simple when simple == SimpleType.RECORD -> throw noOutput();
      case SimpleType s -> {}
      case DecimalType d -> {}
      case VarcharType v -> {}
      case CharType c -> {}
    }
  }

  /// Rows whose columns the planner does not know.
  private static SqlException noOutput() {
    return new SqlException(
        ErrorCode.UNDEFINED_FUNCTION, "no binary output function available for type record");
  }

  @Override
  public void append(Column column, int row, ByteSink out) {
    switch (physical) {
      case BOOL -> out.appendByte(column.booleanAt(row) ? 1 : 0);
      case VARLEN ->
          form.append(column.segmentAt(row), column.offsetAt(row), column.lengthAt(row), out);
      case INT16, INT32, INT64, INT128, FLOAT32, FLOAT64, FIXED16 ->
          form.append(column.data(), (long) row * width, width, out);
    }
  }

  private static Form form(SqlType type, BufferAllocator allocator) {
    return switch (type) {
      case DecimalType(int precision, int scale) -> {
        NumericOutput numeric = new NumericOutput();
        yield precision <= DecimalType.MAX_SHORT_PRECISION
            ? (s, at, n, out) -> numeric.append(s.get(LONG, at), scale, out)
            : (s, at, n, out) ->
                numeric.append128(s.get(LONG, at), s.get(LONG, at + 8), scale, out);
      }
      case VarcharType v -> BinaryOutput::copy;
      case CharType c -> BinaryOutput::copy;
      case ArrayType(SqlType element) -> array(element, 1, allocator);
      case CompositeType c -> CompositeOutput.of(c, allocator)::append;
      case SimpleType simple -> simple(simple, allocator);
    };
  }

  private static Form simple(SimpleType type, BufferAllocator allocator) {
    return switch (type) {
      // In arrays; columns hold bits and are handled above.
      case BOOLEAN -> (s, at, n, out) -> out.appendByte(s.get(BYTE, at));
      case SMALLINT -> (s, at, n, out) -> out.appendShortBig(s.get(SHORT, at));
      case INTEGER, REAL -> (s, at, n, out) -> out.appendIntBig(s.get(INT, at));
      case BIGINT, DOUBLE, TIME -> (s, at, n, out) -> out.appendLongBig(s.get(LONG, at));
      case NUMERIC -> {
        NumericOutput numeric = new NumericOutput();
        yield numeric::append;
      }
      case DATE -> (s, at, n, out) -> out.appendIntBig(date(s.get(INT, at)));
      case TIMESTAMP, TIMESTAMPTZ ->
          (s, at, n, out) -> out.appendLongBig(timestamp(s.get(LONG, at)));
      case INTERVAL ->
          (s, at, n, out) -> {
            out.appendLongBig(s.get(LONG, at));
            out.appendIntBig(s.get(INT, at + 8));
            out.appendIntBig(s.get(INT, at + 12));
          };
      case UUID -> (s, at, n, out) -> out.appendBytes(s, at, 16);
      case TEXT, BYTEA, SKETCH, NAME, JSON, UNKNOWN -> BinaryOutput::copy;
      case PG_CHAR -> (s, at, n, out) -> out.appendByte(n == 0 ? 0 : s.get(BYTE, at));
      case OID, XID, REGCLASS, REGTYPE, REGPROC, REGNAMESPACE, REGROLE ->
          (s, at, n, out) -> out.appendIntBig((int) s.get(LONG, at));
      case INT2VECTOR -> array(SimpleType.SMALLINT, 0, allocator);
      case OIDVECTOR -> array(SimpleType.OID, 0, allocator);
      case JSONB ->
          (s, at, n, out) -> {
            out.appendByte(1);
            out.appendBytes(s, at, n);
          };
      case VOID -> (s, at, n, out) -> {};
      case RECORD -> throw noOutput();
    };
  }

  private static void copy(MemorySegment segment, long offset, int length, ByteSink out) {
    out.appendBytes(segment, offset, length);
  }

  private static int date(int days) {
    return days == Integer.MAX_VALUE || days == Integer.MIN_VALUE ? days : days - EPOCH_DAYS;
  }

  private static long timestamp(long micros) {
    return micros == Long.MAX_VALUE || micros == Long.MIN_VALUE ? micros : micros - EPOCH_MICROS;
  }

  private static Form array(SqlType element, int lowerBound, BufferAllocator allocator) {
    Form elementForm = form(element, allocator);
    int elementOid = element.oid();
    return (s, at, n, out) -> {
      int count = ArrayBytes.count(s, at);
      out.appendIntBig(count == 0 ? 0 : 1);
      int hasNulls = out.position();
      out.appendIntBig(0);
      out.appendIntBig(elementOid);
      if (count == 0) {
        return;
      }
      out.appendIntBig(count);
      out.appendIntBig(lowerBound);
      for (int i = 0; i < count; i++) {
        if (ArrayBytes.isNull(s, at, i)) {
          out.setIntBig(hasNulls, 1);
          out.appendIntBig(-1);
        } else {
          int length = out.position();
          out.appendIntBig(0);
          elementForm.append(
              s,
              ArrayBytes.elementOffset(s, at, element, i),
              ArrayBytes.elementLength(s, at, element, i),
              out);
          out.setIntBig(length, out.position() - length - 4);
        }
      }
    };
  }
}
