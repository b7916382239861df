package dev.aevum.executor.function;

import static dev.aevum.executor.function.FunctionDefinitions.ANY;
import static dev.aevum.executor.function.FunctionDefinitions.ANY_ELEMENT;
import static dev.aevum.executor.function.FunctionDefinitions.exact;

import dev.aevum.executor.aggregate.CountSketch;
import dev.aevum.executor.aggregate.DistinctSketch;
import dev.aevum.executor.aggregate.MergeSketch;
import dev.aevum.executor.aggregate.MomentsSketch;
import dev.aevum.executor.aggregate.PercentileSketch;
import dev.aevum.executor.aggregate.TopSketch;
import dev.aevum.executor.sketch.Moments;
import dev.aevum.executor.sketch.TopValues;
import dev.aevum.model.type.SimpleType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Approximate aggregates, and the same in two steps: sketches that are stored and merged, and
/// [SketchReaders] that read them.
final class SketchFunctions {
  private static final SimpleType DOUBLE = SimpleType.DOUBLE;
  private static final SimpleType SKETCH = SimpleType.SKETCH;
  private static final SimpleType BIGINT = SimpleType.BIGINT;
  private static final int DEFAULT_TOP = 10;

  private SketchFunctions() {}

  static void define(FunctionDefinitions f) {
    distinct(f);
    percentiles(f);
    top(f);
    counts(f);
    f.define("stats_sketch")
        .takes(DOUBLE)
        .returns(SKETCH)
        .describe("A sketch of mean, variance, deviation, skewness and kurtosis; exact.")
        .example("stats_sketch(x) over (1, 2, 6) -> \\x5301060106000109000129000200e10002052100")
        .aggregates((types, result) -> new MomentsSketch(Moments.Shape.FOUR, null));
    f.define("stats_sketch")
        .takes(DOUBLE, DOUBLE)
        .returns(SKETCH)
        .describe("A sketch of two columns, y and x, for correlation and regression; exact.")
        .example(
            "stats_sketch(y, x) over ((1, 1), (2, 4), (3, 6)) -> \\x530106020600010302010702010b00013500011b00")
        .aggregates((types, result) -> new MomentsSketch(Moments.Shape.PAIR, null));
    f.define("merge")
        .takes(SKETCH)
        .mayFail()
        .describe("The sketch of all rows behind the sketches, which must be of one kind.")
        .example(
            "merge(x) over ('\\x5301010001d70c01', '\\x5301010001891801') -> \\x5301010002d70c01b20b01")
        .aggregates((types, result) -> new MergeSketch());
    SketchReaders.define(f);
  }

  private static void distinct(FunctionDefinitions f) {
    f.define("approx_count_distinct")
        .takes(ANY)
        .returns(BIGINT)
        .describe(
            "About how many distinct values there are, NULL not counted: HyperLogLog, standard error 1.6 %; exact over rows that change.")
        .example("approx_count_distinct(x) over (1, 2, 2, NULL, 3) -> 3")
        .aggregates((types, result) -> new DistinctSketch(types.get(0), true));
    f.define("hll_sketch")
        .takes(ANY)
        .returns(SKETCH)
        .describe("A sketch of the distinct values.")
        .example("hll_sketch(x) over (1, 2) -> \\x5301010002d70c01b20b01")
        .aggregates((types, result) -> new DistinctSketch(types.get(0), false));
  }

