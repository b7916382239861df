package dev.aevum.executor.function;

import static dev.aevum.executor.function.FunctionDefinitions.ANY;
import static dev.aevum.executor.function.FunctionDefinitions.ANY_NUMERIC;
import static dev.aevum.executor.function.FunctionDefinitions.exact;

import dev.aevum.executor.aggregate.Aggregates;
import dev.aevum.executor.aggregate.ArrayAggregate;
import dev.aevum.executor.aggregate.BooleanAggregate;
import dev.aevum.executor.aggregate.CountAggregate;
import dev.aevum.executor.aggregate.ExtremeAggregate;
import dev.aevum.executor.aggregate.MomentsSketch;
import dev.aevum.executor.aggregate.Statistic;
import dev.aevum.executor.aggregate.StringAggregate;
import dev.aevum.executor.aggregate.VarianceAggregate;
import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.function.FunctionSignature.ArgumentType;
import java.util.ArrayList;
import java.util.List;

/// count, sum, avg, min, max and their kin. Examples are over the rows of a VALUES list.
final class AggregateFunctions {
  private AggregateFunctions() {}

  static void define(FunctionDefinitions f) {
    f.define("count")
        .returns(SimpleType.BIGINT)
        .lenient()
        .describe("Number of rows: count(*).")
        .example("count(*) over (1, NULL, 3) -> 3")
        .aggregates((types, result) -> new CountAggregate());
    f.define("count")
        .takes(ANY)
        .returns(SimpleType.BIGINT)
        .describe("Number of rows where the argument is not NULL.")
        .example("count(x) over (1, NULL, 3) -> 2")
        .aggregates((types, result) -> new CountAggregate());
    sums(f);
    extremes(f);
    for (String name : List.of("bool_and", "every")) {
      f.define(name)
          .takes(SimpleType.BOOLEAN)
          .describe("Whether all non-NULL values are true.")
          .example(name + "(x) over (true, NULL, false) -> f")
          .aggregates((types, result) -> new BooleanAggregate(true));
    }
    collections(f);
    variance(f, "var_pop", false, false, "0.66666666666666666667", "0.6666666666666666");
    variance(f, "var_samp", true, false, "1.00000000000000000000", "1");
    variance(f, "variance", true, false, "1.00000000000000000000", "1");
    variance(f, "stddev_pop", false, true, "0.81649658092772603273", "0.816496580927726");
    variance(f, "stddev_samp", true, true, "1.00000000000000000000", "1");
    variance(f, "stddev", true, true, "1.00000000000000000000", "1");
    f.define("bool_or")
        .takes(SimpleType.BOOLEAN)
        .describe("Whether some value is true.")
        .example("bool_or(x) over (true, NULL, false) -> t")
        .aggregates((types, result) -> new BooleanAggregate(false));
  }

  private static void collections(FunctionDefinitions f) {
    f.define("array_agg")
        .takes(FunctionDefinitions.ANY_ELEMENT)
        .returns(types -> new ArrayType(types.get(0)))
        .lenient()
        .describe("All values as an array, NULLs included; ad-hoc queries only.")
        .example("array_agg(x) over (1, NULL, 3) -> {1,NULL,3}")
        .aggregates((types, result) -> new ArrayAggregate(types.get(0)));
    for (SimpleType type : List.of(SimpleType.TEXT, SimpleType.BYTEA)) {
      f.define("string_agg")
          .takes(type, type)
          .returns(type)
          .lenient()
          .describe("The non-NULL values, separated; ad-hoc queries only.")
          .example(
              type == SimpleType.TEXT
                  ? "string_agg(x) over ('a', NULL, 'b') -> a,b"
                  : "string_agg(x) over ('\\x01', '\\x02') -> \\x012c02")
          .aggregates((types, result) -> new StringAggregate(type));
    }
  }

  private static void variance(
      FunctionDefinitions f,
      String name,
      boolean sample,
      boolean deviation,
      String shown,
      String shownFloating) {
    String description =
        (deviation ? "Standard deviation" : "Variance")
            + (sample ? " of a sample." : " of a population.");
    List<ArgumentType> types = new ArrayList<>();
    for (SimpleType type : List.of(SimpleType.SMALLINT, SimpleType.INTEGER, SimpleType.BIGINT)) {
      types.add(exact(type));
    }
    types.add(ANY_NUMERIC);
    for (ArgumentType type : types) {
      f.define(name)
          .takes(type)
          .returns(SimpleType.NUMERIC)
          .describe(description)
          .example(name + "(x) over (1, NULL, 2, 3) -> " + shown)
          .aggregates((actual, result) -> new VarianceAggregate(actual.get(0), sample, deviation));
    }
    Statistic statistic =
        deviation
            ? sample ? Statistic.STDDEV_SAMP : Statistic.STDDEV_POP
            : sample ? Statistic.VAR_SAMP : Statistic.VAR_POP;
    f.define(name)
        .takes(SimpleType.DOUBLE)
        .describe(description)
        .example(name + "(x) over (1, NULL, 2, 3) -> " + shownFloating)
        .aggregates((actual, result) -> new MomentsSketch(statistic.shape(), statistic));
  }

