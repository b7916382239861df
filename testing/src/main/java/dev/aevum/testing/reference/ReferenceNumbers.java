package dev.aevum.testing.reference;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.text.NumberText;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/// Arithmetic of PostgreSQL over Long, BigDecimal and Double.
final class ReferenceNumbers {
  private static final BigInteger TEN_THOUSAND = BigInteger.valueOf(10_000);
  private static final int MAX_DISPLAY_SCALE = 1000;

  private ReferenceNumbers() {}

  static Object arithmetic(String operator, SqlType result, Number a, Number b) {
    if (a instanceof Long x && b instanceof Long y) {
      return integers(operator, result, x, y);
    }
    if (result == SimpleType.REAL) {
      return (double) reals(operator, a.floatValue(), b.floatValue());
    }
    if (result == SimpleType.DOUBLE) {
      return doubles(operator, a.doubleValue(), b.doubleValue());
    }
    Number value = numerics(operator, decimal(a), decimal(b));
    return result instanceof DecimalType d ? NumberText.round(d, value) : value;
  }

  /// Integers as numerics; specials stay doubles.
  static Number decimal(Number value) {
    return value instanceof Long x ? BigDecimal.valueOf(x) : value;
  }

  static Long integer(SqlType type, BigInteger value) {
    int bits = type == SimpleType.SMALLINT ? 15 : type == SimpleType.INTEGER ? 31 : 63;
    if (value.bitLength() > bits) {
      throw ReferenceErrors.outOfRange(type);
    }
    return value.longValueExact();
  }

  private static Long integers(String operator, SqlType result, long a, long b) {
    BigInteger x = BigInteger.valueOf(a);
    BigInteger y = BigInteger.valueOf(b);
    return switch (operator) {
      case "+" -> integer(result, x.add(y));
      case "-" -> integer(result, x.subtract(y));
      case "*" -> integer(result, x.multiply(y));
      case "/" -> {
        if (b == 0) {
          throw ReferenceErrors.divisionByZero();
        }
        yield integer(result, x.divide(y));
      }
      case "%", "mod" -> {
        if (b == 0) {
          throw ReferenceErrors.divisionByZero();
        }
        yield integer(result, x.remainder(y));
      }
      default -> throw ReferenceErrors.unknown(operator);
    };
  }

  private static double doubles(String operator, double a, double b) {
    double value =
        switch (operator) {
          case "+" -> a + b;
          case "-" -> a - b;
          case "*" -> a * b;
          case "/" -> divide(a, b);
          default -> throw ReferenceErrors.unknown(operator);
        };
    boolean finite = !Double.isInfinite(a) && !Double.isInfinite(b);
    check(operator, value, finite, a != 0 && b != 0, Double.isInfinite(b));
    return value;
  }

  private static float reals(String operator, float a, float b) {
    float value =
        switch (operator) {
          case "+" -> a + b;
          case "-" -> a - b;
          case "*" -> a * b;
          case "/" -> (float) divide(a, b);
          default -> throw ReferenceErrors.unknown(operator);
        };
    boolean finite = !Float.isInfinite(a) && !Float.isInfinite(b);
    check(operator, value, finite, a != 0 && b != 0, Float.isInfinite(b));
    return value;
  }

  private static double divide(double a, double b) {
    if (b == 0 && !Double.isNaN(a)) {
      throw ReferenceErrors.divisionByZero();
    }
    return a / b;
  }

  private static void check(
      String operator, double value, boolean finite, boolean nonZero, boolean divisorInfinite) {
    if (Double.isInfinite(value) && finite) {
      throw ReferenceErrors.overflow();
    }
    boolean multiplied = operator.equals("*") || (operator.equals("/") && !divisorInfinite);
    if (value == 0 && nonZero && multiplied) {
      throw ReferenceErrors.underflow();
    }
  }

  static Number numerics(String operator, Number a, Number b) {
    if (a instanceof Double || b instanceof Double) {
      return specials(operator, a, b);
    }
    BigDecimal x = (BigDecimal) a;
    BigDecimal y = (BigDecimal) b;
    return switch (operator) {
      case "+" -> x.add(y);
      case "-" -> x.subtract(y);
      case "*" -> x.multiply(y);
      case "/" -> quotient(x, y);
      case "%", "mod" -> {
        if (y.signum() == 0) {
          throw ReferenceErrors.divisionByZero();
        }
        yield x.remainder(y).setScale(Math.max(x.scale(), y.scale()), RoundingMode.UNNECESSARY);
      }
      default -> throw ReferenceErrors.unknown(operator);
    };
  }

