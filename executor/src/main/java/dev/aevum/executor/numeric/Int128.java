package dev.aevum.executor.numeric;

import java.math.BigInteger;

/// 128-bit two's complement as (low, high). Each operation comes as one function a half, so that
/// nothing is allocated.
public final class Int128 {
  private Int128() {}

  public static long addHigh(long aLow, long aHigh, long bLow, long bHigh) {
    long low = aLow + bLow;
    return aHigh + bHigh + (Long.compareUnsigned(low, aLow) < 0 ? 1 : 0);
  }

  public static long subtractHigh(long aLow, long aHigh, long bLow, long bHigh) {
    return aHigh - bHigh - (Long.compareUnsigned(aLow, bLow) < 0 ? 1 : 0);
  }

  /// High half of the low 128 bits of a product; the low half is `aLow * bLow`.
  public static long multiplyHigh(long aLow, long aHigh, long bLow, long bHigh) {
    return Math.unsignedMultiplyHigh(aLow, bLow) + aLow * bHigh + aHigh * bLow;
  }

  public static int compare(long aLow, long aHigh, long bLow, long bHigh) {
    return aHigh != bHigh ? Long.compare(aHigh, bHigh) : Long.compareUnsigned(aLow, bLow);
  }

  public static boolean fitsLong(long low, long high) {
    return high == low >> 63;
  }

  /// True when `|value| < 10^digits`, digits 0 to 38.
  public static boolean fitsDigits(long low, long high, int digits) {
    long limitLow = PowersOfTen.low(digits);
    long limitHigh = PowersOfTen.high(digits);
    long negatedLow = -limitLow;
    long negatedHigh = ~limitHigh + (limitLow == 0 ? 1 : 0);
    return compare(low, high, limitLow, limitHigh) < 0
        && compare(low, high, negatedLow, negatedHigh) > 0;
  }

  public static BigInteger toBigInteger(long low, long high) {
    if (fitsLong(low, high)) {
      return BigInteger.valueOf(low);
    }
    return BigInteger.valueOf(high).shiftLeft(64).add(unsigned(low));
  }

  /// The 64 bits as a number from 0.
  public static BigInteger unsigned(long bits) {
    BigInteger value = BigInteger.valueOf(bits & Long.MAX_VALUE);
    return bits < 0 ? value.setBit(63) : value;
  }

  public static long low(BigInteger value) {
    return value.longValue();
  }

  public static long high(BigInteger value) {
    return value.shiftRight(64).longValue();
  }
}
