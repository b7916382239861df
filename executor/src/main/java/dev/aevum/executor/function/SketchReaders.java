package dev.aevum.executor.function;

import static dev.aevum.executor.function.FunctionDefinitions.ANY;
import static dev.aevum.executor.function.FunctionDefinitions.exact;

import dev.aevum.executor.aggregate.MomentsSketch;
import dev.aevum.executor.aggregate.Statistic;
import dev.aevum.executor.aggregate.TopSketch;
import dev.aevum.executor.aggregate.ValueHashes;
import dev.aevum.executor.kernel.Kernel;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.executor.sketch.CountMin;
import dev.aevum.executor.sketch.HyperLogLog;
import dev.aevum.executor.sketch.Moments;
import dev.aevum.executor.sketch.RankSketch;
import dev.aevum.executor.sketch.Sketch;
import dev.aevum.executor.sketch.Sketches;
import dev.aevum.executor.sketch.TopValues;
import dev.aevum.executor.sketch.ValueBuckets;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.SimpleType;
import java.util.Locale;

/// What is read from sketches. Bytes that are no sketch are error 22P03, a sketch of another kind
/// is 22023.
final class SketchReaders {
  private static final SimpleType DOUBLE = SimpleType.DOUBLE;
  private static final SimpleType SKETCH = SimpleType.SKETCH;
  private static final String ONE = "'\\x5301060106000109000129000200e10002052100'::sketch";
  private static final String PAIR = "'\\x530106020600010302010702010b00013500011b00'::sketch";

  private SketchReaders() {}

  static void define(FunctionDefinitions f) {
    f.define("distinct_count")
        .takes(SKETCH)
        .returns(SimpleType.BIGINT)
        .mayFail()
        .describe("About how many distinct values are in a sketch of hll_sketch.")
        .example("distinct_count('\\x5301010002d70c01b20b01'::sketch) -> 2")
        .runs(
            RowKernels.longs(
                SimpleType.BIGINT,
                (c, a, i) -> read(a[0], i, HyperLogLog.class, "distinct_count").estimate()));
    percentiles(f);
    f.define("top")
        .takes(SKETCH)
        .returns(SimpleType.JSONB)
        .mayFail()
        .describe(
            "The most frequent values in a sketch of topk_sketch, with counts and their possible excess.")
        .example(
            "top('\\x53010402140202736102000273620100'::sketch) -> [{\"count\": 2, \"value\": \"a\", \"excess\": 0}, {\"count\": 1, \"value\": \"b\", \"excess\": 0}]")
        .runs(
            RowKernels.text(
                SimpleType.JSONB,
                (c, a, i) -> TopSketch.json(read(a[0], i, TopValues.class, "top").top())));
    f.define("frequency")
        .takes(exact(SKETCH), ANY)
        .returns(SimpleType.BIGINT)
        .mayFail()
        .describe(
            "About how often a value occurs in a sketch of count_sketch; of the type it was made of.")
        .example("frequency('\\x5301050405990104ec1704a70c04cc0c04fb0e04'::sketch, 7) -> 2")
        .runs((types, result) -> frequency(new ValueHashes(types.get(1))));
    statistics(f);
  }

  private static void percentiles(FunctionDefinitions f) {
    f.define("percentile")
        .takes(SKETCH, DOUBLE)
        .returns(DOUBLE)
        .mayFail()
        .describe("The value at or below which the share q of a sketch of percentile_sketch lies.")
        .example("percentile('\\x530102000281ff0302600201c1ff0302'::sketch, 0.5) -> 1.0078125")
        .runs(
            RowKernels.strict(
                DOUBLE,
                (c, a, i, out) -> {
                  double q = a[1].doubleAt(i);
                  if (!(q >= 0 && q <= 1)) {
                    throw new SqlException(
                        ErrorCode.INVALID_PARAMETER_VALUE, "percentile: q must be 0 to 1");
                  }
                  Sketch sketch = Sketches.decode(a[0].bytesAt(i));
                  append(
                      sketch instanceof RankSketch r
                          ? r.percentile(q)
                          : as(sketch, ValueBuckets.class, "percentile").percentile(q),
                      out);
                }));
    f.define("rank")
        .takes(SKETCH, DOUBLE)
        .returns(DOUBLE)
        .mayFail()
        .describe("The share of values at or below one in a sketch of percentile_sketch.")
        .example("rank('\\x530102000281ff0302600201c1ff0302'::sketch, 1) -> 0.6666666666666666")
        .runs(
            RowKernels.strict(
                DOUBLE,
                (c, a, i, out) -> {
                  Sketch sketch = Sketches.decode(a[0].bytesAt(i));
                  append(
                      sketch instanceof RankSketch r
                          ? r.rank(a[1].doubleAt(i))
                          : as(sketch, ValueBuckets.class, "rank").rank(a[1].doubleAt(i)),
                      out);
                }));
  }

