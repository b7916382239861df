package dev.aevum.executor.function;

import static dev.aevum.executor.function.FunctionDefinitions.ANY_NUMERIC;
import static dev.aevum.executor.function.FunctionDefinitions.exact;

import dev.aevum.executor.function.FunctionDefinitions.Definition;
import dev.aevum.executor.kernel.Kernel;
import dev.aevum.executor.numeric.NumericColumns;
import dev.aevum.executor.numeric.NumericFunctions;
import dev.aevum.executor.numeric.PgNumeric;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/// Signs, rounding, roots, powers, logarithms and trigonometry. PostgreSQL 17, chapter 9.3.
final class MathFunctions {
  private static final double RADIANS_PER_DEGREE = 0.017453292519943295;

  private static final SimpleType INTEGER = SimpleType.INTEGER;
  private static final SimpleType DOUBLE = SimpleType.DOUBLE;
  private static final List<SimpleType> INTEGERS =
      List.of(SimpleType.SMALLINT, SimpleType.INTEGER, SimpleType.BIGINT);

  private MathFunctions() {}

  static void define(FunctionDefinitions f) {
    signs(f);
    rounding(f);
    doubles(f);
    numerics(f);
    trigonometry(f);
    integers(f);
    random(f);
  }

  private static void signs(FunctionDefinitions f) {
    for (SimpleType type : INTEGERS) {
      integer(f, "-", type, "The number with the other sign.", "- 5 -> -5", v -> -v);
      integer(f, "+", type, "The number itself.", "+ 5 -> 5", v -> v);
      integer(f, "abs", type, "Absolute value.", "abs(-5) -> 5", Math::abs);
      integer(f, "@", type, "Absolute value.", "@ -5 -> 5", Math::abs);
    }
    floating(f, "-", "The number with the other sign.", "- 0.5::double precision -> -0.5", v -> -v);
    floating(f, "+", "The number itself.", "+ 0.5::double precision -> 0.5", v -> v);
    floating(f, "abs", "Absolute value.", "abs(-0.5::double precision) -> 0.5", Math::abs);
    floating(f, "@", "Absolute value.", "@ (-0.5::double precision) -> 0.5", Math::abs);
    same(f, "-", "The number with the other sign.", "- 1.50 -> -1.50", PgNumeric::negate);
    same(f, "+", "The number itself.", "+ 1.50 -> 1.50", v -> v);
    same(f, "abs", "Absolute value.", "abs(-1.50) -> 1.50", PgNumeric::abs);
    same(f, "@", "Absolute value.", "@ -1.50 -> 1.50", PgNumeric::abs);
    numeric(f, "sign", "-1, 0 or 1 for the sign of a number.", "sign(-8.4) -> -1")
        .runs(NumericKernels.unary(v -> v.isNaN() ? v : PgNumeric.of(v.signum())));
    function(f, "sign", DOUBLE, DOUBLE)
        .describe("-1, 0 or 1 for the sign of a number.")
        .example("sign(-8.4::double precision) -> -1")
        .runs(RowKernels.doubles((c, a, i) -> signum(a[0].doubleAt(i))));
  }

  private static Definition function(
      FunctionDefinitions f, String name, SqlType result, SqlType... arguments) {
    return f.define(name).takes(arguments).returns(result);
  }

  private static Definition numeric(
      FunctionDefinitions f, String name, String description, String example) {
    return f.define(name)
        .takes(ANY_NUMERIC)
        .returns(SimpleType.NUMERIC)
        .mayFail()
        .describe(description)
        .example(example);
  }

  private static void integer(
      FunctionDefinitions f,
      String name,
      SimpleType type,
      String description,
      String example,
      java.util.function.LongUnaryOperator operator) {
    function(f, name, type, type)
        .mayFail()
        .describe(description)
        .example(example)
        .runs(
            RowKernels.strict(
                type,
                (c, a, i, out) -> {
                  long value = Scalars.integerAt(a[0], i);
                  long result = operator.applyAsLong(value);
                  if (value == Long.MIN_VALUE && result == value && !name.equals("+")) {
                    throw Scalars.outOfRange(type);
                  }
                  NumberCasts.appendInteger(result, type, out);
                }));
  }

