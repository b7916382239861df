package dev.aevum.executor.aggregate;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.model.batch.Column;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// `regr_count`: rows where neither argument is NULL.
public final class PairCountAggregate implements AccumulatorAggregate {
  private final CountAggregate count = new CountAggregate();

  @Override
  public SqlType resultType() {
    return SimpleType.BIGINT;
  }

  @Override
  public boolean isLinear() {
    return true;
  }

  @Override
  public int width() {
    return count.width();
  }

  @Override
  public void add(
      MemorySegment state,
      long[] slots,
      int field,
      Column[] arguments,
      Selection rows,
      @Nullable MemorySegment weights,
      long sign) {
    for (int k = 0; k < rows.size(); k++) {
      int row = rows.row(k);
      if (!arguments[0].isNull(row) && !arguments[1].isNull(row)) {
        LinearLoop.addTo(state, slots[k] + field, LinearLoop.weight(weights, row, sign));
      }
    }
  }

  @Override
  public void merge(
      MemorySegment state,
      long[] slots,
      int field,
      MemorySegment partials,
      long[] offsets,
      int groups) {
    count.merge(state, slots, field, partials, offsets, groups);
  }

  @Override
  public Column emit(
      EvaluationContext context, MemorySegment state, long[] slots, int field, int groups) {
    return count.emit(context, state, slots, field, groups);
  }
}
