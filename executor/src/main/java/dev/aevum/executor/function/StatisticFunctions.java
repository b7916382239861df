package dev.aevum.executor.function;

import static dev.aevum.executor.function.FunctionDefinitions.ANY_ELEMENT;
import static dev.aevum.executor.function.FunctionDefinitions.exact;

import dev.aevum.executor.aggregate.EdgeAggregate;
import dev.aevum.executor.aggregate.EwmaAggregate;
import dev.aevum.executor.aggregate.HistogramSketch;
import dev.aevum.executor.aggregate.ModeAggregate;
import dev.aevum.executor.aggregate.MomentsSketch;
import dev.aevum.executor.aggregate.PairCountAggregate;
import dev.aevum.executor.aggregate.Statistic;
import dev.aevum.executor.aggregate.TimeAggregate;
import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.IntervalValue;
import dev.aevum.model.type.SimpleType;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Exact statistics, all of which take rows back.
final class StatisticFunctions {
  private static final SimpleType DOUBLE = SimpleType.DOUBLE;
  private static final double MOST_MICROS = 1e18;
  private static final int MOST_BUCKETS = 10_000;

  private StatisticFunctions() {}

  static void define(FunctionDefinitions f) {
    pairs(f);
    one(f, Statistic.SKEWNESS, "Skewness of a population; NULL where all values are equal.")
        .example("skewness(x) over (1, 2, 6) -> 0.5951700641394974")
        .aggregates((t, r) -> new MomentsSketch(Statistic.SKEWNESS.shape(), Statistic.SKEWNESS));
    one(
            f,
            Statistic.KURTOSIS,
            "Kurtosis of a population less the 3 of a normal distribution; NULL where all values are equal.")
        .example("kurtosis(x) over (1, 2, 3, 4) -> -1.36")
        .aggregates((t, r) -> new MomentsSketch(Statistic.KURTOSIS.shape(), Statistic.KURTOSIS));
    byTime(f);
    ewma(f);
    frequencies(f);
  }

  private static FunctionDefinitions.Definition one(
      FunctionDefinitions f, Statistic statistic, String description) {
    return f.define(name(statistic)).takes(DOUBLE).describe(description);
  }

  private static String name(Statistic statistic) {
    return statistic.name().toLowerCase(Locale.ROOT);
  }

  private static void pairs(FunctionDefinitions f) {
    f.define("regr_count")
        .takes(DOUBLE, DOUBLE)
        .returns(SimpleType.BIGINT)
        .describe("Rows where neither of y and x is NULL.")
        .example("regr_count(y, x) over ((1, 2), (NULL, 3), (2, 4)) -> 2")
        .aggregates((types, result) -> new PairCountAggregate());
    pair(
        f,
        Statistic.CORR,
        "Correlation of y and x; NULL where one is constant.",
        "0.9933992677987828");
    pair(f, Statistic.COVAR_POP, "Covariance of a population.", "1.6666666666666667");
    pair(f, Statistic.COVAR_SAMP, "Covariance of a sample.", "2.5");
    pair(f, Statistic.REGR_AVGX, "Mean of x, the second argument.", "3.6666666666666665");
    pair(f, Statistic.REGR_AVGY, "Mean of y, the first argument.", "2");
    pair(
        f,
        Statistic.REGR_SXX,
        "Sum of squared distances of x from its mean.",
        "12.666666666666666");
    pair(f, Statistic.REGR_SYY, "Sum of squared distances of y from its mean.", "2");
    pair(f, Statistic.REGR_SXY, "Sum of products of both distances.", "5");
    pair(
        f,
        Statistic.REGR_SLOPE,
        "Slope of the line of least squares, y by x.",
        "0.39473684210526316");
    pair(f, Statistic.REGR_INTERCEPT, "Where that line has x = 0.", "0.5526315789473685");
    pair(f, Statistic.REGR_R2, "Square of the correlation.", "0.9868421052631579");
  }

  /// Over the rows (1, 1), (2, 4), (3, 6).
  private static void pair(
      FunctionDefinitions f, Statistic statistic, String description, String shown) {
    f.define(name(statistic))
        .takes(DOUBLE, DOUBLE)
        .describe(description)
        .example(name(statistic) + "(y, x) over ((1, 1), (2, 4), (3, 6)) -> " + shown)
        .aggregates((types, result) -> new MomentsSketch(statistic.shape(), statistic));
  }