  private static void floating(
      FunctionDefinitions f,
      String name,
      String description,
      String example,
      DoubleUnaryOperator operator) {
    for (SimpleType type : List.of(SimpleType.REAL, DOUBLE)) {
      function(f, name, type, type)
          .describe(description)
          .example(example)
          .runs(
              RowKernels.strict(
                  type,
                  (c, a, i, out) -> {
                    double result = operator.applyAsDouble(Scalars.floatingAt(a[0], i));
                    if (type == DOUBLE) {
                      out.appendDouble(result);
                    } else {
                      out.appendFloat((float) result);
                    }
                  }));
    }
  }

  /// A function whose result is of the argument's own type.
  private static void same(
      FunctionDefinitions f,
      String name,
      String description,
      String example,
      NumericKernels.Unary operator) {
    f.define(name)
        .takes(ANY_NUMERIC)
        .describe(description)
        .example(example)
        .runs((types, result) -> to(result, operator));
  }

  private static Kernel to(SqlType result, NumericKernels.Unary operator) {
    ByteSink sink = new ByteSink();
    return RowKernels.strict(
        result,
        (c, a, i, out) ->
            NumberCasts.append(operator.apply(NumericColumns.read(a[0], i)), result, out, sink));
  }

  /// The type of an integral value of a decimal: one more digit for the carry.
  private static SqlType integral(List<SqlType> types) {
    return types.get(0) instanceof DecimalType d
        ? new DecimalType(
            Math.min(DecimalType.MAX_PRECISION, Math.max(1, d.precision() - d.scale() + 1)), 0)
        : SimpleType.NUMERIC;
  }

  private static void rounding(FunctionDefinitions f) {
    rounding(f, "ceil", "Least integer not below.", "-42", PgNumeric::ceiling, Math::ceil);
    rounding(f, "ceiling", "Least integer not below.", "-42", PgNumeric::ceiling, Math::ceil);
    rounding(f, "floor", "Greatest integer not above.", "-43", PgNumeric::floor, Math::floor);
    rounding(f, "round", "Nearest integer.", "-43", v -> v.round(0), Math::rint);
    rounding(
        f,
        "trunc",
        "The integer towards zero.",
        "-42",
        v -> v.truncate(0),
        v -> v < 0 ? Math.ceil(v) : Math.floor(v));
    for (boolean rounds : new boolean[] {true, false}) {
      f.define(rounds ? "round" : "trunc")
          .takes(ANY_NUMERIC, exact(INTEGER))
          .returns(SimpleType.NUMERIC)
          .mayFail()
          .describe(
              rounds
                  ? "Rounded half away from zero to so many digits after the point."
                  : "Cut after so many digits after the point.")
          .example(rounds ? "round(42.4382, 2) -> 42.44" : "trunc(42.4382, 2) -> 42.43")
          .runs(
              RowKernels.numerics((c, a, i) -> {
                PgNumeric value = NumericColumns.read(a[0], i);
                int digits = a[1].intAt(i);
                return rounds ? value.round(digits) : value.truncate(digits);
              }));
    }
  }

  private static void rounding(
      FunctionDefinitions f,
      String name,
      String description,
      String of,
      NumericKernels.Unary exact,
      DoubleUnaryOperator floating) {
    f.define(name)
        .takes(ANY_NUMERIC)
        .returns(MathFunctions::integral)
        .describe(description)
        .example(name + "(-42.8) -> " + (of.equals("-42") ? "-42" : "-43"))
        .runs((types, result) -> to(result, exact));
    function(f, name, DOUBLE, DOUBLE)
        .describe(description)
        .example(name + "(-42.8::double precision) -> " + of)
        .runs(RowKernels.doubles((c, a, i) -> floating.applyAsDouble(a[0].doubleAt(i))));
  }

