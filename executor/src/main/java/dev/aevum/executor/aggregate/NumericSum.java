package dev.aevum.executor.aggregate;

import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.executor.numeric.NumericColumns;
import dev.aevum.executor.numeric.PgNumeric;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/// `sum` and `avg` of numeric without precision. PostgreSQL shows the greatest display scale among
/// the rows, so the rows of each scale are counted: then a retraction takes back digits as exactly
/// as it takes back value. Kept per group, in longs: counts of finite rows, NaN, both infinities,
/// oversize rows; rows by display scale, 0 to 64; the sum in units of 10^-64, 512 bits. Linear.
///
/// A group that holds values with more than 64 digits after the point or 70 before it has no result
/// but an error (0A000) while it holds them.
final class NumericSum implements AccumulatorAggregate {
  static final int MAX_SCALE = 64;
  static final int MAX_INTEGER_DIGITS = 70;

  private static final int SUM_LONGS = 8;
  private static final long NANS = 8;
  private static final long POSITIVE = 16;
  private static final long NEGATIVE = 24;
  private static final long OVERSIZE = 32;
  private static final long SCALES = 40;
  private static final long SUM = SCALES + 8L * (MAX_SCALE + 1);

  private static final String TOO_LONG =
      "sums of numeric values with more than %d digits before or %d after the decimal point are not supported"
          .formatted(MAX_INTEGER_DIGITS, MAX_SCALE);

  private final boolean average;

  NumericSum(boolean average) {
    this.average = average;
  }

  @Override
  public SqlType resultType() {
    return SimpleType.NUMERIC;
  }

  @Override
  public boolean isLinear() {
    return true;
  }

  @Override
  public int width() {
    return (int) SUM + 8 * SUM_LONGS;
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
        long weight = LinearLoop.weight(weights, row, sign);
        add(state, slots[k] + field, NumericColumns.read(values, row), weight);
      }
    }
  }

  private static void add(MemorySegment state, long at, PgNumeric value, long weight) {
    if (!value.isFinite()) {
      long counter = value.isNaN() ? NANS : value.signum() > 0 ? POSITIVE : NEGATIVE;
      LinearLoop.addTo(state, at + counter, weight);
      return;
    }
    BigDecimal decimal = value.decimal();
    if (decimal.scale() > MAX_SCALE || decimal.precision() - decimal.scale() > MAX_INTEGER_DIGITS) {
      LinearLoop.addTo(state, at + OVERSIZE, weight);
      return;
    }
    LinearLoop.addTo(state, at, weight);
    LinearLoop.addTo(state, at + SCALES + 8L * decimal.scale(), weight);
    BigInteger sum =
        LinearLoop.read(state, at + SUM, SUM_LONGS)
            .add(decimal.setScale(MAX_SCALE).unscaledValue().multiply(BigInteger.valueOf(weight)));
    for (int i = 0; i < SUM_LONGS; i++) {
      state.set(LONG, at + SUM + 8L * i, sum.shiftRight(64 * i).longValue());
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
    int counters = (int) SUM / 8;
    LinearLoop.mergeLongs(state, slots, field, partials, offsets, groups, counters);
    LinearLoop.mergeWide(state, slots, field + (int) SUM, partials, offsets, groups, SUM_LONGS);
  }

  @Override
  public Column emit(
      EvaluationContext context, MemorySegment state, long[] slots, int field, int groups) {
    ByteSink sink = new ByteSink();
    try (ColumnWriter out = new ColumnWriter(context.allocator(), SimpleType.NUMERIC, groups)) {
      for (int g = 0; g < groups; g++) {
        PgNumeric value = value(state, slots[g] + field);
        if (state.get(LONG, slots[g] + field + OVERSIZE) != 0) {
          context.errors().report(g, ErrorCode.FEATURE_NOT_SUPPORTED, TOO_LONG);
          out.appendNull();
        } else if (value == null) {
          out.appendNull();
        } else {
          NumericColumns.append(value, out, sink);
        }
      }
      return out.finish();
    }
  }

  private @Nullable PgNumeric value(MemorySegment state, long at) {
    long count = state.get(LONG, at);
    long nans = state.get(LONG, at + NANS);
    long positive = state.get(LONG, at + POSITIVE);
    long negative = state.get(LONG, at + NEGATIVE);
    if (count == 0 && nans == 0 && positive == 0 && negative == 0) {
      return null;
    }
    if (nans != 0 || (positive != 0 && negative != 0)) {
      return PgNumeric.NAN;
    }
    if (positive != 0 || negative != 0) {
      return positive != 0 ? PgNumeric.INFINITY : PgNumeric.NEGATIVE_INFINITY;
    }
    int scale = MAX_SCALE;
    while (scale > 0 && state.get(LONG, at + SCALES + 8L * scale) == 0) {
      scale--;
    }
    BigInteger sum = LinearLoop.read(state, at + SUM, SUM_LONGS);
    PgNumeric total = PgNumeric.of(new BigDecimal(sum, MAX_SCALE).setScale(scale));
    return average ? total.divide(PgNumeric.of(count)) : total;
  }
}