  private static void sums(FunctionDefinitions f) {
    for (SimpleType type : List.of(SimpleType.SMALLINT, SimpleType.INTEGER)) {
      sum(f, exact(type), SimpleType.BIGINT, "sum(x) over (1, NULL, 3) -> 4");
    }
    sum(f, exact(SimpleType.BIGINT), new DecimalType(38, 0), "sum(x) over (1, NULL, 3) -> 4");
    f.define("sum")
        .takes(ANY_NUMERIC)
        .returns(types -> decimalSum(types.get(0)))
        .describe("Exact sum of the non-NULL values; NULL when there is none.")
        .example("sum(x) over (1.50, NULL, 3.25) -> 4.75")
        .aggregates((types, result) -> Aggregates.sum(types.get(0), result));
    sum(f, exact(SimpleType.REAL), SimpleType.REAL, "sum(x) over (0.5, NULL, 0.25) -> 0.75");
    sum(f, exact(SimpleType.DOUBLE), SimpleType.DOUBLE, "sum(x) over (0.1, 0.2, -0.1) -> 0.2");
    sum(
        f,
        exact(SimpleType.INTERVAL),
        SimpleType.INTERVAL,
        "sum(x) over ('1 day', '2 hours') -> 1 day 02:00:00");
    for (SimpleType type : List.of(SimpleType.REAL, SimpleType.DOUBLE)) {
      average(f, exact(type), SimpleType.DOUBLE, "avg(x) over (1, NULL, 2) -> 1.5");
    }
    average(
        f,
        exact(SimpleType.INTERVAL),
        SimpleType.INTERVAL,
        "avg(x) over ('1 day', '2 days') -> 1 day 12:00:00");
    for (SimpleType type : List.of(SimpleType.SMALLINT, SimpleType.INTEGER, SimpleType.BIGINT)) {
      average(f, exact(type), SimpleType.NUMERIC, "avg(x) over (1, NULL, 2) -> 1.5000000000000000");
    }
    average(
        f, ANY_NUMERIC, SimpleType.NUMERIC, "avg(x) over (1.0, NULL, 2.0) -> 1.5000000000000000");
  }

  private static SqlType decimalSum(SqlType argument) {
    return argument instanceof DecimalType d && d.precision() <= DecimalType.MAX_SHORT_PRECISION
        ? new DecimalType(DecimalType.MAX_PRECISION, d.scale())
        : SimpleType.NUMERIC;
  }

  private static void sum(
      FunctionDefinitions f, ArgumentType argument, SqlType result, String example) {
    f.define("sum")
        .takes(argument)
        .returns(result)
        .mayFail()
        .describe("Exact sum of the non-NULL values; NULL when there is none.")
        .example(example)
        .aggregates((types, type) -> Aggregates.sum(types.get(0), type));
  }

  private static void average(
      FunctionDefinitions f, ArgumentType argument, SqlType result, String example) {
    f.define("avg")
        .takes(argument)
        .returns(result)
        .describe("Arithmetic mean of the non-NULL values; NULL when there is none.")
        .example(example)
        .aggregates((types, type) -> Aggregates.average(types.get(0), type));
  }

  private static void extremes(FunctionDefinitions f) {
    for (SimpleType type : List.of(SimpleType.SMALLINT, SimpleType.INTEGER, SimpleType.BIGINT)) {
      extreme(f, exact(type), "2", "3");
    }
    extreme(f, exact(SimpleType.REAL), "2.5", "3.5");
    extreme(f, exact(SimpleType.DOUBLE), "2.5", "3.5");
    extreme(f, exact(SimpleType.OID), "2", "3");
    extreme(f, ANY_NUMERIC, "2.50", "3.50");
    extreme(f, exact(SimpleType.TEXT), "a", "b");
    extreme(f, exact(SimpleType.BYTEA), "\\x01", "\\x02");
    extreme(f, exact(SimpleType.DATE), "2024-01-01", "2024-01-02");
    extreme(f, exact(SimpleType.TIME), "09:00:00", "10:00:00");
    extreme(f, exact(SimpleType.TIMESTAMP), "2024-01-01 00:00:00", "2024-01-02 00:00:00");
    extreme(f, exact(SimpleType.TIMESTAMPTZ), "2024-01-01 00:00:00+00", "2024-01-02 00:00:00+00");
    extreme(f, exact(SimpleType.INTERVAL), "1 day", "1 mon");
    extreme(
        f,
        exact(SimpleType.UUID),
        "00000000-0000-0000-0000-000000000001",
        "00000000-0000-0000-0000-000000000002");
    extreme(f, FunctionDefinitions.ANY_ARRAY, "{1}", "{2}");
  }

  private static void extreme(FunctionDefinitions f, ArgumentType type, String low, String high) {
    boolean number =
        Character.isDigit(low.charAt(0))
            && low.indexOf('-') < 0
            && !low.contains(":")
            && low.indexOf(' ') < 0;
    String quote = number ? "" : "'";
    String over = "(x) over (" + quote + low + quote + ", " + quote + high + quote + ") -> ";
    f.define("min")
        .takes(type)
        .describe("Least non-NULL value; NULL when there is none.")
        .example("min" + over + low)
        .aggregates((actual, result) -> new ExtremeAggregate(actual.get(0), false));
    f.define("max")
        .takes(type)
        .describe("Greatest non-NULL value; NULL when there is none.")
        .example("max" + over + high)
        .aggregates((actual, result) -> new ExtremeAggregate(actual.get(0), true));
  }
}