  private static void doubles(FunctionDefinitions f) {
    for (String name : List.of("sqrt", "|/")) {
      unary(f, name, "Square root.", name + " (4::double precision) -> 2", MathFunctions::sqrt);
    }
    for (String name : List.of("cbrt", "||/")) {
      unary(f, name, "Cube root.", name + " (27::double precision) -> 3", Math::cbrt);
    }
    unary(f, "exp", "e to a power.", "exp(0::double precision) -> 1", v -> checked(Math.exp(v), v));
    unary(
        f, "ln", "Natural logarithm.", "ln(1::double precision) -> 0", v -> Math.log(positive(v)));
    for (String name : List.of("log", "log10")) {
      unary(
          f,
          name,
          "Logarithm to base 10.",
          name + "(100::double precision) -> 2",
          v -> Math.log10(positive(v)));
    }
    for (String name : List.of("power", "pow", "^")) {
      binary(
          f,
          name,
          "The first number to the power of the second.",
          name.equals("^")
              ? "2::double precision ^ 10 -> 1024"
              : name + "(2::double precision, 10) -> 1024",
          MathFunctions::power);
    }
  }

  private static void unary(
      FunctionDefinitions f,
      String name,
      String description,
      String example,
      DoubleUnaryOperator operator) {
    function(f, name, DOUBLE, DOUBLE)
        .mayFail()
        .describe(description)
        .example(example)
        .runs(RowKernels.doubles((c, a, i) -> operator.applyAsDouble(a[0].doubleAt(i))));
  }

  private static void binary(
      FunctionDefinitions f,
      String name,
      String description,
      String example,
      DoubleBinaryOperator operator) {
    function(f, name, DOUBLE, DOUBLE, DOUBLE)
        .mayFail()
        .describe(description)
        .example(example)
        .runs(
            RowKernels.doubles(
                (c, a, i) -> operator.applyAsDouble(a[0].doubleAt(i), a[1].doubleAt(i))));
  }

  private static double sqrt(double value) {
    if (value < 0) {
      throw new SqlException(
          ErrorCode.INVALID_ARGUMENT_FOR_POWER, "cannot take square root of a negative number");
    }
    return Math.sqrt(value);
  }

  private static double positive(double value) {
    if (value == 0 || value < 0) {
      throw new SqlException(
          ErrorCode.INVALID_ARGUMENT_FOR_LOG,
          value == 0
              ? "cannot take logarithm of zero"
              : "cannot take logarithm of a negative number");
    }
    return value;
  }

  private static double checked(double result, double argument) {
    if (Double.isInfinite(result) && !Double.isInfinite(argument)) {
      throw new SqlException(ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE, FloatKernels.OVERFLOW);
    }
    if (result == 0 && !Double.isInfinite(argument)) {
      throw new SqlException(ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE, FloatKernels.UNDERFLOW);
    }
    return result;
  }

  private static double power(double base, double exponent) {
    if (base == 0 && exponent < 0) {
      throw new SqlException(
          ErrorCode.INVALID_ARGUMENT_FOR_POWER, "zero raised to a negative power is undefined");
    }
    if (base < 0 && Math.rint(exponent) != exponent) {
      throw new SqlException(
          ErrorCode.INVALID_ARGUMENT_FOR_POWER,
          "a negative number raised to a non-integer power yields a complex result");
    }
    if (base == 1 || exponent == 0 || (base == -1 && Double.isInfinite(exponent))) {
      return 1;
    }
    double result = Math.pow(base, exponent);
    boolean finite = Double.isFinite(base) && Double.isFinite(exponent);
    if (finite && Double.isInfinite(result)) {
      throw new SqlException(ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE, FloatKernels.OVERFLOW);
    }
    if (finite && result == 0 && base != 0) {
      throw new SqlException(ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE, FloatKernels.UNDERFLOW);
    }
    return result;
  }

