package dev.aevum.executor.aggregate;

import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.Intervals;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.executor.numeric.Int128;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// `sum` and `avg` of intervals, part by part: count, months, days, and microseconds in 128 bits.
/// Linear.
final class IntervalAggregate implements AccumulatorAggregate {
  private static final int MONTHS = 8;
  private static final int DAYS = 16;
  private static final int MICROS = 24;

  private final boolean average;

  IntervalAggregate(boolean average) {
    this.average = average;
  }

  @Override
  public SqlType resultType() {
    return SimpleType.INTERVAL;
  }

  @Override
  public boolean isLinear() {
    return true;
  }

  @Override
  public int width() {
    return 40;
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
      if (values.isNull(row)) {
        continue;
      }
      long weight = LinearLoop.weight(weights, row, sign);
      long at = slots[k] + field;
      long micros = values.lowAt(row);
      long high = values.highAt(row);
      LinearLoop.addTo(state, at, weight);
      LinearLoop.addTo(state, at + MONTHS, weight * Intervals.months(high));
      LinearLoop.addTo(state, at + DAYS, weight * Intervals.days(high));
      LinearLoop.addTo(state, at + MICROS, micros * weight, Math.multiplyHigh(micros, weight));
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
    LinearLoop.mergeLongs(state, slots, field, partials, offsets, groups, 3);
    LinearLoop.mergeWide(state, slots, field + MICROS, partials, offsets, groups, 2);
  }

  @Override
  public Column emit(
      EvaluationContext context, MemorySegment state, long[] slots, int field, int groups) {
    try (ColumnWriter out = new ColumnWriter(context.allocator(), SimpleType.INTERVAL, groups)) {
      for (int g = 0; g < groups; g++) {
        long at = slots[g] + field;
        long count = state.get(LONG, at);
        long months = state.get(LONG, at + MONTHS);
        long days = state.get(LONG, at + DAYS);
        long micros = state.get(LONG, at + MICROS);
        boolean fits =
            months == (int) months
                && days == (int) days
                && Int128.fitsLong(micros, state.get(LONG, at + MICROS + 8));
        if (count == 0) {
          out.appendNull();
        } else if (!fits) {
          context.errors().report(g, ErrorCode.DATETIME_FIELD_OVERFLOW, "interval out of range");
          out.appendNull();
        } else if (average) {
          long[] parts = Intervals.divide((int) months, (int) days, micros, (double) count);
          out.append16(parts[2], Intervals.pack((int) parts[0], (int) parts[1]));
        } else {
          out.append16(micros, Intervals.pack((int) months, (int) days));
        }
      }
      return out.finish();
    }
  }
}