  private static void byTime(FunctionDefinitions f) {
    for (SimpleType time : List.of(SimpleType.TIMESTAMP, SimpleType.TIMESTAMPTZ)) {
      f.define("time_weighted_avg")
          .takes(DOUBLE, time)
          .describe(
              "Mean of a value that holds until the next row's time, from the first time to the last.")
          .example(
              "time_weighted_avg(x, ts) over ((1, '2024-01-01 00:00'), (4, '2024-01-01 00:02'), (9, '2024-01-01 00:03')) -> 2")
          .aggregates((types, result) -> new TimeAggregate(false));
      f.define("rate")
          .takes(DOUBLE, time)
          .describe(
              "Increase of a counter a second, by time; a counter that falls has begun anew at 0. NULL for one time only.")
          .example(
              "rate(x, ts) over ((10, '2024-01-01 00:00:00'), (30, '2024-01-01 00:00:10'), (5, '2024-01-01 00:00:20')) -> 1.25")
          .aggregates((types, result) -> new TimeAggregate(true));
      f.define("first")
          .takes(ANY_ELEMENT, exact(time))
          .describe("The value at the first time; rows with NULLs do not count.")
          .example("first(x, ts) over ((1, '2024-01-02'), (2, '2024-01-01')) -> 2")
          .aggregates((types, result) -> new EdgeAggregate(types.get(0), true));
      f.define("last")
          .takes(ANY_ELEMENT, exact(time))
          .describe("The value at the last time; rows with NULLs do not count.")
          .example("last(x, ts) over ((1, '2024-01-02'), (2, '2024-01-01')) -> 1")
          .aggregates((types, result) -> new EdgeAggregate(types.get(0), false));
    }
  }

  private static void ewma(FunctionDefinitions f) {
    f.define("ewma")
        .takes(DOUBLE, DOUBLE)
        .constants(
            List.of("", "half_life"),
            values -> positive(values.get(1)) ? null : "half_life must be above 0")
        .describe(
            "Mean with weights that halve every `half_life` rows back from the last, in the order of the call or window: ewma(x, 10 ORDER BY ts).")
        .example("ewma(x, 1 ORDER BY x) over (1, 2, 3) -> 2.4285714285714284")
        .aggregatesWith((t, c, r) -> new EwmaAggregate((Double) value(c, 1), Double.NaN));
    f.define("ewma")
        .takes(DOUBLE, SimpleType.INTERVAL)
        .constants(
            List.of("", "half_life"),
            values ->
                micros(values.get(1)) > 0
                    ? null
                    : "half_life must be a positive interval without months")
        .describe(
            "Mean with weights that halve every `half_life` of time back from the last row: ewma(x, INTERVAL '5 minutes' ORDER BY ts).")
        .example("ewma(x, '1 second' ORDER BY x) over (1) -> 1")
        .aggregatesWith((t, c, r) -> new EwmaAggregate(Double.NaN, micros(c.get(1))));
  }

  static Object value(List<? extends @Nullable Object> constants, int index) {
    return java.util.Objects.requireNonNull(constants.get(index));
  }

  private static boolean positive(@Nullable Object value) {
    return value instanceof Double d && d > 0 && Double.isFinite(d);
  }

  /// 0 where the interval has no fixed length.
  private static double micros(@Nullable Object value) {
    if (!(value instanceof IntervalValue i) || i.months() != 0) {
      return 0;
    }
    double micros = (double) i.days() * IntervalValue.MICROS_PER_DAY + i.micros();
    return micros < MOST_MICROS ? micros : 0;
  }

  private static void frequencies(FunctionDefinitions f) {
    f.define("mode")
        .takes(ANY_ELEMENT)
        .describe("The most frequent value; of several the least.")
        .example("mode(x) over (2, 1, 2, 3) -> 2")
        .aggregates((types, result) -> new ModeAggregate(types.get(0), false));
    f.define("entropy")
        .takes(FunctionDefinitions.ANY)
        .returns(DOUBLE)
        .describe("Information of a value in bits, by how often each occurs.")
        .example("entropy(x) over (1, 1, 2, 2) -> 1")
        .aggregates((types, result) -> new ModeAggregate(types.get(0), true));
    f.define("histogram")
        .takes(DOUBLE, DOUBLE, DOUBLE, SimpleType.INTEGER)
        .returns(new ArrayType(SimpleType.BIGINT))
        .constants(List.of("", "lo", "hi", "buckets"), StatisticFunctions::checkHistogram)
        .describe(
            "How many values lie in each of `buckets` ranges of equal width from lo to hi, with those below in front and those at or above hi behind.")
        .example("histogram(x, 0, 10, 2) over (-1, 0, 4, 5, 10) -> {1,2,1,1}")
        .aggregatesWith((t, c, r) ->
            new HistogramSketch(
                (Double) value(c, 1), (Double) value(c, 2), Math.toIntExact((Long) value(c, 3))));
  }

  private static @Nullable String checkHistogram(List<? extends @Nullable Object> values) {
    boolean finite =
        values.get(1) instanceof Double lo
            && values.get(2) instanceof Double hi
            && Double.isFinite(lo)
            && Double.isFinite(hi)
            && lo < hi;
    if (!finite) {
      return "lo must be below hi, and both be finite";
    }
    return values.get(3) instanceof Long n && n > 0 && n <= MOST_BUCKETS
        ? null
        : "buckets must be 1 to " + MOST_BUCKETS;
  }
}