  private static void numerics(FunctionDefinitions f) {
    numeric(f, "sqrt", "Square root.", "sqrt(2.0) -> 1.414213562373095")
        .runs(NumericKernels.unary(PgNumeric::sqrt));
    numeric(f, "exp", "e to a power.", "exp(1.0) -> 2.7182818284590452")
        .runs(NumericKernels.unary(NumericFunctions::exp));
    numeric(f, "ln", "Natural logarithm.", "ln(2.0) -> 0.6931471805599453")
        .runs(NumericKernels.unary(NumericFunctions::ln));
    for (String name : List.of("log", "log10")) {
      numeric(f, name, "Logarithm to base 10.", name + "(100.0) -> 2.0000000000000000")
          .runs(NumericKernels.unary(v -> NumericFunctions.log(PgNumeric.of(10), v)));
    }
    numericPair(
        f,
        "log",
        "Logarithm of the second number to the base of the first.",
        "log(2.0, 64.0) -> 6.0000000000000000",
        NumericFunctions::log);
    for (String name : List.of("power", "pow", "^")) {
      numericPair(
          f,
          name,
          "The first number to the power of the second.",
          name.equals("^")
              ? "9.0 ^ 3.0 -> 729.0000000000000000"
              : name + "(9.0, 3.0) -> 729.0000000000000000",
          NumericFunctions::power);
    }
    numericPair(
        f, "div", "Quotient, cut towards zero.", "div(9, 4) -> 2", PgNumeric::divideToInteger);
    f.define("scale")
        .takes(ANY_NUMERIC)
        .returns(INTEGER)
        .describe("Digits after the point.")
        .example("scale(8.4100) -> 4")
        .runs(
            RowKernels.strict(
                INTEGER,
                (c, a, i, out) -> {
                  PgNumeric v = NumericColumns.read(a[0], i);
                  if (v.isFinite()) {
                    out.appendInt(v.decimal().scale());
                  } else {
                    out.appendNull();
                  }
                }));
    numeric(
            f,
            "trim_scale",
            "The number without zeros at the end of its fraction.",
            "trim_scale(8.4100) -> 8.41")
        .runs(
            NumericKernels.unary(v ->
                v.isFinite()
                    ? v.signum() == 0
                        ? PgNumeric.of(0)
                        : PgNumeric.of(v.decimal().stripTrailingZeros())
                    : v));
  }

  private static void numericPair(
      FunctionDefinitions f,
      String name,
      String description,
      String example,
      NumericKernels.Binary operator) {
    f.define(name)
        .takes(ANY_NUMERIC, ANY_NUMERIC)
        .returns(SimpleType.NUMERIC)
        .mayFail()
        .describe(description)
        .example(example)
        .runs(NumericKernels.binary(operator));
  }

  private static void trigonometry(FunctionDefinitions f) {
    function(f, "pi", DOUBLE)
        .describe("The number pi.")
        .example("pi() -> 3.141592653589793")
        .runs(RowKernels.doubles((c, a, i) -> Math.PI));
    unary(
        f,
        "sin",
        "Sine of an angle in radians.",
        "sin(0::double precision) -> 0",
        v -> Math.sin(angle(v)));
    unary(
        f,
        "cos",
        "Cosine of an angle in radians.",
        "cos(0::double precision) -> 1",
        v -> Math.cos(angle(v)));
    unary(
        f,
        "tan",
        "Tangent of an angle in radians.",
        "tan(0::double precision) -> 0",
        v -> Math.tan(angle(v)));
    unary(
        f,
        "asin",
        "Angle of a sine, in radians.",
        "asin(0::double precision) -> 0",
        v -> Math.asin(unit(v)));
    unary(
        f,
        "acos",
        "Angle of a cosine, in radians.",
        "acos(1::double precision) -> 0",
        v -> Math.acos(unit(v)));
    unary(
        f, "atan", "Angle of a tangent, in radians.", "atan(0::double precision) -> 0", Math::atan);
    binary(
        f,
        "atan2",
        "Angle of the point (x, y) given as y, x, in radians.",
        "atan2(0::double precision, 1) -> 0",
        Math::atan2);
    unary(f, "sinh", "Hyperbolic sine.", "sinh(0::double precision) -> 0", Math::sinh);
    unary(f, "cosh", "Hyperbolic cosine.", "cosh(0::double precision) -> 1", Math::cosh);
    unary(f, "tanh", "Hyperbolic tangent.", "tanh(0::double precision) -> 0", Math::tanh);
    unary(
        f,
        "degrees",
        "Degrees of radians.",
        "degrees(0::double precision) -> 0",
        MathFunctions::toDegrees);
    unary(
        f,
        "radians",
        "Radians of degrees.",
        "radians(0::double precision) -> 0",
        MathFunctions::toRadians);
  }

