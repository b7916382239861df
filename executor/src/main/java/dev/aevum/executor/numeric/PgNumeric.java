package dev.aevum.executor.numeric;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/// A PostgreSQL `numeric`: a decimal with its display scale, NaN, or an infinity. Results have
/// PostgreSQL's digits and display scale (utils/adt/numeric.c). Slow path: an object a value.
public final class PgNumeric implements Comparable<PgNumeric> {
  public static final PgNumeric NAN = new PgNumeric(2, null);
  public static final PgNumeric INFINITY = new PgNumeric(1, null);
  public static final PgNumeric NEGATIVE_INFINITY = new PgNumeric(-1, null);

  private static final int MIN_SIGNIFICANT_DIGITS = 16;
  private static final int MAX_DISPLAY_SCALE = 1000;
  private static final int MAX_SCALE = 16383;

  /// 0 finite, 1 infinity, -1 negative infinity, 2 NaN.
  private final int kind;

  private final @Nullable BigDecimal value;

  private PgNumeric(int kind, @Nullable BigDecimal value) {
    this.kind = kind;
    this.value = value;
  }

  /// A finite value; a negative scale becomes 0.
  public static PgNumeric of(BigDecimal value) {
    return new PgNumeric(0, value.scale() < 0 ? value.setScale(0) : value);
  }

  public static PgNumeric of(long value) {
    return of(BigDecimal.valueOf(value));
  }

  public boolean isFinite() {
    return kind == 0;
  }

  public boolean isNaN() {
    return kind == 2;
  }

  /// The finite value.
  public BigDecimal decimal() {
    if (value == null) {
      throw new IllegalStateException("not finite");
    }
    return value;
  }

  /// -1, 0 or 1; 1 for NaN.
  public int signum() {
    return value == null ? Integer.signum(kind) : value.signum();
  }

  public PgNumeric add(PgNumeric other) {
    if (value == null || other.value == null) {
      if (isNaN() || other.isNaN() || (kind != 0 && other.kind == -kind)) {
        return NAN;
      }
      return kind != 0 ? this : other;
    }
    return of(value.add(other.value));
  }

  public PgNumeric negate() {
    return switch (kind) {
      case 0 -> of(decimal().negate());
      case 1 -> NEGATIVE_INFINITY;
      case -1 -> INFINITY;
      default -> NAN;
    };
  }

  public PgNumeric abs() {
    return signum() < 0 ? negate() : this;
  }

  public PgNumeric subtract(PgNumeric other) {
    return add(other.negate());
  }

  public PgNumeric multiply(PgNumeric other) {
    if (value == null || other.value == null) {
      int sign = signum() * other.signum();
      return isNaN() || other.isNaN() || sign == 0 ? NAN : sign > 0 ? INFINITY : NEGATIVE_INFINITY;
    }
    BigDecimal product = value.multiply(other.value);
    return of(
        product.scale() > MAX_SCALE ? product.setScale(MAX_SCALE, RoundingMode.HALF_UP) : product);
  }

  /// Errors: 22012.
  public PgNumeric divide(PgNumeric other) {
    if (isNaN() || other.isNaN()) {
      return NAN;
    }
    if (other.signum() == 0) {
      throw divisionByZero();
    }
    if (value == null) {
      return other.value == null
          ? NAN
          : signum() * other.signum() > 0 ? INFINITY : NEGATIVE_INFINITY;
    }
    if (other.value == null) {
      return of(BigDecimal.ZERO);
    }
    return of(value.divide(other.value, divisionScale(value, other.value), RoundingMode.HALF_UP));
  }

  /// `div(x, y)`: the quotient cut to an integer. Errors: 22012.
  public PgNumeric divideToInteger(PgNumeric other) {
    if (value == null || other.value == null || other.signum() == 0) {
      return divide(other);
    }
    return of(value.divide(other.value, 0, RoundingMode.DOWN));
  }

  /// Sign of the dividend. Errors: 22012.
  public PgNumeric remainder(PgNumeric other) {
    if (isNaN() || other.isNaN()) {
      return NAN;
    }
    if (other.signum() == 0) {
      throw divisionByZero();
    }
    if (value == null) {
      return NAN;
    }
    if (other.value == null) {
      return this;
    }
    int scale = Math.max(value.scale(), other.value.scale());
    return of(value.remainder(other.value).setScale(scale, RoundingMode.UNNECESSARY));
  }

  /// Rounds half away from zero to `scale` digits, which may be negative.
  public PgNumeric round(int scale) {
    return rescale(scale, RoundingMode.HALF_UP);
  }

  public PgNumeric truncate(int scale) {
    return rescale(scale, RoundingMode.DOWN);
  }

  public PgNumeric ceiling() {
    return rescale(0, RoundingMode.CEILING);
  }

