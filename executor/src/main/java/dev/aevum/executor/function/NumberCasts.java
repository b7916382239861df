package dev.aevum.executor.function;

import static dev.aevum.model.batch.Memory.DOUBLE;
import static dev.aevum.model.batch.Memory.FLOAT;
import static dev.aevum.model.batch.Memory.INT;
import static dev.aevum.model.batch.Memory.LONG;
import static dev.aevum.model.batch.Memory.SHORT;

import dev.aevum.executor.kernel.Kernel;
import dev.aevum.executor.kernel.Nulls;
import dev.aevum.executor.numeric.Int128;
import dev.aevum.executor.numeric.NumericColumns;
import dev.aevum.executor.numeric.PgNumeric;
import dev.aevum.executor.numeric.PowersOfTen;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.batch.FixedColumn;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.PhysicalType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.math.RoundingMode;

/// Casts between numbers. Loops where no row can fail and the layouts are fixed (integers to wider
/// integers, to decimals with room, to floating point; decimals to decimals of more digits);
/// everything else row by row.
final class NumberCasts {
  private NumberCasts() {}

  static Kernel kernel(SqlType from, SqlType to) {
    if (!mayFail(from, to) && to.physical() != PhysicalType.VARLEN && !Casts.isFloating(from)) {
      if (Casts.isFloating(to)) {
        return toFloating(from, to);
      }
      if (to instanceof DecimalType || Casts.isInteger(to)) {
        return widening(from, to);
      }
    }
    return byRow(from, to);
  }

  static boolean mayFail(SqlType from, SqlType to) {
    if (to == SimpleType.NUMERIC) {
      return false;
    }
    if (to == SimpleType.DOUBLE) {
      return from == SimpleType.NUMERIC;
    }
    if (to == SimpleType.REAL) {
      return from == SimpleType.NUMERIC || from == SimpleType.DOUBLE;
    }
    if (Casts.isFloating(from) || from == SimpleType.NUMERIC) {
      return true;
    }
    int scale = from instanceof DecimalType d ? d.scale() : 0;
    if (to instanceof DecimalType d) {
      int integerDigits = digits(from) - scale + (d.scale() < scale ? 1 : 0);
      return integerDigits > d.precision() - d.scale();
    }
    return scale > 0 || from instanceof DecimalType || to.length() < from.length();
  }

  /// Decimal digits that hold every value of an integer or decimal type.
  static int digits(SqlType type) {
    if (type instanceof DecimalType d) {
      return d.precision();
    }
    return type == SimpleType.SMALLINT ? 5 : type == SimpleType.INTEGER ? 10 : 19;
  }

  private static Kernel toFloating(SqlType from, SqlType to) {
    int scale = from instanceof DecimalType d ? d.scale() : 0;
    boolean single = to == SimpleType.REAL;
    if (scale > 0 || from.physical() == PhysicalType.INT128) {
      return byRow(from, to);
    }
    return (context, arguments, rows) -> {
      try (FixedColumn out = new FixedColumn(context.allocator(), to, rows.size())) {
        MemorySegment data = out.data();
        Column source = arguments[0];
        for (int i = 0; i < rows.size(); i++) {
          long value = DecimalKernels.low(source, i);
          if (single) {
            data.set(FLOAT, (long) i << 2, (float) value);
          } else {
            data.set(DOUBLE, (long) i << 3, (double) value);
          }
        }
        Nulls.propagate(out, source);
        return out.finish();
      }
    };
  }

  /// Integers and decimals to integers and decimals with room for every value; fewer fraction
  /// digits round half away from zero.
  private static Kernel widening(SqlType from, SqlType to) {
    int fromScale = from instanceof DecimalType d ? d.scale() : 0;
    int toScale = to instanceof DecimalType d ? d.scale() : 0;
    if (toScale < fromScale) {
      return byRow(from, to);
    }
    int shift = toScale - fromScale;
    return (context, arguments, rows) -> {
      try (FixedColumn out = new FixedColumn(context.allocator(), to, rows.size())) {
        switch (to.physical()) {
          case INT32 -> {
            for (int i = 0; i < rows.size(); i++) {
              out.data().set(INT, (long) i << 2, (int) DecimalKernels.low(arguments[0], i));
            }
          }
          case INT64 -> toLongs(arguments[0], shift, out.data(), rows.size());
          case INT128 -> toWides(arguments[0], shift, out.data(), rows.size());
          case BOOL, INT16, FLOAT32, FLOAT64, FIXED16, VARLEN ->
              throw new IllegalStateException(to.displayName());
        }
        Nulls.propagate(out, arguments[0]);
        return out.finish();
      }
    };
  }

  private static void toLongs(Column source, int shift, MemorySegment to, int rows) {
    long factor = PowersOfTen.of(shift);
    MemorySegment from = source.data();
    if (source.physical() == PhysicalType.INT32) {
      for (int i = 0; i < rows; i++) {
        to.set(LONG, (long) i << 3, from.get(INT, (long) i << 2) * factor);
      }
    } else if (source.physical() == PhysicalType.INT16) {
      for (int i = 0; i < rows; i++) {
        to.set(LONG, (long) i << 3, from.get(SHORT, (long) i << 1) * factor);
      }
    } else {
      for (int i = 0; i < rows; i++) {
        to.set(LONG, (long) i << 3, DecimalKernels.low(source, i) * factor);
      }
    }
  }