  /// Zero for what is neither above nor below it, NaN too.
  private static double signum(double value) {
    return value > 0 ? 1 : value < 0 ? -1 : 0;
  }

  private static double angle(double value) {
    if (Double.isInfinite(value)) {
      throw new SqlException(ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE, "input is out of range");
    }
    return value;
  }

  private static double toDegrees(double radians) {
    double degrees = radians / RADIANS_PER_DEGREE;
    if (Double.isInfinite(degrees) && !Double.isInfinite(radians)) {
      throw new SqlException(ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE, FloatKernels.OVERFLOW);
    }
    return degrees;
  }

  private static double toRadians(double degrees) {
    double radians = degrees * RADIANS_PER_DEGREE;
    if (radians == 0 && degrees != 0) {
      throw new SqlException(ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE, FloatKernels.UNDERFLOW);
    }
    return radians;
  }

  private static double unit(double value) {
    if (value < -1 || value > 1) {
      throw new SqlException(ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE, "input is out of range");
    }
    return value;
  }

  private static void integers(FunctionDefinitions f) {
    for (SimpleType type : INTEGERS) {
      bits(f, "&", type, "Bits set in both.", "91 & 15 -> 11", (a, b) -> a & b);
      bits(f, "|", type, "Bits set in either.", "32 | 3 -> 35", (a, b) -> a | b);
      bits(f, "#", type, "Bits set in one of the two.", "17 # 5 -> 20", (a, b) -> a ^ b);
      integer(f, "~", type, "All bits inverted.", "~ 1 -> -2", v -> ~v);
      int mask = type.length() * 8 - 1;
      shift(
          f,
          "<<",
          type,
          "Bits moved left.",
          "1 << 4 -> 16",
          (a, n) -> a << (n & Math.max(31, mask)));
      shift(
          f,
          ">>",
          type,
          "Bits moved right.",
          "8 >> 2 -> 2",
          (a, n) -> a >> (n & Math.max(31, mask)));
    }
    for (SimpleType type : List.of(INTEGER, SimpleType.BIGINT)) {
      function(f, "gcd", type, type, type)
          .mayFail()
          .describe("Greatest common divisor.")
          .example("gcd(1071, 462) -> 21")
          .runs(
              RowKernels.strict(
                  type,
                  (c, a, i, out) ->
                      NumberCasts.appendInteger(
                          gcd(Scalars.integerAt(a[0], i), Scalars.integerAt(a[1], i), type),
                          type,
                          out)));
      function(f, "lcm", type, type, type)
          .mayFail()
          .describe("Least common multiple.")
          .example("lcm(1071, 462) -> 23562")
          .runs(
              RowKernels.strict(
                  type,
                  (c, a, i, out) ->
                      NumberCasts.appendInteger(
                          lcm(Scalars.integerAt(a[0], i), Scalars.integerAt(a[1], i), type),
                          type,
                          out)));
    }
    f.define("factorial")
        .takes(SimpleType.BIGINT)
        .returns(SimpleType.NUMERIC)
        .mayFail()
        .describe("The product of the numbers from 1 to this one.")
        .example("factorial(5) -> 120")
        .runs(RowKernels.numerics((c, a, i) -> factorial(a[0].longAt(i))));
    f.define("width_bucket")
        .takes(ANY_NUMERIC, ANY_NUMERIC, ANY_NUMERIC, exact(INTEGER))
        .returns(INTEGER)
        .mayFail()
        .describe("The bucket of an equal division of a range that a number falls in.")
        .example("width_bucket(5.35, 0.024, 10.06, 5) -> 3")
        .runs(
            RowKernels.ints((c, a, i) ->
                NumericFunctions.widthBucket(
                    NumericColumns.read(a[0], i),
                    NumericColumns.read(a[1], i),
                    NumericColumns.read(a[2], i),
                    a[3].intAt(i))));
  }