  /// NULL for NaN: an empty sketch.
  private static void append(double value, ColumnWriter out) {
    if (Double.isNaN(value)) {
      out.appendNull();
    } else {
      out.appendDouble(value);
    }
  }

  private static Kernel frequency(ValueHashes hashes) {
    return (context, arguments, rows) -> {
      long[] hash = hashes.of(arguments[1], Selection.all(rows.size()));
      return RowKernels.longs(
              SimpleType.BIGINT,
              (c, a, i) -> read(a[0], i, CountMin.class, "frequency").estimate(hash[i]))
          .evaluate(context, arguments, rows);
    };
  }

  private static void statistics(FunctionDefinitions f) {
    f.define("mean")
        .takes(SKETCH)
        .returns(DOUBLE)
        .mayFail()
        .describe("Mean of the first column of a sketch of stats_sketch.")
        .example("mean('\\x5301060106000109000129000200e10002052100'::sketch) -> 3")
        .runs(
            RowKernels.strict(
                DOUBLE,
                (c, a, i, out) -> {
                  Moments moments = read(a[0], i, Moments.class, "mean");
                  if (moments.count() <= 0) {
                    out.appendNull();
                  } else {
                    out.appendDouble(moments.isSpecial() ? Double.NaN : moments.mean());
                  }
                }));
    f.define("row_count")
        .takes(SKETCH)
        .returns(SimpleType.BIGINT)
        .mayFail()
        .describe("Rows in a sketch of stats_sketch, percentile_sketch or count_sketch.")
        .example("row_count('\\x5301060106000109000129000200e10002052100'::sketch) -> 3")
        .runs(
            RowKernels.longs(
                SimpleType.BIGINT, (c, a, i) -> rowCount(Sketches.decode(a[0].bytesAt(i)))));
    for (Statistic statistic : Statistic.values()) {
      statistic(f, statistic.name().toLowerCase(Locale.ROOT), statistic, shown(statistic));
    }
    statistic(f, "stddev", Statistic.STDDEV_SAMP, shown(Statistic.STDDEV_SAMP));
    statistic(f, "variance", Statistic.VAR_SAMP, shown(Statistic.VAR_SAMP));
  }

  /// For the examples: of 1, 2, 6, and of (y, x) in (1, 1), (2, 4), (3, 6).
  private static String shown(Statistic statistic) {
    return switch (statistic) {
      case VAR_POP -> "4.666666666666667";
      case VAR_SAMP -> "7";
      case STDDEV_POP -> "2.160246899469287";
      case STDDEV_SAMP -> "2.6457513110645907";
      case SKEWNESS -> "0.5951700641394974";
      case KURTOSIS -> "-1.5";
      case COVAR_POP -> "1.6666666666666667";
      case COVAR_SAMP -> "2.5";
      case CORR -> "0.9933992677987828";
      case REGR_AVGX -> "3.6666666666666665";
      case REGR_AVGY, REGR_SYY -> "2";
      case REGR_SXX -> "12.666666666666666";
      case REGR_SXY -> "5";
      case REGR_SLOPE -> "0.39473684210526316";
      case REGR_INTERCEPT -> "0.5526315789473685";
      case REGR_R2 -> "0.9868421052631579";
    };
  }

  private static long rowCount(Sketch sketch) {
    return switch (sketch) {
      case Moments m -> m.count();
      case ValueBuckets b -> b.total();
      case RankSketch r -> r.total();
      case CountMin c -> c.total();
      default -> throw wrong(sketch, "row_count");
    };
  }

  private static void statistic(
      FunctionDefinitions f, String name, Statistic statistic, String shown) {
    f.define(name)
        .takes(SKETCH)
        .returns(DOUBLE)
        .mayFail()
        .describe("The same of a sketch of stats_sketch.")
        .example(
            name + "(" + (statistic.shape() == Moments.Shape.PAIR ? PAIR : ONE) + ") -> " + shown)
        .runs(
            RowKernels.strict(
                DOUBLE,
                (c, a, i, out) -> {
                  Moments moments = read(a[0], i, Moments.class, name);
                  boolean fits =
                      moments.shape() == statistic.shape()
                          || statistic.shape() == Moments.Shape.TWO;
                  if (!fits) {
                    throw wrong(moments, name);
                  }
                  MomentsSketch.append(statistic, moments, out);
                }));
  }

  private static <S extends Sketch> S read(Column column, int row, Class<S> kind, String reader) {
    return as(Sketches.decode(column.bytesAt(row)), kind, reader);
  }

  private static <S extends Sketch> S as(Sketch sketch, Class<S> kind, String reader) {
    if (!kind.isInstance(sketch)) {
      throw wrong(sketch, reader);
    }
    return kind.cast(sketch);
  }

  private static SqlException wrong(Sketch sketch, String reader) {
    return new SqlException(
        ErrorCode.INVALID_PARAMETER_VALUE, reader + " does not read " + Sketches.name(sketch));
  }
}
