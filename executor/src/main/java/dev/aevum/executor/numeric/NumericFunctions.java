package dev.aevum.executor.numeric;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;

/// exp, ln, log and power of numeric, with PostgreSQL's display scales (utils/adt/numeric.c) and
/// correctly rounded digits up to the last place or so. Objects galore.
public final class NumericFunctions {
  private static final int MIN_SIGNIFICANT_DIGITS = 16;
  private static final int MAX_DISPLAY_SCALE = 1000;
  private static final double LOG10_E = 0.434294481903252;

  private NumericFunctions() {}

  private static int clampScale(int scale, BigDecimal... of) {
    int result = scale;
    for (BigDecimal v : of) {
      result = Math.max(result, v.scale());
    }
    return Math.clamp(result, 0, MAX_DISPLAY_SCALE);
  }

  /// Errors: 22003.
  public static PgNumeric exp(PgNumeric x) {
    if (!x.isFinite()) {
      return x.signum() < 0 ? PgNumeric.of(0) : x;
    }
    BigDecimal v = x.decimal();
    double digits = v.doubleValue() * LOG10_E;
    if (digits > 131_072) {
      throw overflow();
    }
    int scale = clampScale(MIN_SIGNIFICANT_DIGITS - (int) Math.clamp(digits, -2000.0, 2000.0), v);
    if (digits < -scale - 2.0) {
      return PgNumeric.of(BigDecimal.ZERO.setScale(scale));
    }
    return PgNumeric.of(exp(v, scale).setScale(scale, RoundingMode.HALF_UP));
  }

  private static SqlException overflow() {
    return new SqlException(ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE, "value overflows numeric format");
  }

  /// e^v to some digits more than `scale`: halve the argument, sum the series, square back.
  private static BigDecimal exp(BigDecimal v, int scale) {
    int integerDigits = Math.max(1, (int) Math.abs(v.doubleValue() * LOG10_E) + 1);
    int halvings = Math.max(0, v.precision() - v.scale()) * 4 + 8;
    MathContext mc = new MathContext(scale + integerDigits * 2 + halvings + 12);
    BigDecimal x = v.divide(new BigDecimal(BigInteger.ONE.shiftLeft(halvings)), mc);
    BigDecimal sum = BigDecimal.ONE;
    BigDecimal term = BigDecimal.ONE;
    for (int n = 1; term.signum() != 0; n++) {
      term = term.multiply(x, mc).divide(BigDecimal.valueOf(n), mc);
      if (term.precision() - term.scale() < -mc.getPrecision()) {
        break;
      }
      sum = sum.add(term, mc);
    }
    for (int i = 0; i < halvings; i++) {
      sum = sum.multiply(sum, mc);
    }
    return sum;
  }

  /// Errors: 2201E.
  public static PgNumeric ln(PgNumeric x) {
    checkPositive(x);
    if (!x.isFinite()) {
      return x;
    }
    BigDecimal v = x.decimal();
    int scale = clampScale(MIN_SIGNIFICANT_DIGITS - lnWeight(v), v);
    return PgNumeric.of(ln(v, scale + 5).setScale(scale, RoundingMode.HALF_UP));
  }

  private static void checkPositive(PgNumeric x) {
    if (!x.isNaN() && x.signum() <= 0) {
      throw new SqlException(
          ErrorCode.INVALID_ARGUMENT_FOR_LOG,
          x.signum() == 0
              ? "cannot take logarithm of zero"
              : "cannot take logarithm of a negative number");
    }
  }

  /// Decimal weight of the logarithm (estimate_ln_dweight).
  private static int lnWeight(BigDecimal v) {
    if (v.compareTo(new BigDecimal("0.9")) >= 0 && v.compareTo(new BigDecimal("1.1")) <= 0) {
      BigDecimal x = v.subtract(BigDecimal.ONE);
      if (x.signum() == 0) {
        return 0;
      }
      return PgNumeric.weight(x) * 4 + (int) Math.log10(PgNumeric.firstDigit(x));
    }
    double logarithm =
        Math.log(v.unscaledValue().abs().bitLength() < 1000 ? v.unscaledValue().doubleValue() : 1)
            - v.scale() * Math.log(10);
    if (v.unscaledValue().bitLength() >= 1000) {
      logarithm = (v.precision() - v.scale()) * Math.log(10);
    }
    return (int) Math.log10(Math.abs(logarithm));
  }

