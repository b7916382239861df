package dev.aevum.executor.numeric;

import java.math.BigInteger;

/// Powers of ten in 64 and 128 bits.
public final class PowersOfTen {
  private static final int MAX = 38;
  private static final long[] LOW = new long[MAX + 1];
  private static final long[] HIGH = new long[MAX + 1];

  static {
    BigInteger power = BigInteger.ONE;
    for (int i = 0; i <= MAX; i++) {
      LOW[i] = power.longValue();
      HIGH[i] = power.shiftRight(64).longValue();
      power = power.multiply(BigInteger.TEN);
    }
  }

  private PowersOfTen() {}

  /// 10^`exponent`, 0 to 18.
  public static long of(int exponent) {
    if (exponent > 18) {
      throw new IllegalArgumentException("10^" + exponent);
    }
    return LOW[exponent];
  }

  /// Low 64 bits of 10^`exponent`, 0 to 38.
  public static long low(int exponent) {
    return LOW[exponent];
  }

  public static long high(int exponent) {
    return HIGH[exponent];
  }
}
