package dev.aevum.executor.sketch;

import java.math.BigInteger;

/// A double, an integer, or a product of such, exactly: digits of 32 bits and an exponent. Reused
/// from row to row.
final class Factor {
  private static final long MASK = 0xffff_ffffL;

  private final long[] digits = new long[9];
  private int length;
  private int exponent;
  private boolean negative;

  /// A finite number.
  void set(double value) {
    long bits = Double.doubleToRawLongBits(value);
    int biased = (int) (bits >>> 52) & 0x7ff;
    long mantissa = bits & 0xf_ffff_ffff_ffffL;
    set(biased == 0 ? mantissa : mantissa | 1L << 52);
    exponent = Math.max(biased, 1) - 1075;
    negative = bits < 0;
  }

  void setInteger(long value) {
    set(value < 0 ? -value : value);
    exponent = 0;
    negative = value < 0;
  }

  private void set(long magnitude) {
    digits[0] = magnitude & MASK;
    digits[1] = magnitude >>> 32;
    length = digits[1] != 0 ? 2 : digits[0] != 0 ? 1 : 0;
  }

  void setProduct(Factor a, Factor b) {
    length = a.length == 0 || b.length == 0 ? 0 : a.length + b.length;
    exponent = a.exponent + b.exponent;
    negative = a.negative != b.negative;
    for (int i = 0; i < length; i++) {
      digits[i] = 0;
    }
    for (int i = 0; i < a.length && length != 0; i++) {
      long carry = 0;
      for (int k = 0; k < b.length; k++) {
        // At most (2^32 - 1)^2 + 2 (2^32 - 1): 64 bits, unsigned.
        long sum = a.digits[i] * b.digits[k] + digits[i + k] + carry;
        digits[i + k] = sum & MASK;
        carry = sum >>> 32;
      }
      digits[i + b.length] = carry;
    }
  }

  boolean isZero() {
    return length == 0;
  }

  int length() {
    return length;
  }

  long digit(int index) {
    return digits[index];
  }

  int exponent() {
    return exponent;
  }

  boolean negative() {
    return negative;
  }

  /// With its sign.
  BigInteger unscaled() {
    BigInteger number = BigInteger.ZERO;
    for (int i = length - 1; i >= 0; i--) {
      number = number.shiftLeft(32).or(BigInteger.valueOf(digits[i]));
    }
    return negative ? number.negate() : number;
  }
}
