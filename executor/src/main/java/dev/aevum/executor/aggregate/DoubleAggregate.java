package dev.aevum.executor.aggregate;

import static dev.aevum.model.batch.Memory.DOUBLE;
import static dev.aevum.model.batch.Memory.FLOAT;
import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.executor.numeric.DoubleSum;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.batch.Memory;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.type.PhysicalType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// `sum` and `avg` of real and double precision: the count of non-NULL rows and an exact
/// [DoubleSum], rounded once when emitted. Linear: equal multisets of rows give equal bits,
/// whatever came and went before.
final class DoubleAggregate implements AccumulatorAggregate {
  private static final int SUM = 8;

  private final boolean singleInput;
  private final SqlType result;
  private final boolean average;

  DoubleAggregate(SqlType argument, SqlType result, boolean average) {
    this.singleInput = argument.physical() == PhysicalType.FLOAT32;
    this.result = result;
    this.average = average;
  }

  @Override
  public SqlType resultType() {
    return result;
  }

  @Override
  public boolean isLinear() {
    return true;
  }

  @Override
  public int width() {
    return SUM + DoubleSum.WIDTH;
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
    MemorySegment data = values.data();
    MemorySegment validity = values.validity();
    for (int k = 0; k < rows.size(); k++) {
      int row = rows.row(k);
      if (validity != null && !Memory.bit(validity, row)) {
        continue;
      }
      double value =
          singleInput ? data.get(FLOAT, (long) row << 2) : data.get(DOUBLE, (long) row << 3);
      long weight = LinearLoop.weight(weights, row, sign);
      long at = slots[k] + field;
      LinearLoop.addTo(state, at, weight);
      DoubleSum.add(state, at + SUM, value, weight);
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
    for (int i = 0; i < groups; i++) {
      DoubleSum.merge(state, slots[i] + field + SUM, partials, offsets[i] + field + SUM);
    }
  }

  @Override
  public Column emit(
      EvaluationContext context, MemorySegment state, long[] slots, int field, int groups) {
    boolean single = result == SimpleType.REAL;
    try (ColumnWriter out = new ColumnWriter(context.allocator(), result, groups)) {
      for (int g = 0; g < groups; g++) {
        long at = slots[g] + field;
        long count = state.get(LONG, at);
        if (count == 0) {
          out.appendNull();
          continue;
        }
        double sum = DoubleSum.read(state, at + SUM, single);
        if (Double.isInfinite(sum) && !DoubleSum.isSpecial(state, at + SUM)) {
          context
              .errors()
              .report(g, ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE, "value out of range: overflow");
          out.appendNull();
        } else if (single) {
          out.appendFloat((float) sum);
        } else {
          out.appendDouble(average ? sum / count : sum);
        }
      }
      return out.finish();
    }
  }
}
