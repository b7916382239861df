package dev.aevum.executor.aggregate;

import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.executor.kernel.Selection;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Weights of rows.
final class LinearLoop {
  private LinearLoop() {}

  static long weight(@Nullable MemorySegment weights, int row, long sign) {
    return weights == null ? sign : sign * weights.get(LONG, (long) row << 3);
  }

  static void addTo(MemorySegment state, long at, long amount) {
    state.set(LONG, at, state.get(LONG, at) + amount);
  }

  /// Adds a 128-bit amount at `at`.
  static void addTo(MemorySegment state, long at, long low, long high) {
    long before = state.get(LONG, at);
    long sum = before + low;
    state.set(LONG, at, sum);
    long carry = Long.compareUnsigned(sum, before) < 0 ? 1 : 0;
    state.set(LONG, at + 8, state.get(LONG, at + 8) + high + carry);
  }

  /// Adds a 128-bit amount to a number of `longs` longs at `at`, low first.
  static void addWide(MemorySegment state, long at, int longs, long low, long high) {
    long before = state.get(LONG, at);
    long sum = before + low;
    state.set(LONG, at, sum);
    long carry = Long.compareUnsigned(sum, before) < 0 ? 1 : 0;
    long extension = high >> 63;
    long next = high;
    for (int i = 1; i < longs; i++) {
      before = state.get(LONG, at + 8L * i);
      // next + carry cannot be told from a wrap by the sum alone when next is all ones and carry is
      // one: then nothing changes.
      sum = before + next + carry;
      state.set(LONG, at + 8L * i, sum);
      carry =
          carry == 0
              ? (Long.compareUnsigned(sum, before) < 0 ? 1 : 0)
              : (Long.compareUnsigned(sum, before) <= 0 ? 1 : 0);
      next = extension;
      if (carry == (extension & 1)) {
        return; // 0 + 0, or all ones + 1: the rest stays.
      }
    }
  }

  /// Adds `longs` counters from `field` on of each partial group to those of its group.
  static void mergeLongs(
      MemorySegment state,
      long[] slots,
      int field,
      MemorySegment partials,
      long[] offsets,
      int groups,
      int longs) {
    for (int i = 0; i < groups; i++) {
      long to = slots[i] + field;
      long from = offsets[i] + field;
      for (int k = 0; k < longs; k++) {
        addTo(state, to + 8L * k, partials.get(LONG, from + 8L * k));
      }
    }
  }

  /// Adds integers of `longs` longs, low first.
  static void mergeWide(
      MemorySegment state,
      long[] slots,
      int field,
      MemorySegment partials,
      long[] offsets,
      int groups,
      int longs) {
    for (int i = 0; i < groups; i++) {
      addWide(state, slots[i] + field, partials, offsets[i] + field, longs);
    }
  }

  private static void addWide(
      MemorySegment state, long at, MemorySegment partials, long from, int longs) {
    long carry = 0;
    for (int k = 0; k < longs; k++) {
      long amount = partials.get(LONG, from + 8L * k);
      long partial = state.get(LONG, at + 8L * k) + amount;
      long sum = partial + carry;
      state.set(LONG, at + 8L * k, sum);
      // At most one of the two additions wraps.
      carry =
          (Long.compareUnsigned(partial, amount) < 0 ? 1L : 0L)
              + (Long.compareUnsigned(sum, partial) < 0 ? 1L : 0L);
    }
  }

  static java.math.BigInteger read(MemorySegment state, long at, int longs) {
    byte[] bytes = new byte[longs * 8];
    for (int i = 0; i < bytes.length; i++) {
      bytes[bytes.length - 1 - i] = state.get(java.lang.foreign.ValueLayout.JAVA_BYTE, at + i);
    }
    return new java.math.BigInteger(bytes);
  }

  /// count(*): weights alone.
  static void count(
      MemorySegment state,
      long[] slots,
      int field,
      Selection rows,
      @Nullable MemorySegment weights,
      long sign) {
    int size = rows.size();
    if (weights == null) {
      for (int k = 0; k < size; k++) {
        addTo(state, slots[k] + field, sign);
      }
      return;
    }
    for (int k = 0; k < size; k++) {
      addTo(state, slots[k] + field, weight(weights, rows.row(k), sign));
    }
  }
}
