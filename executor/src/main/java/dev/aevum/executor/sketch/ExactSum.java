package dev.aevum.executor.sketch;

import dev.aevum.model.codec.ByteSink;
import java.math.BigInteger;
import java.util.Arrays;

/// A sum of doubles, integers, or products of up to four of them, without rounding: taking a value
/// back leaves exactly what was there. Digits of 32 bits, each in a long whose upper half takes in
/// carries for a while, for the span of the data only: values of like size take four to six digits.
///
/// Source: Neal's small superaccumulator (2015), of a width that grows.
final class ExactSum {
  private static final long MASK = 0xffff_ffffL;
  private static final long MOST_PENDING = 1L << 29;

  /// Bits below the point: the least product of four doubles is 2^-4296.
  private static final int POINT = 4320;

  private static final int MOST_DIGITS = 2 * POINT / 32;

  private int low;
  private long[] digits = new long[0];
  private long pending;

  /// Adds `factor * weight`.
  void add(Factor factor, long weight) {
    if (factor.isZero()) {
      return;
    }
    if (weight != (int) weight || Math.abs(weight) > 1 << 20) {
      addBig(factor.unscaled().multiply(BigInteger.valueOf(weight)), factor.exponent());
      return;
    }
    long signed = factor.negative() ? -weight : weight;
    int position = factor.exponent() + POINT;
    int first = position >>> 5;
    int shift = position & 31;
    cover(first, first + factor.length() + 1);
    pending += 2 * Math.abs(weight);
    if (pending > MOST_PENDING) {
      normalize();
      cover(first, first + factor.length() + 1);
      pending = 2 * Math.abs(weight);
    }
    int at = first - low;
    for (int i = 0; i < factor.length(); i++) {
      long digit = factor.digit(i) << shift;
      digits[at + i] += (digit & MASK) * signed;
      digits[at + i + 1] += (digit >>> 32) * signed;
    }
  }

  private void cover(int first, int end) {
    if (digits.length == 0) {
      low = first;
      digits = new long[end - first + 1];
    } else if (first < low || end > low + digits.length) {
      int from = Math.min(first, low);
      long[] larger = new long[Math.max(end + 1, low + digits.length) - from];
      System.arraycopy(digits, 0, larger, low - from, digits.length);
      low = from;
      digits = larger;
    }
  }

  /// All digits but the last from 0 to 2^32 - 1; the last one has the sign.
  private void normalize() {
    long carry = 0;
    for (int i = 0; i < digits.length; i++) {
      long digit = digits[i] + carry;
      if (i == digits.length - 1) {
        if (digit == (int) digit) {
          digits[i] = digit;
          break;
        }
        digits = Arrays.copyOf(digits, digits.length + 2);
      }
      digits[i] = digit & MASK;
      carry = digit >> 32;
    }
    pending = 1;
  }

  void merge(ExactSum other) {
    Dyadic value = other.value();
    addBig(value.unscaled(), value.exponent());
  }

  private void addBig(BigInteger number, int exponent) {
    if (number.signum() != 0) {
      set(value().plus(new Dyadic(number, exponent)));
    }
  }

  private void set(Dyadic value) {
    digits = new long[0];
    low = 0;
    pending = 0;
    if (value.signum() == 0) {
      return;
    }
    int zeros = value.unscaled().getLowestSetBit();
    int position = value.exponent() + POINT + zeros;
    BigInteger number = value.unscaled().shiftRight(zeros).shiftLeft(position & 31);
    low = position >>> 5;
    int count = number.bitLength() / 32 + 1;
    digits = new long[count];
    for (int i = 0; i < count; i++) {
      int digit = number.shiftRight(32 * i).intValue();
      digits[i] = i == count - 1 ? digit : digit & MASK;
    }
    pending = 1;
  }

  Dyadic value() {
    if (digits.length == 0) {
      return new Dyadic(BigInteger.ZERO, 0);
    }
    normalize();
    byte[] bytes = new byte[4 * digits.length];
    for (int i = 0; i < digits.length; i++) {
      int digit = (int) digits[digits.length - 1 - i];
      for (int b = 0; b < 4; b++) {
        bytes[4 * i + b] = (byte) (digit >>> (24 - 8 * b));
      }
    }
    return new Dyadic(new BigInteger(bytes), 32 * low - POINT);
  }

  /// The number without trailing zero bits, and its exponent.
  void encode(ByteSink out) {
    Dyadic value = value();
    int zeros = Math.max(0, value.unscaled().getLowestSetBit());
    SketchOutput.integer(out, value.unscaled().shiftRight(zeros));
    if (value.signum() != 0) {
      SketchOutput.signed(out, value.exponent() + zeros);
    }
  }

  static ExactSum decode(SketchInput in) {
    ExactSum sum = new ExactSum();
    BigInteger number = in.integer();
    if (number.signum() != 0) {
      long exponent = in.signed();
      SketchInput.require(
          exponent >= -POINT
              && exponent <= POINT
              && number.bitLength() <= 32 * MOST_DIGITS
              && number.testBit(0));
      sum.set(new Dyadic(number, (int) exponent));
    }
    return sum;
  }
}
