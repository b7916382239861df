package dev.aevum.executor.aggregate;

import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.FixedColumn;
import dev.aevum.model.batch.Memory;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// `count(*)` and `count(x)`: the sum of weights, of all rows or of those where x is not NULL.
/// Linear, 8 bytes.
public final class CountAggregate implements AccumulatorAggregate {
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
    return 8;
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
    MemorySegment validity = arguments.length == 0 ? null : arguments[0].validity();
    if (validity == null) {
      LinearLoop.count(state, slots, field, rows, weights, sign);
      return;
    }
    for (int k = 0; k < rows.size(); k++) {
      int row = rows.row(k);
      if (Memory.bit(validity, row)) {
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
    LinearLoop.mergeLongs(state, slots, field, partials, offsets, groups, 1);
  }

  @Override
  public Column emit(
      EvaluationContext context, MemorySegment state, long[] slots, int field, int groups) {
    try (FixedColumn out = new FixedColumn(context.allocator(), SimpleType.BIGINT, groups)) {
      for (int g = 0; g < groups; g++) {
        out.data().set(LONG, (long) g << 3, state.get(LONG, slots[g] + field));
      }
      return out.finish();
    }
  }
}
