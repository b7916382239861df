package dev.aevum.executor.aggregate;

import static dev.aevum.model.batch.Memory.DOUBLE;
import static dev.aevum.model.batch.Memory.FLOAT;
import static dev.aevum.model.batch.Memory.INT;
import static dev.aevum.model.batch.Memory.LONG;
import static dev.aevum.model.batch.Memory.SHORT;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.Intervals;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.executor.kernel.SortableBits;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.FixedColumn;
import dev.aevum.model.batch.Memory;
import dev.aevum.model.type.PhysicalType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// min and max of fixed-width values over append-only input: a flag, then the extreme so far.
/// Values of up to 64 bits are kept as a long of the same order, wider ones as they are. A negative
/// weight breaks the contract and stops the query.
final class AppendOnlyExtreme implements AccumulatorAggregate {
  private static final int VALUE = 8;

  private final SqlType type;
  private final PhysicalType physical;
  private final boolean greatest;
  private final boolean wide;

  private AppendOnlyExtreme(SqlType type, boolean greatest) {
    this.type = type;
    this.physical = type.physical();
    this.greatest = greatest;
    this.wide = physical.width() == 16;
  }

  static Optional<AccumulatorAggregate> of(SqlType type, boolean greatest) {
    boolean fixed =
        switch (type.physical()) {
          case INT16, INT32, INT64, INT128, FLOAT32, FLOAT64 -> true;
          case FIXED16 -> type == SimpleType.INTERVAL || type == SimpleType.UUID;
          case BOOL, VARLEN -> false;
        };
    return fixed ? Optional.of(new AppendOnlyExtreme(type, greatest)) : Optional.empty();
  }

  @Override
  public SqlType resultType() {
    return type;
  }

  @Override
  public boolean isLinear() {
    return false;
  }

  @Override
  public int width() {
    return wide ? 24 : 16;
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
    Column argument = arguments[0];
    for (int k = 0; k < rows.size(); k++) {
      int row = rows.row(k);
      long weight = weights == null ? sign : sign * weights.get(LONG, (long) row << 3);
      if (weight < 0) {
        throw new IllegalStateException("retraction in append-only " + (greatest ? "max" : "min"));
      }
      if (weight == 0 || argument.isNull(row)) {
        continue;
      }
      long at = slots[k] + field;
      if (wide) {
        foldWide(state, at, argument.data(), (long) row << 4);
      } else {
        foldNarrow(state, at, load(argument.data(), row));
      }
    }
  }

  private void foldNarrow(MemorySegment state, long at, long key) {
    long kept = state.get(LONG, at + VALUE);
    if (state.get(LONG, at) == 0 || (greatest ? key > kept : key < kept)) {
      state.set(LONG, at, 1L);
      state.set(LONG, at + VALUE, key);
    }
  }

  private void foldWide(MemorySegment state, long at, MemorySegment data, long from) {
    long low = data.get(LONG, from);
    long high = data.get(LONG, from + 8);
    if (state.get(LONG, at) != 0) {
      int order =
          compareWide(low, high, state.get(LONG, at + VALUE), state.get(LONG, at + VALUE + 8));
      if (greatest ? order <= 0 : order >= 0) {
        return;
      }
    }
    state.set(LONG, at, 1L);
    state.set(LONG, at + VALUE, low);
    state.set(LONG, at + VALUE + 8, high);
  }

  private int compareWide(long low, long high, long keptLow, long keptHigh) {
    if (type == SimpleType.INTERVAL) {
      return Intervals.compare(low, high, keptLow, keptHigh);
    }
    if (type == SimpleType.UUID) {
      int first = Long.compareUnsigned(Long.reverseBytes(low), Long.reverseBytes(keptLow));
      return first != 0
          ? first
          : Long.compareUnsigned(Long.reverseBytes(high), Long.reverseBytes(keptHigh));
    }
    return high != keptHigh ? Long.compare(high, keptHigh) : Long.compareUnsigned(low, keptLow);
  }

  private long load(MemorySegment data, int row) {
    return switch (physical) {
      case INT16 -> data.get(SHORT, (long) row << 1);
      case INT32 -> data.get(INT, (long) row << 2);
      case INT64 -> data.get(LONG, (long) row << 3);
      case FLOAT32 -> SortableBits.of(data.get(FLOAT, (long) row << 2));
      case FLOAT64 -> SortableBits.of(data.get(DOUBLE, (long) row << 3));
      case BOOL, INT128, FIXED16, VARLEN -> throw new IllegalStateException(physical.name());
    };
  }

  @Override
  public void merge(
      MemorySegment state,
      long[] slots,
      int field,
      MemorySegment partials,
      long[] offsets,
      int groups) {
    for (int i = 0; i < groups; i++) {
      long from = offsets[i] + field;
      if (partials.get(LONG, from) == 0) {
        continue;
      }
      if (wide) {
        foldWide(state, slots[i] + field, partials, from + VALUE);
      } else {
        foldNarrow(state, slots[i] + field, partials.get(LONG, from + VALUE));
      }
    }
  }

  @Override
  public Column emit(
      EvaluationContext context, MemorySegment state, long[] slots, int field, int groups) {
    try (FixedColumn column = new FixedColumn(context.allocator(), type, groups)) {
      MemorySegment data = column.data();
      for (int g = 0; g < groups; g++) {
        long at = slots[g] + field;
        if (state.get(LONG, at) == 0) {
          Memory.clearBit(column.validity(), g);
        }
        long value = state.get(LONG, at + VALUE);
        switch (physical) {
          case INT16 -> data.set(SHORT, (long) g << 1, (short) value);
          case INT32 -> data.set(INT, (long) g << 2, (int) value);
          case INT64 -> data.set(LONG, (long) g << 3, value);
          case FLOAT32 -> data.set(FLOAT, (long) g << 2, SortableBits.toFloat((int) value));
          case FLOAT64 -> data.set(DOUBLE, (long) g << 3, SortableBits.toDouble(value));
          case INT128, FIXED16 -> {
            data.set(LONG, (long) g << 4, value);
            data.set(LONG, ((long) g << 4) + 8, state.get(LONG, at + VALUE + 8));
          }
          case BOOL, VARLEN -> throw new IllegalStateException(physical.name());
        }
      }
      return column.finish();
    }
  }
}
