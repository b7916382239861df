package dev.aevum.executor.function;

import static dev.aevum.executor.function.FunctionDefinitions.ANY_NUMERIC;

import dev.aevum.executor.kernel.Kernel;
import dev.aevum.executor.numeric.PgNumeric;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `+ - * / %` of numbers. Integers fail when the result does not fit their type; decimals get a
/// type that has room, or become numeric; division of decimals is numeric, with the digits
/// PostgreSQL shows.
final class ArithmeticFunctions {
  private static final List<SimpleType> INTEGERS =
      List.of(SimpleType.SMALLINT, SimpleType.INTEGER, SimpleType.BIGINT);
  private static final List<SimpleType> FLOATS = List.of(SimpleType.REAL, SimpleType.DOUBLE);

  private ArithmeticFunctions() {}

  static void define(FunctionDefinitions f) {
    integers(f, "+", IntegerOperator.ADD, "Sum.", "2 + 3 -> 5");
    integers(f, "-", IntegerOperator.SUBTRACT, "Difference.", "2 - 3 -> -1");
    integers(f, "*", IntegerOperator.MULTIPLY, "Product.", "2 * 3 -> 6");
    integers(f, "/", IntegerOperator.DIVIDE, "Quotient, cut towards zero.", "-7 / 2 -> -3");
    integers(f, "%", IntegerOperator.MODULO, "Remainder, signed as the dividend.", "-7 % 2 -> -1");
    integers(
        f, "mod", IntegerOperator.MODULO, "Remainder, signed as the dividend.", "mod(7, 4) -> 3");
    decimals(f);
    floats(f, "+", FloatKernels.Operator.ADD, "Sum.", "0.5::double precision + 0.25 -> 0.75");
    floats(f, "-", FloatKernels.Operator.SUBTRACT, "Difference.", "0.5::real - 0.25::real -> 0.25");
    floats(f, "*", FloatKernels.Operator.MULTIPLY, "Product.", "0.5::double precision * 4 -> 2");
    floats(f, "/", FloatKernels.Operator.DIVIDE, "Quotient.", "1::double precision / 4 -> 0.25");
  }

  private static void integers(
      FunctionDefinitions f,
      String name,
      IntegerOperator operator,
      String description,
      String example) {
    for (SimpleType type : INTEGERS) {
      f.define(name)
          .takes(type, type)
          .returns(type)
          .mayFail()
          .describe(description)
          .example(example)
          .runs((types, result) -> IntegerKernels.kernel(operator, type));
    }
  }

  private static void floats(
      FunctionDefinitions f,
      String name,
      FloatKernels.Operator operator,
      String description,
      String example) {
    for (SimpleType type : FLOATS) {
      f.define(name)
          .takes(type, type)
          .returns(type)
          .mayFail()
          .describe(description)
          .example(example)
          .runs((types, result) -> FloatKernels.kernel(operator, type));
    }
  }

  private static void decimals(FunctionDefinitions f) {
    f.define("+")
        .takes(ANY_NUMERIC, ANY_NUMERIC)
        .returns(types -> exactOrNumeric(types, true))
        .mayFail()
        .describe("Exact sum.")
        .example("1.5 + 2.25 -> 3.75")
        .runs((types, result) -> sum(DecimalKernels.Sum.ADD, types, result));
    f.define("-")
        .takes(ANY_NUMERIC, ANY_NUMERIC)
        .returns(types -> exactOrNumeric(types, true))
        .mayFail()
        .describe("Exact difference.")
        .example("1.5 - 2.25 -> -0.75")
        .runs((types, result) -> sum(DecimalKernels.Sum.SUBTRACT, types, result));
    f.define("*")
        .takes(ANY_NUMERIC, ANY_NUMERIC)
        .returns(types -> exactOrNumeric(types, false))
        .mayFail()
        .describe("Exact product.")
        .example("1.5 * 0.50 -> 0.750")
        .runs((types, result) ->
            result instanceof DecimalType d && allDecimal(types)
                ? DecimalKernels.product(d)
                : NumericKernels.binary(PgNumeric::multiply));
    f.define("/")
        .takes(ANY_NUMERIC, ANY_NUMERIC)
        .returns(SimpleType.NUMERIC)
        .mayFail()
        .describe("Quotient with at least 16 significant digits.")
        .example("2.0 / 3 -> 0.66666666666666666667")
        .runs(NumericKernels.binary(PgNumeric::divide));
    for (String name : List.of("%", "mod")) {
      f.define(name)
          .takes(ANY_NUMERIC, ANY_NUMERIC)
          .returns(SimpleType.NUMERIC)
          .mayFail()
          .describe("Remainder, signed as the dividend.")
          .example(name.equals("%") ? "5.5 % 2 -> 1.5" : "mod(5.5, 2) -> 1.5")
          .runs(NumericKernels.binary(PgNumeric::remainder));
    }
  }

  private static Kernel sum(DecimalKernels.Sum operator, List<SqlType> types, SqlType result) {
    if (result instanceof DecimalType d
        && types.get(0) instanceof DecimalType left
        && types.get(1) instanceof DecimalType right) {
      return DecimalKernels.sum(operator, left, right, d);
    }
    return NumericKernels.binary(
        operator == DecimalKernels.Sum.ADD ? PgNumeric::add : PgNumeric::subtract);
  }

  static boolean allDecimal(List<SqlType> types) {
    return types.stream().allMatch(t -> t instanceof DecimalType);
  }

  private static SqlType exactOrNumeric(List<SqlType> types, boolean sum) {
    if (types.get(0) instanceof DecimalType a && types.get(1) instanceof DecimalType b) {
      @Nullable DecimalType type =
          sum ? DecimalKernels.sumType(a, b) : DecimalKernels.productType(a, b);
      return type == null ? SimpleType.NUMERIC : type;
    }
    return SimpleType.NUMERIC;
  }
}