  private static void percentiles(FunctionDefinitions f) {
    f.define("approx_percentile")
        .takes(DOUBLE, DOUBLE)
        .constants(List.of("q", ""), SketchFunctions::checkFraction)
        .describe(
            "The value at or below which the share q of values lies, within 1 % of the value. NaN and infinity do not count.")
        .example("approx_percentile(0.5, x) over (10, 20, 30) -> 20.125")
        .aggregatesWith((t, c, r) -> new PercentileSketch(false, fraction(c)));
    f.define("approx_percentile")
        .takes(exact(DOUBLE), exact(DOUBLE), exact(SimpleType.TEXT))
        .constants(
            List.of("q", "", "method"),
            values -> {
              String complaint = checkFraction(values);
              return complaint != null ? complaint : checkMethod(values.get(2));
            })
        .describe(
            "The same; with method => 'rank' within 1.65 % of the rank, whatever the values are.")
        .example("approx_percentile(0.5, x, 'rank') over (10, 20, 30) -> 20")
        .aggregatesWith((t, c, r) -> new PercentileSketch("rank".equals(c.get(2)), fraction(c)));
    f.define("percentile_sketch")
        .takes(DOUBLE)
        .returns(SKETCH)
        .describe("A sketch of percentiles by value.")
        .example("percentile_sketch(x) over (1, -2, 3) -> \\x530102000281ff0302600201c1ff0302")
        .aggregates((types, result) -> new PercentileSketch(false, Double.NaN));
    f.define("percentile_sketch")
        .takes(exact(DOUBLE), exact(SimpleType.TEXT))
        .returns(SKETCH)
        .constants(List.of("", "method"), values -> checkMethod(values.get(1)))
        .describe("A sketch of percentiles, by value or with method => 'rank' by rank.")
        .example(
            "percentile_sketch(x, 'rank') over (1, 2) -> \\x5301030201000000000000000102000000000000f03f0000000000000040")
        .aggregatesWith((t, c, r) -> new PercentileSketch("rank".equals(c.get(1)), Double.NaN));
  }

  private static double fraction(List<? extends @Nullable Object> constants) {
    return (Double) StatisticFunctions.value(constants, 0);
  }

  private static @Nullable String checkFraction(List<? extends @Nullable Object> values) {
    return values.get(0) instanceof Double q && q >= 0 && q <= 1 ? null : "q must be 0 to 1";
  }

  private static @Nullable String checkMethod(@Nullable Object method) {
    return "value".equals(method) || "rank".equals(method)
        ? null
        : "method must be 'value' or 'rank'";
  }

  private static void top(FunctionDefinitions f) {
    f.define("approx_top_k")
        .takes(ANY, exact(SimpleType.INTEGER))
        .returns(SimpleType.JSONB)
        .constants(List.of("", "k"), SketchFunctions::checkTop)
        .describe(
            "The k most frequent values with their counts, each too high by at most its excess: 10 k counters; exact over rows that change.")
        .example(
            "approx_top_k(x, 1) over ('a', 'b', 'a') -> [{\"count\": 2, \"value\": \"a\", \"excess\": 0}]")
        .aggregatesWith((t, c, r) -> new TopSketch(t.get(0), wanted(c), true, false));
    f.define("topk_sketch")
        .takes(ANY)
        .returns(SKETCH)
        .describe("A sketch of the 10 most frequent values.")
        .example("topk_sketch(x) over ('a', 'b', 'a') -> \\x5301040a640202736102000273620100")
        .aggregates((types, result) -> new TopSketch(types.get(0), DEFAULT_TOP, false, false));
    f.define("topk_sketch")
        .takes(ANY, exact(SimpleType.INTEGER))
        .returns(SKETCH)
        .constants(List.of("", "k"), SketchFunctions::checkTop)
        .describe("A sketch of the k most frequent values.")
        .example("topk_sketch(x, 2) over ('a', 'b', 'a') -> \\x53010402140202736102000273620100")
        .aggregatesWith((t, c, r) -> new TopSketch(t.get(0), wanted(c), false, false));
  }

  private static int wanted(List<? extends @Nullable Object> constants) {
    return Math.toIntExact((Long) StatisticFunctions.value(constants, 1));
  }

  private static @Nullable String checkTop(List<? extends @Nullable Object> values) {
    return values.get(1) instanceof Long k && k > 0 && k <= TopValues.MOST
        ? null
        : "k must be 1 to " + TopValues.MOST;
  }

  private static void counts(FunctionDefinitions f) {
    f.define("approx_count")
        .takes(ANY_ELEMENT, ANY_ELEMENT)
        .returns(BIGINT)
        .constants(List.of("", "value"), values -> null)
        .describe(
            "About how often a value occurs: never too low, too high by at most 0.14 % of the rows.")
        .example("approx_count(x, 2) over (1, 2, 2) -> 2")
        .aggregatesWith((t, c, r) -> new CountSketch(t.get(0), c.get(1)));
    f.define("count_sketch")
        .takes(ANY)
        .returns(SKETCH)
        .describe("A sketch of how often each value occurs.")
        .example("count_sketch(x) over (7, 7) -> \\x5301050405990104ec1704a70c04cc0c04fb0e04")
        .aggregates((types, result) -> new CountSketch(types.get(0), null));
  }
}