  /// ln v to `digits` after the point: roots bring v near 1, then the series of artanh.
  private static BigDecimal ln(BigDecimal v, int digits) {
    int magnitude = Math.abs(v.precision() - v.scale());
    MathContext mc =
        new MathContext(digits + 20 + 2 * Integer.toString(magnitude).length() + v.precision());
    int exponent = v.precision() - v.scale();
    // v = m * 10^exponent with m in [0.1, 1).
    BigDecimal m = v.movePointLeft(exponent);
    int roots = 0;
    while (m.subtract(BigDecimal.ONE).abs().compareTo(new BigDecimal("0.05")) > 0) {
      m = m.sqrt(mc);
      roots++;
    }
    BigDecimal result =
        artanhSeries(m, mc).multiply(new BigDecimal(BigInteger.ONE.shiftLeft(roots)), mc);
    if (exponent != 0) {
      result = result.add(ln10(mc).multiply(BigDecimal.valueOf(exponent), mc), mc);
    }
    return result;
  }

  private static BigDecimal ln10(MathContext mc) {
    // ln 10 = 3 ln 2 + ln 1.25
    BigDecimal ln2 =
        artanhSeries(new BigDecimal("2").sqrt(mc).sqrt(mc).sqrt(mc).sqrt(mc), mc)
            .multiply(BigDecimal.valueOf(16), mc);
    BigDecimal rest =
        artanhSeries(new BigDecimal("1.25").sqrt(mc).sqrt(mc).sqrt(mc), mc)
            .multiply(BigDecimal.valueOf(8), mc);
    return ln2.multiply(BigDecimal.valueOf(3), mc).add(rest, mc);
  }

  /// ln m = 2 artanh((m - 1) / (m + 1)).
  private static BigDecimal artanhSeries(BigDecimal m, MathContext mc) {
    BigDecimal y = m.subtract(BigDecimal.ONE).divide(m.add(BigDecimal.ONE), mc);
    BigDecimal square = y.multiply(y, mc);
    BigDecimal power = y;
    BigDecimal sum = y;
    for (int n = 3; power.signum() != 0; n += 2) {
      power = power.multiply(square, mc);
      if (power.precision() - power.scale() < -mc.getPrecision()) {
        break;
      }
      sum = sum.add(power.divide(BigDecimal.valueOf(n), mc), mc);
    }
    return sum.multiply(BigDecimal.TWO, mc);
  }

  /// Logarithm of `x` to `base`. Errors: 2201E, 22012.
  public static PgNumeric log(PgNumeric base, PgNumeric x) {
    if (base.isNaN() || x.isNaN()) {
      return PgNumeric.NAN;
    }
    checkPositive(base);
    checkPositive(x);
    if (!base.isFinite() || !x.isFinite()) {
      if (!base.isFinite() && !x.isFinite()) {
        return PgNumeric.NAN;
      }
      return base.isFinite() ? PgNumeric.INFINITY : PgNumeric.of(0);
    }
    BigDecimal b = base.decimal();
    BigDecimal v = x.decimal();
    BigDecimal lnBase = ln(b, 60);
    if (lnBase.signum() == 0 || b.compareTo(BigDecimal.ONE) == 0) {
      throw PgNumeric.divisionByZero();
    }
    int resultWeight = lnWeight(v) - lnWeight(b);
    int scale = clampScale(MIN_SIGNIFICANT_DIGITS - resultWeight, b, v);
    MathContext mc = new MathContext(scale + 40);
    return PgNumeric.of(
        ln(v, scale + 30).divide(ln(b, scale + 30), mc).setScale(scale, RoundingMode.HALF_UP));
  }

