package dev.aevum.executor.aggregate;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.executor.sketch.RankSketch;
import dev.aevum.executor.sketch.Sketch;
import dev.aevum.executor.sketch.ValueBuckets;
import dev.aevum.model.batch.Column;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// `approx_percentile` and `percentile_sketch` of double precision, by value or by rank.
public final class PercentileSketch implements SketchAggregate {
  private final boolean byRank;
  private final double fraction;

  /// `fraction`: NaN for the sketch itself.
  public PercentileSketch(boolean byRank, double fraction) {
    this.byRank = byRank;
    this.fraction = fraction;
  }

  @Override
  public SqlType resultType() {
    return Double.isNaN(fraction) ? SimpleType.SKETCH : SimpleType.DOUBLE;
  }

  @Override
  public boolean isLinear() {
    return !byRank;
  }

  @Override
  public Sketch create() {
    return byRank ? new RankSketch() : new ValueBuckets();
  }

  @Override
  public void add(
      Sketch[] groups,
      int[] places,
      Column[] arguments,
      Selection rows,
      @Nullable MemorySegment weights) {
    Column values = arguments[0];
    for (int k = 0; k < rows.size(); k++) {
      int row = rows.row(k);
      if (values.isNull(row)) {
        continue;
      }
      double value = values.doubleAt(row);
      long weight = LinearLoop.weight(weights, row, 1);
      if (!byRank) {
        ((ValueBuckets) groups[places[k]]).add(value, weight);
        continue;
      }
      RankSketch sketch = (RankSketch) groups[places[k]];
      for (long i = 0; i < weight; i++) {
        sketch.add(value);
      }
    }
  }

  @Override
  public Column emit(EvaluationContext context, Sketch[] groups, int count) {
    if (Double.isNaN(fraction)) {
      return SketchResults.bytes(context, groups, count);
    }
    return SketchResults.column(
        context,
        SimpleType.DOUBLE,
        groups,
        count,
        (sketch, out) ->
            SketchResults.appendReal(
                sketch instanceof ValueBuckets b
                    ? b.percentile(fraction)
                    : ((RankSketch) sketch).percentile(fraction),
                out));
  }
}