  /// NaN and infinities of numeric behave as those of doubles, but for division by zero and
  /// remainders.
  private static Number specials(String operator, Number a, Number b) {
    double x = sign(a);
    double y = sign(b);
    boolean nan = Double.isNaN(x) || Double.isNaN(y);
    boolean byZero = !nan && y == 0;
    double value =
        switch (operator) {
          case "+" -> x + y;
          case "-" -> x - y;
          case "*" -> x * y;
          case "/" -> {
            if (byZero) {
              throw ReferenceErrors.divisionByZero();
            }
            yield x / y;
          }
          case "%", "mod" -> {
            if (byZero) {
              throw ReferenceErrors.divisionByZero();
            }
            if (!nan && Double.isInfinite(y) && !Double.isInfinite(x)) {
              yield 0;
            }
            yield Double.NaN;
          }
          default -> throw ReferenceErrors.unknown(operator);
        };
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return value;
    }
    return operator.equals("/") ? BigDecimal.ZERO : a;
  }

  /// A finite value as -1, 0 or 1.
  private static double sign(Number value) {
    return value instanceof BigDecimal x ? x.signum() : value.doubleValue();
  }

  /// PostgreSQL's `select_div_scale`: at least 16 significant digits, counted in groups of four.
  static BigDecimal quotient(BigDecimal a, BigDecimal b) {
    if (b.signum() == 0) {
      throw ReferenceErrors.divisionByZero();
    }
    int weight = weight(a) - weight(b);
    if (firstGroup(a).compareTo(firstGroup(b)) <= 0) {
      weight--;
    }
    int scale = Math.max(16 - weight * 4, Math.max(a.scale(), b.scale()));
    return a.divide(b, Math.clamp(scale, 0, MAX_DISPLAY_SCALE), RoundingMode.HALF_UP);
  }

  private static int weight(BigDecimal value) {
    return value.signum() == 0 ? 0 : Math.floorDiv(value.precision() - value.scale() - 1, 4);
  }

  private static BigInteger firstGroup(BigDecimal value) {
    if (value.signum() == 0) {
      return BigInteger.ZERO;
    }
    return value.abs().movePointLeft(4 * weight(value)).toBigInteger().mod(TEN_THOUSAND);
  }

  static Number negate(SqlType result, Number value) {
    return switch (value) {
      case Long x -> integer(result, BigInteger.valueOf(x).negate());
      case Double x -> -x;
      case BigDecimal x -> x.negate();
      default -> throw ReferenceErrors.unknown("numbers of " + value.getClass());
    };
  }

  static Number absolute(SqlType result, Number value) {
    return switch (value) {
      case Long x -> integer(result, BigInteger.valueOf(x).abs());
      case Double x -> Math.abs(x);
      case BigDecimal x -> x.abs();
      default -> throw ReferenceErrors.unknown("numbers of " + value.getClass());
    };
  }

  /// round, trunc, ceil, floor. Doubles round half to even, numerics half away from zero.
  static Number rounded(String name, Number value, int digits) {
    if (value instanceof Double x) {
      return switch (name) {
        case "round" -> Math.rint(x);
        case "trunc" -> x < 0 ? Math.ceil(x) : Math.floor(x);
        case "ceil", "ceiling" -> Math.ceil(x);
        case "floor" -> Math.floor(x);
        default -> throw ReferenceErrors.unknown(name);
      };
    }
    BigDecimal x = (BigDecimal) decimal(value);
    RoundingMode mode =
        switch (name) {
          case "round" -> RoundingMode.HALF_UP;
          case "trunc" -> RoundingMode.DOWN;
          case "ceil", "ceiling" -> RoundingMode.CEILING;
          case "floor" -> RoundingMode.FLOOR;
          default -> throw ReferenceErrors.unknown(name);
        };
    BigDecimal moved = x.setScale(digits, mode);
    return digits < 0 ? moved.setScale(0) : moved;
  }

  static SqlException invalidArgument(String message) {
    return new SqlException(ErrorCode.INVALID_PARAMETER_VALUE, message);
  }
}
