package dev.aevum.executor.numeric;

import static dev.aevum.model.batch.Memory.LONG;

import java.lang.foreign.MemorySegment;

/// An exact sum of doubles in fixed-width memory: a two's complement integer in units of 2^-1074,
/// wide enough for 2^63 of the greatest double, and counters of NaN and the infinities. Addition
/// has no rounding, so the order of additions does not matter and taking a value back leaves
/// exactly what was there before; rounding happens once, when the sum is read.
///
/// This is Kulisch's long accumulator. Layout in longs: 34 of the sum, then the counts of NaN,
/// +infinity, -infinity.
public final class DoubleSum {
  private static final int LIMBS = 34;
  private static final long NANS = 8L * LIMBS;
  private static final long POSITIVE = NANS + 8;
  private static final long NEGATIVE = NANS + 16;

  /// Bytes of a sum.
  public static final int WIDTH = 8 * (LIMBS + 3);

  private DoubleSum() {}

  /// Adds `value * weight` to the sum at `at`.
  public static void add(MemorySegment state, long at, double value, long weight) {
    long bits = Double.doubleToRawLongBits(value);
    int exponent = (int) (bits >>> 52) & 0x7FF;
    if (exponent == 0x7FF) {
      long counter = Double.isNaN(value) ? NANS : value > 0 ? POSITIVE : NEGATIVE;
      state.set(LONG, at + counter, state.get(LONG, at + counter) + weight);
      return;
    }
    long mantissa = bits & 0xF_FFFF_FFFF_FFFFL;
    if (exponent == 0) {
      exponent = 1; // Subnormal: the same unit without the hidden bit.
    } else {
      mantissa |= 1L << 52;
    }
    long signed = bits < 0 ? -mantissa : mantissa;
    addScaled(state, at, signed * weight, Math.multiplyHigh(signed, weight), exponent - 1);
  }

  /// Adds the 128-bit integer `(high, low) << shift`.
  private static void addScaled(MemorySegment state, long at, long low, long high, int shift) {
    int limb = shift >>> 6;
    int bit = shift & 63;
    long extension = high >> 63;
    long first = low << bit;
    long second = bit == 0 ? high : (high << bit) | (low >>> (64 - bit));
    long third = bit == 0 ? extension : (high >> (64 - bit));
    long carry = addLimb(state, at + 8L * limb, first, 0);
    carry = addLimb(state, at + 8L * (limb + 1), second, carry);
    int next = limb + 2;
    long part = third;
    while (next < LIMBS) {
      carry = addLimb(state, at + 8L * next, part, carry);
      part = extension;
      next++;
      if (carry == (extension & 1)) {
        return; // 0 + 0, or all ones + 1: nothing above changes.
      }
    }
  }

  /// Adds another sum.
  public static void merge(MemorySegment state, long at, MemorySegment other, long from) {
    long carry = 0;
    for (int limb = 0; limb < LIMBS; limb++) {
      carry = addLimb(state, at + 8L * limb, other.get(LONG, from + 8L * limb), carry);
    }
    for (long counter = NANS; counter <= NEGATIVE; counter += 8) {
      state.set(
          LONG, at + counter, state.get(LONG, at + counter) + other.get(LONG, from + counter));
    }
  }

  private static long addLimb(MemorySegment state, long at, long amount, long carry) {
    long before = state.get(LONG, at);
    long partial = before + amount;
    long sum = partial + carry;
    state.set(LONG, at, sum);
    return (Long.compareUnsigned(partial, before) < 0 ? 1L : 0L)
        + (Long.compareUnsigned(sum, partial) < 0 ? 1L : 0L);
  }

  /// The sum rounded once, half to even, to a number of 53 bits, or of 24 when `single`. Infinite
  /// when it is too great for that.
  public static double read(MemorySegment state, long at, boolean single) {
    long nans = state.get(LONG, at + NANS);
    long positive = state.get(LONG, at + POSITIVE);
    long negative = state.get(LONG, at + NEGATIVE);
    if (nans != 0 || (positive != 0 && negative != 0)) {
      return Double.NaN;
    }
    if (positive != 0 || negative != 0) {
      return positive != 0 ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
    }
    return round(state, at, single);
  }

  /// True when a NaN or an infinity was added.
  public static boolean isSpecial(MemorySegment state, long at) {
    return (state.get(LONG, at + NANS)
            | state.get(LONG, at + POSITIVE)
            | state.get(LONG, at + NEGATIVE))
        != 0;
  }

  private static double round(MemorySegment state, long at, boolean single) {
    boolean negative = state.get(LONG, at + 8L * (LIMBS - 1)) < 0;
    long[] magnitude = new long[LIMBS];
    long carry = negative ? 1 : 0;
    for (int i = 0; i < LIMBS; i++) {
      long limb = state.get(LONG, at + 8L * i);
      magnitude[i] = negative ? ~limb + carry : limb;
      carry = negative && carry == 1 && magnitude[i] == 0 ? 1 : 0;
    }
    int top = LIMBS - 1;
    while (top >= 0 && magnitude[top] == 0) {
      top--;
    }
    if (top < 0) {
      return 0;
    }
    int highest = 64 * top + 63 - Long.numberOfLeadingZeros(magnitude[top]);
    // Units are 2^-1074; the least exponent of a real keeps 2^-149.
    int precision = single ? 24 : 53;
    int least = single ? 1074 - 149 : 0;
    int drop = Math.max(highest - precision + 1, least);
    long kept = bits(magnitude, drop);
    if (roundsUp(magnitude, drop, kept)) {
      kept++;
    }
    double value = scale(kept, drop - 1074);
    if (single && Math.abs(value) > Float.MAX_VALUE) {
      value = Double.POSITIVE_INFINITY;
    }
    return negative ? -value : value;
  }

  /// `kept * 2^exponent`, exact or infinite.
  private static double scale(long kept, int exponent) {
    // Math.scalb rounds only when the result is subnormal, and then nothing was dropped below
    // 2^-1074.
    return Math.scalb((double) kept, exponent);
  }

  /// The number made of the bits from `from` up; at most 54 bits are set there.
  private static long bits(long[] magnitude, int from) {
    int limb = from >>> 6;
    int bit = from & 63;
    if (limb >= LIMBS) {
      return 0;
    }
    long low = magnitude[limb] >>> bit;
    return bit == 0 || limb + 1 == LIMBS ? low : low | (magnitude[limb + 1] << (64 - bit));
  }

  private static boolean roundsUp(long[] magnitude, int drop, long kept) {
    if (drop == 0) {
      return false;
    }
    int half = drop - 1;
    if ((magnitude[half >>> 6] >>> (half & 63) & 1) == 0) {
      return false;
    }
    if ((kept & 1) != 0) {
      return true;
    }
    for (int i = 0; i < half >>> 6; i++) {
      if (magnitude[i] != 0) {
        return true;
      }
    }
    return (magnitude[half >>> 6] & ((1L << (half & 63)) - 1)) != 0;
  }
}
