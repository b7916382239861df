package dev.aevum.executor.sketch;

import java.math.BigInteger;

/// An exact number `unscaled * 2^exponent`: what sums of doubles, their squares and products are.
/// Rounded once, at the end.
record Dyadic(BigInteger unscaled, int exponent) {
  /// Bits of a quotient or root before it is rounded to 53; the rest is one sticky bit.
  private static final int KEPT = 120;

  static Dyadic of(long value) {
    return new Dyadic(BigInteger.valueOf(value), 0);
  }

  int signum() {
    return unscaled.signum();
  }

  Dyadic plus(Dyadic other) {
    if (signum() == 0) {
      return other;
    }
    if (other.signum() == 0) {
      return this;
    }
    int least = Math.min(exponent, other.exponent);
    return new Dyadic(at(least).add(other.at(least)), least);
  }

  private BigInteger at(int lower) {
    return unscaled.shiftLeft(exponent - lower);
  }

  Dyadic minus(Dyadic other) {
    return plus(new Dyadic(other.unscaled.negate(), other.exponent));
  }

  Dyadic times(Dyadic other) {
    return new Dyadic(unscaled.multiply(other.unscaled), exponent + other.exponent);
  }

  Dyadic times(long factor) {
    return new Dyadic(unscaled.multiply(BigInteger.valueOf(factor)), exponent);
  }

  double toDouble() {
    return round(unscaled, exponent, false);
  }

  /// The nearest double; infinite where it is too great.
  double over(Dyadic divisor) {
    int shift = KEPT - unscaled.bitLength() + divisor.unscaled.bitLength();
    BigInteger[] parts = divide(divisor, shift);
    return round(parts[0], exponent - divisor.exponent - shift, parts[1].signum() != 0);
  }

  /// The square root of the quotient, which is not negative.
  double rootOver(Dyadic divisor) {
    if (signum() * divisor.signum() < 0) {
      throw SketchInput.malformed(); // No sums of real values are like that.
    }
    int shift = 2 * KEPT - unscaled.bitLength() + divisor.unscaled.bitLength();
    if ((exponent - divisor.exponent - shift & 1) != 0) {
      shift++;
    }
    BigInteger[] parts = divide(divisor, shift);
    BigInteger[] root = parts[0].sqrtAndRemainder();
    boolean inexact = parts[1].signum() != 0 || root[1].signum() != 0;
    return round(root[0], (exponent - divisor.exponent - shift) / 2, inexact);
  }

  private BigInteger[] divide(Dyadic divisor, int shift) {
    return shift >= 0
        ? unscaled.shiftLeft(shift).divideAndRemainder(divisor.unscaled)
        : unscaled.divideAndRemainder(divisor.unscaled.shiftLeft(-shift));
  }

  /// `number * 2^exponent`, half to even; `more`: and a little away from zero.
  private static double round(BigInteger number, int exponent, boolean more) {
    if (number.signum() == 0) {
      return 0;
    }
    BigInteger magnitude = number.abs();
    // Below 2^-1022 doubles have fewer bits.
    int drop = Math.max(magnitude.bitLength() - 53, -1074 - exponent);
    double rounded;
    if (drop <= 0) {
      rounded = Math.scalb((double) magnitude.longValueExact(), exponent);
    } else {
      BigInteger kept = magnitude.shiftRight(drop);
      boolean half = magnitude.testBit(drop - 1);
      boolean rest = more || magnitude.getLowestSetBit() < drop - 1;
      long value = kept.longValueExact();
      if (half && (rest || (value & 1) != 0)) {
        value++;
      }
      rounded = scale(value, exponent + drop);
    }
    return number.signum() < 0 ? -rounded : rounded;
  }

  /// Exact, or infinite.
  private static double scale(long value, int exponent) {
    return value == 0 ? 0 : Math.scalb((double) value, exponent);
  }
}
