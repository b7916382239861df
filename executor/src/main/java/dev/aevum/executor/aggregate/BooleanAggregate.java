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

/// `bool_and` (every) and `bool_or`: how many rows are TRUE and how many FALSE. Linear, 16 bytes.
public final class BooleanAggregate implements AccumulatorAggregate {
  private static final int FALSES = 8;

  private final boolean conjunction;

  public BooleanAggregate(boolean conjunction) {
    this.conjunction = conjunction;
  }

  @Override
  public SqlType resultType() {
    return SimpleType.BOOLEAN;
  }

  @Override
  public boolean isLinear() {
    return true;
  }

  @Override
  public int width() {
    return 16;
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
    Column values = arguments[0];
    for (int k = 0; k < rows.size(); k++) {
      int row = rows.row(k);
      if (!values.isNull(row)) {
        long at = slots[k] + field + (Memory.bit(values.data(), row) ? 0 : FALSES);
        LinearLoop.addTo(state, at, LinearLoop.weight(weights, row, sign));
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
    LinearLoop.mergeLongs(state, slots, field, partials, offsets, groups, 2);
  }

  @Override
  public Column emit(
      EvaluationContext context, MemorySegment state, long[] slots, int field, int groups) {
    try (FixedColumn out = new FixedColumn(context.allocator(), SimpleType.BOOLEAN, groups)) {
      out.data().fill((byte) 0);
      for (int g = 0; g < groups; g++) {
        long trues = state.get(LONG, slots[g] + field);
        long falses = state.get(LONG, slots[g] + field + FALSES);
        if (conjunction ? falses == 0 : trues != 0) {
          Memory.setBit(out.data(), g);
        }
        if (trues == 0 && falses == 0) {
          Memory.clearBit(out.validity(), g);
        }
      }
      return out.finish();
    }
  }
}
