package dev.aevum.executor.aggregate;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.executor.sketch.HyperLogLog;
import dev.aevum.executor.sketch.Sketch;
import dev.aevum.model.batch.Column;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// `approx_count_distinct` and `hll_sketch`.
public final class DistinctSketch implements SketchAggregate {
  private final boolean counts;
  private final ValueHashes hashes;

  /// `counts`: the result is the number and not the sketch.
  public DistinctSketch(SqlType argument, boolean counts) {
    this.counts = counts;
    this.hashes = new ValueHashes(argument);
  }

  /// The result is the number: over rows that change it can be counted.
  public boolean counts() {
    return counts;
  }

  @Override
  public SqlType resultType() {
    return counts ? SimpleType.BIGINT : SimpleType.SKETCH;
  }

  @Override
  public boolean isLinear() {
    return false;
  }

  @Override
  public Sketch create() {
    return new HyperLogLog();
  }

  @Override
  public void add(
      Sketch[] groups,
      int[] places,
      Column[] arguments,
      Selection rows,
      @Nullable MemorySegment weights) {
    Column values = arguments[0];
    long[] hash = hashes.of(values, rows);
    for (int k = 0; k < rows.size(); k++) {
      if (!values.isNull(rows.row(k))) {
        ((HyperLogLog) groups[places[k]]).add(hash[k]);
      }
    }
  }

  @Override
  public Column emit(EvaluationContext context, Sketch[] groups, int count) {
    return counts
        ? SketchResults.column(
            context,
            SimpleType.BIGINT,
            groups,
            count,
            (sketch, out) -> out.appendLong(((HyperLogLog) sketch).estimate()))
        : SketchResults.bytes(context, groups, count);
  }
}