  private static void toWides(Column source, int shift, MemorySegment to, int rows) {
    long factorLow = PowersOfTen.low(shift);
    long factorHigh = PowersOfTen.high(shift);
    for (int i = 0; i < rows; i++) {
      long low = DecimalKernels.low(source, i);
      long high = DecimalKernels.high(source, i, low);
      to.set(LONG, (long) i << 4, low * factorLow);
      to.set(LONG, ((long) i << 4) + 8, Int128.multiplyHigh(low, high, factorLow, factorHigh));
    }
  }

  private static Kernel byRow(SqlType from, SqlType to) {
    ByteSink sink = new ByteSink();
    return RowKernels.strict(
        to,
        (context, arguments, i, out) -> {
          if (Casts.isFloating(from)) {
            castFloating(Scalars.floatingAt(arguments[0], i), from, to, out, sink);
          } else {
            append(NumericColumns.read(arguments[0], i), to, out, sink);
          }
        });
  }

  private static void castFloating(
      double value, SqlType from, SqlType to, ColumnWriter out, ByteSink sink) {
    if (to == SimpleType.DOUBLE) {
      out.appendDouble(value);
    } else if (to == SimpleType.REAL) {
      out.appendFloat(toReal(value));
    } else if (Casts.isInteger(to)) {
      appendInteger(roundToLong(value, to), to, out);
    } else {
      PgNumeric number =
          from == SimpleType.REAL ? PgNumeric.of((float) value) : PgNumeric.of(value);
      append(number, to, out, sink);
    }
  }

  /// Errors: 22003 when a finite value becomes infinite or zero.
  static float toReal(double value) {
    float result = (float) value;
    if (Float.isInfinite(result) && !Double.isInfinite(value)) {
      throw new SqlException(ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE, FloatKernels.OVERFLOW);
    }
    if (result == 0 && value != 0) {
      throw new SqlException(ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE, FloatKernels.UNDERFLOW);
    }
    return result;
  }

  /// Half to even. Errors: 22003 for NaN and what does not fit a bigint.
  private static long roundToLong(double value, SqlType to) {
    double rounded = Math.rint(value);
    if (!(rounded >= -0x1p63 && rounded < 0x1p63)) {
      throw Scalars.outOfRange(to);
    }
    return (long) rounded;
  }

  /// Appends a number to a column of any numeric type, rounding half away from zero. Errors: 22003.
  static void append(PgNumeric value, SqlType to, ColumnWriter out, ByteSink sink) {
    switch (to) {
      case DecimalType d -> NumericColumns.appendFitting(NumericColumns.fit(value, d), d, out);
      case SimpleType s when s == SimpleType.NUMERIC -> NumericColumns.append(value, out, sink);
      case SimpleType s when s == SimpleType.DOUBLE -> out.appendDouble(toDouble(value));
      case SimpleType s when s == SimpleType.REAL -> out.appendFloat(toFloat(value));
      default -> appendInteger(toLong(value, to), to, out);
    }
  }

  private static double toDouble(PgNumeric value) {
    double result = value.toDouble();
    if (value.isFinite() && (Double.isInfinite(result) || result == 0 && value.signum() != 0)) {
      throw new SqlException(
          ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE,
          "\"" + value + "\" is out of range for type double precision");
    }
    return result;
  }

  private static float toFloat(PgNumeric value) {
    float result = value.isFinite() ? value.decimal().floatValue() : (float) value.toDouble();
    if (value.isFinite() && (Float.isInfinite(result) || result == 0 && value.signum() != 0)) {
      throw new SqlException(
          ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE, "\"" + value + "\" is out of range for type real");
    }
    return result;
  }

  static long toLong(PgNumeric value, SqlType to) {
    if (!value.isFinite()) {
      throw new SqlException(
          ErrorCode.FEATURE_NOT_SUPPORTED,
          "cannot convert " + (value.isNaN() ? "NaN" : "infinity") + " to " + to.displayName());
    }
    BigDecimal rounded = value.decimal().setScale(0, RoundingMode.HALF_UP);
    if (rounded.precision() > 19 || rounded.unscaledValue().bitLength() > 63) {
      throw Scalars.outOfRange(to);
    }
    return rounded.longValueExact();
  }

  /// Errors: 22003.
  static void appendInteger(long value, SqlType to, ColumnWriter out) {
    if (to == SimpleType.BIGINT) {
      out.appendLong(value);
    } else if (to == SimpleType.INTEGER) {
      if (value != (int) value) {
        throw Scalars.outOfRange(to);
      }
      out.appendInt((int) value);
    } else {
      if (value != (short) value) {
        throw Scalars.outOfRange(to);
      }
      out.appendShort((short) value);
    }
  }
}
