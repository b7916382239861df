package dev.aevum.executor.numeric;

import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.codec.NumericBytes;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.math.RoundingMode;

/// Exact numbers in and out of columns, one at a time: the slow path.
public final class NumericColumns {
  private NumericColumns() {}

  /// The value of a non-NULL row of an integer, decimal or numeric column.
  public static PgNumeric read(Column column, int row) {
    return switch (column.physical()) {
      case INT16 -> PgNumeric.of(column.shortAt(row));
      case INT32 -> PgNumeric.of(column.intAt(row));
      case INT64 -> PgNumeric.of(BigDecimal.valueOf(column.longAt(row), scale(column.type())));
      case INT128 ->
          PgNumeric.of(
              new BigDecimal(
                  Int128.toBigInteger(column.lowAt(row), column.highAt(row)),
                  scale(column.type())));
      case VARLEN -> decode(column.segmentAt(row), column.offsetAt(row), column.lengthAt(row));
      case FLOAT32 -> PgNumeric.of(column.floatAt(row));
      case FLOAT64 -> PgNumeric.of(column.doubleAt(row));
      case BOOL, FIXED16 -> throw new IllegalStateException(column.type().displayName());
    };
  }

  private static int scale(SqlType type) {
    return type instanceof DecimalType d ? d.scale() : 0;
  }

  public static PgNumeric decode(MemorySegment segment, long offset, int length) {
    if (NumericBytes.isFinite(segment, offset)) {
      return PgNumeric.of(NumericBytes.decode(segment, offset, length));
    }
    byte kind = NumericBytes.classOf(segment, offset);
    return kind == NumericBytes.NAN
        ? PgNumeric.NAN
        : kind == NumericBytes.POSITIVE_INFINITY ? PgNumeric.INFINITY : PgNumeric.NEGATIVE_INFINITY;
  }

  /// Appends to a column of type NUMERIC; `sink` is scratch. Errors: 22003.
  public static void append(PgNumeric value, ColumnWriter out, ByteSink sink) {
    sink.reset();
    encode(value, sink);
    out.appendBytes(sink.array(), 0, sink.position());
  }

  public static void encode(PgNumeric value, ByteSink sink) {
    if (value.isFinite()) {
      NumericBytes.append(value.decimal(), sink);
    } else if (value.isNaN()) {
      NumericBytes.appendSpecial(NumericBytes.NAN, sink);
    } else {
      NumericBytes.appendSpecial(
          value.signum() > 0 ? NumericBytes.POSITIVE_INFINITY : NumericBytes.NEGATIVE_INFINITY,
          sink);
    }
  }

  /// The value rounded to the type's scale. Errors: 22003, also for NaN and infinities, which a
  /// scaled integer cannot hold.
  public static BigDecimal fit(PgNumeric value, DecimalType type) {
    if (!value.isFinite()) {
      throw new SqlException(ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE, "numeric field overflow")
          .withDetail(
              "A field with precision %d, scale %d cannot hold %s."
                  .formatted(
                      type.precision(), type.scale(), value.isNaN() ? "NaN" : "an infinite value"));
    }
    BigDecimal rounded = value.decimal().setScale(type.scale(), RoundingMode.HALF_UP);
    if (rounded.signum() != 0 && rounded.precision() > type.precision()) {
      throw overflow(type);
    }
    return rounded;
  }

  public static SqlException overflow(DecimalType type) {
    int digits = type.precision() - type.scale();
    return new SqlException(ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE, "numeric field overflow")
        .withDetail(
            "A field with precision %d, scale %d must round to an absolute value less than %s."
                .formatted(type.precision(), type.scale(), digits == 0 ? "1" : "10^" + digits));
  }

  /// Appends a value that already has the type's scale and fits.
  public static void appendFitting(BigDecimal value, DecimalType type, ColumnWriter out) {
    if (type.precision() <= DecimalType.MAX_SHORT_PRECISION) {
      out.appendLong(value.unscaledValue().longValueExact());
    } else {
      out.append16(Int128.low(value.unscaledValue()), Int128.high(value.unscaledValue()));
    }
  }
}