  public PgNumeric floor() {
    return rescale(0, RoundingMode.FLOOR);
  }

  private PgNumeric rescale(int scale, RoundingMode mode) {
    if (value == null) {
      return this;
    }
    int bounded = Math.clamp(scale, -2000, 2000);
    BigDecimal rounded = value.setScale(bounded, mode);
    return of(bounded < 0 ? rounded.setScale(0) : rounded);
  }

  /// Errors: 2201F for a negative value.
  public PgNumeric sqrt() {
    if (isNaN() || kind == 1) {
      return this;
    }
    if (signum() < 0) {
      throw new SqlException(
          ErrorCode.INVALID_ARGUMENT_FOR_POWER, "cannot take square root of a negative number");
    }
    BigDecimal v = decimal();
    int weight = weight(v);
    int resultWeight = weight >= 0 ? weight * 4 / 2 + 1 : 1 - (1 - weight * 4) / 2;
    int scale =
        Math.clamp(
            Math.max(MIN_SIGNIFICANT_DIGITS - resultWeight, v.scale()), 0, MAX_DISPLAY_SCALE);
    BigInteger unscaled = v.setScale(v.scale() + (v.scale() & 1)).unscaledValue();
    int have = (v.scale() + (v.scale() & 1)) / 2;
    int extra = Math.max(0, scale + 1 - have);
    BigInteger root = unscaled.multiply(BigInteger.TEN.pow(2 * extra)).sqrt();
    return of(new BigDecimal(root, have + extra).setScale(scale, RoundingMode.HALF_UP));
  }

  /// Digits of the quotient that PostgreSQL shows (select_div_scale).
  public static int divisionScale(BigDecimal a, BigDecimal b) {
    int weight = weight(a) - weight(b);
    if (firstDigit(a) <= firstDigit(b)) {
      weight--;
    }
    int scale = MIN_SIGNIFICANT_DIGITS - weight * 4;
    return Math.clamp(Math.max(scale, Math.max(a.scale(), b.scale())), 0, MAX_DISPLAY_SCALE);
  }

  /// Base-10000 weight of the leading digit; 0 for zero.
  static int weight(BigDecimal v) {
    return v.signum() == 0 ? 0 : Math.floorDiv(v.precision() - v.scale() - 1, 4);
  }

  /// Leading base-10000 digit; 0 for zero.
  static int firstDigit(BigDecimal v) {
    if (v.signum() == 0) {
      return 0;
    }
    int digits = Math.floorMod(v.precision() - v.scale() - 1, 4) + 1;
    BigInteger magnitude = v.unscaledValue().abs();
    int surplus = v.precision() - digits;
    return surplus >= 0
        ? magnitude.divide(BigInteger.TEN.pow(surplus)).intValue()
        : magnitude.multiply(BigInteger.TEN.pow(-surplus)).intValue();
  }

  /// The nearest double. Infinities and NaN stay what they are.
  public double toDouble() {
    return switch (kind) {
      case 0 -> decimal().doubleValue();
      case 1 -> Double.POSITIVE_INFINITY;
      case -1 -> Double.NEGATIVE_INFINITY;
      default -> Double.NaN;
    };
  }

  /// A double with the 15 significant digits that PostgreSQL takes over.
  public static PgNumeric of(double number) {
    return ofFloating(number, 15);
  }

  /// A real with the 6 significant digits that PostgreSQL takes over.
  public static PgNumeric of(float number) {
    return ofFloating(number, 6);
  }

  private static PgNumeric ofFloating(double number, int digits) {
    if (Double.isNaN(number)) {
      return NAN;
    }
    if (Double.isInfinite(number)) {
      return number > 0 ? INFINITY : NEGATIVE_INFINITY;
    }
    BigDecimal rounded =
        new BigDecimal(number).round(new MathContext(digits, RoundingMode.HALF_EVEN));
    return of(rounded.signum() == 0 ? BigDecimal.ZERO : rounded.stripTrailingZeros());
  }

  public static SqlException divisionByZero() {
    return new SqlException(ErrorCode.DIVISION_BY_ZERO, "division by zero");
  }

  /// SQL order: NaN equals NaN and is above infinity; display scale does not count.
  @Override
  public int compareTo(PgNumeric other) {
    if (value != null && other.value != null) {
      return value.compareTo(other.value);
    }
    return Integer.compare(kind, other.kind);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PgNumeric n && compareTo(n) == 0;
  }

  @Override
  public int hashCode() {
    return value == null ? kind : value.stripTrailingZeros().hashCode();
  }

  @Override
  public String toString() {
    return switch (kind) {
      case 0 -> decimal().toPlainString();
      case 1 -> "Infinity";
      case -1 -> "-Infinity";
      default -> "NaN";
    };
  }
}