  private static long gcd(long a, long b, SqlType type) {
    java.math.BigInteger divisor =
        java.math.BigInteger.valueOf(a).gcd(java.math.BigInteger.valueOf(b));
    if (divisor.bitLength() > 63) {
      throw Scalars.outOfRange(type);
    }
    return divisor.longValue();
  }

  private static long lcm(long a, long b, SqlType type) {
    java.math.BigInteger first = java.math.BigInteger.valueOf(a).abs();
    java.math.BigInteger second = java.math.BigInteger.valueOf(b).abs();
    if (first.signum() == 0 || second.signum() == 0) {
      return 0;
    }
    java.math.BigInteger multiple = first.divide(first.gcd(second)).multiply(second);
    if (multiple.bitLength() > 63) {
      throw Scalars.outOfRange(type);
    }
    return multiple.longValue();
  }

  private static PgNumeric factorial(long n) {
    if (n < 0) {
      throw new SqlException(
          ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE, "factorial of a negative number is undefined");
    }
    if (n > 32177) {
      throw new SqlException(
          ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE, "value overflows numeric format");
    }
    java.math.BigInteger product = java.math.BigInteger.ONE;
    for (long factor = 2; factor <= n; factor++) {
      product = product.multiply(java.math.BigInteger.valueOf(factor));
    }
    return PgNumeric.of(new java.math.BigDecimal(product));
  }

  private static void bits(
      FunctionDefinitions f,
      String name,
      SimpleType type,
      String description,
      String example,
      java.util.function.LongBinaryOperator operator) {
    function(f, name, type, type, type)
        .describe(description)
        .example(example)
        .runs(
            RowKernels.strict(
                type,
                (c, a, i, out) ->
                    NumberCasts.appendInteger(
                        operator.applyAsLong(
                            Scalars.integerAt(a[0], i), Scalars.integerAt(a[1], i)),
                        type,
                        out)));
  }

  private static void shift(
      FunctionDefinitions f,
      String name,
      SimpleType type,
      String description,
      String example,
      java.util.function.LongBinaryOperator operator) {
    function(f, name, type, type, INTEGER)
        .describe(description)
        .example(example)
        .runs(
            RowKernels.strict(
                type,
                (c, a, i, out) -> {
                  long result = operator.applyAsLong(Scalars.integerAt(a[0], i), a[1].intAt(i));
                  switch (type) {
                    case SMALLINT -> out.appendShort((short) result);
                    case INTEGER -> out.appendInt((int) result);
                    default -> out.appendLong(result);
                  }
                }));
  }

  private static void random(FunctionDefinitions f) {
    function(f, "random", DOUBLE)
        .unstable()
        .describe("A random number from 0 up to but not including 1.")
        .example("random() < 1.0::double precision -> t")
        .runs(RowKernels.doubles((c, a, i) -> (c.session().randomBits() >>> 11) * 0x1p-53));
    function(f, "gen_random_uuid", SimpleType.UUID)
        .unstable()
        .describe("A random UUID (version 4).")
        .example("length(gen_random_uuid()::text) -> 36")
        .runs(
            RowKernels.strict(
                SimpleType.UUID,
                (c, a, i, out) -> {
                  long high = (c.session().randomBits() & 0xFFFF_FFFF_FFFF_0FFFL) | 0x4000L;
                  long low =
                      (c.session().randomBits() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
                  out.append16(Long.reverseBytes(high), Long.reverseBytes(low));
                }));
  }
}