  /// Errors: 2201F, 22003.
  public static PgNumeric power(PgNumeric base, PgNumeric exponent) {
    if (!base.isFinite() || !exponent.isFinite()) {
      return specialPower(base, exponent);
    }
    BigDecimal b = base.decimal();
    BigDecimal e = exponent.decimal();
    boolean integral = e.stripTrailingZeros().scale() <= 0;
    if (b.signum() == 0 && e.signum() < 0) {
      throw new SqlException(
          ErrorCode.INVALID_ARGUMENT_FOR_POWER, "zero raised to a negative power is undefined");
    }
    if (b.signum() < 0 && !integral) {
      throw new SqlException(
          ErrorCode.INVALID_ARGUMENT_FOR_POWER,
          "a negative number raised to a non-integer power yields a complex result");
    }
    if (b.signum() == 0) {
      int zeroScale = clampScale(MIN_SIGNIFICANT_DIGITS, b, e);
      BigDecimal result = e.signum() == 0 ? BigDecimal.ONE : BigDecimal.ZERO;
      return PgNumeric.of(result.setScale(zeroScale));
    }
    double digits = e.doubleValue() * logarithm10(b);
    if (digits > 131_072) {
      throw overflow();
    }
    // power_var_int of PostgreSQL 15 takes the base's scale only.
    boolean isInt = integral && e.abs().compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) <= 0;
    int scale =
        isInt
            ? clampScale(MIN_SIGNIFICANT_DIGITS, b)
            : clampScale(MIN_SIGNIFICANT_DIGITS - (int) Math.clamp(digits, -2000.0, 2000.0), b, e);
    if (digits < -scale - 2.0) {
      return PgNumeric.of(BigDecimal.ZERO.setScale(scale));
    }
    if (integral && e.abs().compareTo(BigDecimal.valueOf(9999)) <= 0) {
      int n = e.intValueExact();
      MathContext mc =
          new MathContext(scale + (int) Math.abs(digits) + 20 + Integer.toString(n).length());
      return PgNumeric.of(b.pow(n, mc).setScale(scale, RoundingMode.HALF_UP));
    }
    int working = scale + (int) Math.abs(digits) + 20;
    BigDecimal result = exp(ln(b.abs(), working).multiply(e), scale + 5);
    boolean negative = b.signum() < 0 && e.toBigInteger().testBit(0);
    return PgNumeric.of(
        (negative ? result.negate() : result).setScale(scale, RoundingMode.HALF_UP));
  }

  private static double logarithm10(BigDecimal v) {
    BigDecimal magnitude = v.abs();
    int exponent = magnitude.precision() - magnitude.scale();
    return Math.log10(magnitude.movePointLeft(exponent).doubleValue()) + exponent;
  }

  private static PgNumeric specialPower(PgNumeric base, PgNumeric exponent) {
    if (base.isFinite() && base.decimal().compareTo(BigDecimal.ONE) == 0) {
      return PgNumeric.of(1);
    }
    if (exponent.isFinite() && exponent.signum() == 0) {
      return PgNumeric.of(1);
    }
    if (base.isNaN() || exponent.isNaN()) {
      return PgNumeric.NAN;
    }
    double result = Math.pow(base.toDouble(), exponent.toDouble());
    return Double.isNaN(result)
        ? PgNumeric.of(1)
        : Double.isInfinite(result)
            ? result > 0 ? PgNumeric.INFINITY : PgNumeric.NEGATIVE_INFINITY
            : PgNumeric.of((long) result);
  }

  /// Errors: 2201G's kin as 22023.
  public static long widthBucket(PgNumeric value, PgNumeric low, PgNumeric high, int count) {
    if (count <= 0) {
      throw new SqlException(
          ErrorCode.INVALID_ARGUMENT_FOR_WIDTH_BUCKET, "count must be greater than zero");
    }
    if (!low.isFinite() || !high.isFinite() || value.isNaN()) {
      throw new SqlException(
          ErrorCode.INVALID_ARGUMENT_FOR_WIDTH_BUCKET,
          value.isNaN()
              ? "operand, lower bound, and upper bound cannot be NaN"
              : "lower and upper bounds must be finite");
    }
    int order = low.compareTo(high);
    if (order == 0) {
      throw new SqlException(
          ErrorCode.INVALID_ARGUMENT_FOR_WIDTH_BUCKET, "lower bound cannot equal upper bound");
    }
    boolean ascending = order < 0;
    if (ascending ? value.compareTo(low) < 0 : value.compareTo(low) > 0) {
      return 0;
    }
    if (ascending ? value.compareTo(high) >= 0 : value.compareTo(high) <= 0) {
      if (count == Integer.MAX_VALUE) {
        throw new SqlException(ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE, "integer out of range");
      }
      return count + 1L;
    }
    BigDecimal distance = value.decimal().subtract(low.decimal());
    BigDecimal width = high.decimal().subtract(low.decimal());
    return distance
            .multiply(BigDecimal.valueOf(count))
            .divide(width, 0, RoundingMode.FLOOR)
            .longValueExact()
        + 1;
  }
}
