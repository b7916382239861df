package dev.aevum.executor.function;

import dev.aevum.executor.numeric.PgNumeric;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArithmeticFunctionsTest {
  private interface BigOperator {
    BigInteger apply(BigInteger a, BigInteger b);
  }

  private static void integers(String name, SimpleType type, int bits, BigOperator exact) {
    FunctionCase.check(
        name,
        List.of(type, type),
        a -> {
          BigInteger y = BigInteger.valueOf((Long) a.get(1));
          if (y.signum() == 0 && "/%mod".contains(name)) {
            throw new SqlException(ErrorCode.DIVISION_BY_ZERO, "division by zero");
          }
          BigInteger result = exact.apply(BigInteger.valueOf((Long) a.get(0)), y);
          if (result.bitLength() >= bits) {
            throw new SqlException(
                ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE, type.displayName() + " out of range");
          }
          return result.longValueExact();
        });
  }

  @Test
  void integersEqualExactArithmetic() {
    List<SimpleType> types = List.of(SimpleType.SMALLINT, SimpleType.INTEGER, SimpleType.BIGINT);
    for (SimpleType type : types) {
      int bits = type.length() * 8;
      integers("+", type, bits, BigInteger::add);
      integers("-", type, bits, BigInteger::subtract);
      integers("*", type, bits, BigInteger::multiply);
      integers("/", type, bits, BigInteger::divide);
      integers("%", type, bits, BigInteger::remainder);
    }
  }

  @Test
  void decimalsEqualExactArithmetic() {
    List<DecimalType> types =
        List.of(
            new DecimalType(5, 2),
            new DecimalType(9, 0),
            new DecimalType(18, 6),
            new DecimalType(19, 4),
            new DecimalType(37, 10),
            new DecimalType(38, 38));
    for (DecimalType a : types) {
      for (DecimalType b : types) {
        List<SqlType> both = List.of(a, b);
        FunctionCase.check("+", both, v -> dec(v, 0).add(dec(v, 1)));
        FunctionCase.check("-", both, v -> dec(v, 0).subtract(dec(v, 1)));
        FunctionCase.check("*", both, v -> dec(v, 0).multiply(dec(v, 1)));
        FunctionCase.check(
            "/", both, v -> PgNumeric.of(dec(v, 0)).divide(PgNumeric.of(dec(v, 1))).decimal());
        FunctionCase.check("=", both, v -> dec(v, 0).compareTo(dec(v, 1)) == 0);
        FunctionCase.check("<", both, v -> dec(v, 0).compareTo(dec(v, 1)) < 0);
      }
    }
  }

  private static BigDecimal dec(List<Object> values, int index) {
    return (BigDecimal) values.get(index);
  }

  private static double floating(double result, boolean overflow, boolean underflow) {
    if (overflow || underflow) {
      throw new SqlException(
          ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE,
          "value out of range: " + (overflow ? "overflow" : "underflow"));
    }
    return result;
  }

  @Test
  void doublesFailOnOverflowUnderflowAndZeroDivisors() {
    List<SqlType> types = List.of(SimpleType.DOUBLE, SimpleType.DOUBLE);
    FunctionCase.check(
        "+",
        types,
        v -> {
          double a = (Double) v.get(0);
          double b = (Double) v.get(1);
          boolean finite = Double.isFinite(a) && Double.isFinite(b);
          return floating(a + b, finite && Double.isInfinite(a + b), false);
        });
    FunctionCase.check(
        "*",
        types,
        v -> {
          double a = (Double) v.get(0);
          double b = (Double) v.get(1);
          boolean finite = !Double.isInfinite(a) && !Double.isInfinite(b);
          return floating(
              a * b, finite && Double.isInfinite(a * b), a * b == 0 && a != 0 && b != 0);
        });
    FunctionCase.check(
        "/",
        types,
        v -> {
          double a = (Double) v.get(0);
          double b = (Double) v.get(1);
          if (b == 0 && !Double.isNaN(a)) {
            throw new SqlException(ErrorCode.DIVISION_BY_ZERO, "division by zero");
          }
          return floating(
              a / b,
              Double.isInfinite(a / b) && !Double.isInfinite(a),
              a / b == 0 && a != 0 && !Double.isInfinite(b));
        });
  }

  @Test
  void comparisonsEqualJavaOrder() {
    for (SimpleType type : List.of(SimpleType.SMALLINT, SimpleType.INTEGER, SimpleType.BIGINT)) {
      List<SqlType> both = List.of(type, type);
      FunctionCase.check("=", both, v -> v.get(0).equals(v.get(1)));
      FunctionCase.check("<>", both, v -> !v.get(0).equals(v.get(1)));
      FunctionCase.check("<", both, v -> (Long) v.get(0) < (Long) v.get(1));
      FunctionCase.check("<=", both, v -> (Long) v.get(0) <= (Long) v.get(1));
      FunctionCase.check(">", both, v -> (Long) v.get(0) > (Long) v.get(1));
      FunctionCase.check(">=", both, v -> (Long) v.get(0) >= (Long) v.get(1));
    }
    List<SqlType> doubles = List.of(SimpleType.DOUBLE, SimpleType.DOUBLE);
    FunctionCase.check(
        "<", doubles, v -> Double.compare((Double) v.get(0) + 0.0, (Double) v.get(1) + 0.0) < 0);
    List<SqlType> texts = List.of(SimpleType.TEXT, SimpleType.TEXT);
    FunctionCase.check("=", texts, v -> v.get(0).equals(v.get(1)));
    FunctionCase.check("<>", texts, v -> !v.get(0).equals(v.get(1)));
    FunctionCase.check(
        "<",
        texts,
        v ->
            java.util.Arrays.compareUnsigned(
                    v.get(0).toString().getBytes(java.nio.charset.StandardCharsets.UTF_8),
                    v.get(1).toString().getBytes(java.nio.charset.StandardCharsets.UTF_8))
                < 0);
    List<SqlType> booleans = List.of(SimpleType.BOOLEAN, SimpleType.BOOLEAN);
    FunctionCase.check("<=", booleans, v -> !(Boolean) v.get(0) || (Boolean) v.get(1));
  }
}
