package dev.aevum.executor.aggregate;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.executor.sketch.Histogram;
import dev.aevum.executor.sketch.Sketch;
import dev.aevum.model.batch.Column;
import dev.aevum.model.text.JavaValues;
import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// `histogram(value, low, high, buckets)`: how many values lie in each of the buckets, with those
/// below in front and those at or above `high` behind.
public final class HistogramSketch implements SketchAggregate {
  private static final ArrayType COUNTS = new ArrayType(SimpleType.BIGINT);

  private final double low;
  private final double high;
  private final int buckets;

  public HistogramSketch(double low, double high, int buckets) {
    this.low = low;
    this.high = high;
    this.buckets = buckets;
  }

  @Override
  public SqlType resultType() {
    return COUNTS;
  }

  @Override
  public boolean isLinear() {
    return true;
  }

  @Override
  public Sketch create() {
    return new Histogram(low, high, buckets);
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
      if (!values.isNull(row)) {
        ((Histogram) groups[places[k]])
            .add(values.doubleAt(row), LinearLoop.weight(weights, row, 1));
      }
    }
  }

  @Override
  public Column emit(EvaluationContext context, Sketch[] groups, int count) {
    return SketchResults.column(
        context,
        COUNTS,
        groups,
        count,
        (sketch, out) ->
            JavaValues.append(Arrays.stream(((Histogram) sketch).counts()).boxed().toList(), out));
  }
}
