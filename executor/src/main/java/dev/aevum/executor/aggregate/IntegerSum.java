package dev.aevum.executor.aggregate;

import static dev.aevum.model.batch.Memory.INT;
import static dev.aevum.model.batch.Memory.LONG;
import static dev.aevum.model.batch.Memory.SHORT;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.executor.numeric.Int128;
import dev.aevum.executor.numeric.NumericColumns;
import dev.aevum.executor.numeric.PgNumeric;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.batch.Memory;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.PhysicalType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/// `sum` and `avg` of integers and decimals. Kept per group: the count of non-NULL rows, then the
/// sum, 128 bits for values of up to 64 bits (which 2^63 rows cannot overflow), 192 bits for wider
/// ones. Linear.
final class IntegerSum implements AccumulatorAggregate {
  private static final int SUM = 8;

  private final SqlType argument;
  private final SqlType result;
  private final boolean average;
  private final int scale;
  private final int longs;

  IntegerSum(SqlType argument, SqlType result, boolean average) {
    this.argument = argument;
    this.result = result;
    this.average = average;
    this.scale = argument instanceof DecimalType d ? d.scale() : 0;
    this.longs = argument.physical() == PhysicalType.INT128 ? 3 : 2;
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
    return SUM + 8 * longs;
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
    if (argument.physical() == PhysicalType.INT128) {
      addWide(state, slots, field, values, rows, weights, sign);
      return;
    }
    MemorySegment data = values.data();
    MemorySegment validity = values.validity();
    PhysicalType physical = argument.physical();
    int size = rows.size();
    for (int k = 0; k < size; k++) {
      int row = rows.row(k);
      if (validity != null && !Memory.bit(validity, row)) {
        continue;
      }
      long value = load(data, physical, row);
      long weight = LinearLoop.weight(weights, row, sign);
      long at = slots[k] + field;
      LinearLoop.addTo(state, at, weight);
      LinearLoop.addTo(state, at + SUM, value * weight, Math.multiplyHigh(value, weight));
    }
  }

  private static long load(MemorySegment data, PhysicalType physical, int row) {
    return switch (physical) {
      case INT64 -> data.get(LONG, (long) row << 3);
      case INT32 -> data.get(INT, (long) row << 2);
      case INT16 -> data.get(SHORT, (long) row << 1);
      case BOOL, INT128, FLOAT32, FLOAT64, FIXED16, VARLEN ->
          throw new IllegalStateException(physical.name());
    };
  }

  /// Each value in two parts, so that the product with the weight fits: low 32 bits, and the rest.
  private void addWide(
      MemorySegment state,
      long[] slots,
      int field,
      Column values,
      Selection rows,
      @Nullable MemorySegment weights,
      long sign) {
    MemorySegment data = values.data();
    for (int k = 0; k < rows.size(); k++) {
      int row = rows.row(k);
      if (values.isNull(row)) {
        continue;
      }
      long weight = LinearLoop.weight(weights, row, sign);
      long at = slots[k] + field;
      LinearLoop.addTo(state, at, weight);
      long low = data.get(LONG, (long) row << 4);
      long high = data.get(LONG, ((long) row << 4) + 8);
      addProduct(state, at + SUM, low, high, weight);
    }
  }

  /// Adds `(high, low) * weight` to 192 bits.
  private static void addProduct(MemorySegment state, long at, long low, long high, long weight) {
    // low is unsigned: low * weight = unsignedHigh(low, weight) - (weight < 0 ? low << 64 : 0)
    long lowLow = low * weight;
    long lowHigh = Math.unsignedMultiplyHigh(low, weight) - (weight < 0 ? low : 0);
    LinearLoop.addWide(state, at, 3, lowLow, lowHigh);
    long highLow = high * weight;
    long highHigh = Math.multiplyHigh(high, weight);
    LinearLoop.addTo(state, at + 8, highLow, highHigh);
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
    LinearLoop.mergeWide(state, slots, field + SUM, partials, offsets, groups, longs);
  }

  @Override
  public Column emit(
      EvaluationContext context, MemorySegment state, long[] slots, int field, int groups) {
    ByteSink sink = new ByteSink();
    try (ColumnWriter out = new ColumnWriter(context.allocator(), result, groups)) {
      for (int g = 0; g < groups; g++) {
        long at = slots[g] + field;
        long count = state.get(LONG, at);
        if (count == 0) {
          out.appendNull();
        } else if (average) {
          BigDecimal total = new BigDecimal(LinearLoop.read(state, at + SUM, longs), scale);
          NumericColumns.append(PgNumeric.of(total).divide(PgNumeric.of(count)), out, sink);
        } else {
          emitSum(context, state, at + SUM, g, out, sink);
        }
      }
      return out.finish();
    }
  }

  private void emitSum(
      EvaluationContext context,
      MemorySegment state,
      long at,
      int group,
      ColumnWriter out,
      ByteSink sink) {
    long low = state.get(LONG, at);
    long high = state.get(LONG, at + 8);
    if (result == SimpleType.BIGINT) {
      if (Int128.fitsLong(low, high)) {
        out.appendLong(low);
        return;
      }
    } else if (result instanceof DecimalType d) {
      if (longs == 2 && Int128.fitsDigits(low, high, d.precision())) {
        if (d.physical() == PhysicalType.INT64) {
          out.appendLong(low);
        } else {
          out.append16(low, high);
        }
        return;
      }
    } else {
      BigInteger total = LinearLoop.read(state, at, longs);
      NumericColumns.append(PgNumeric.of(new BigDecimal(total, scale)), out, sink);
      return;
    }
    String message = result == SimpleType.BIGINT ? "bigint out of range" : "numeric field overflow";
    context.errors().report(group, ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE, message);
    out.appendNull();
  }
}
