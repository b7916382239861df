package dev.aevum.wire.postgres.value;

import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.codec.NumericBytes;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.math.BigInteger;

/// Binary `numeric`: digit count, weight, sign and display scale as int16, then the digits in base
/// 10000, the point after digit `weight`. Not thread-safe: keeps scratch space.
final class NumericOutput {
  static final int POSITIVE = 0x0000;
  static final int NEGATIVE = 0x4000;
  static final int NAN = 0xc000;
  static final int POSITIVE_INFINITY = 0xd000;
  static final int NEGATIVE_INFINITY = 0xf000;

  static final int BASE = 10_000;
  private static final BigInteger BASE_18 = BigInteger.TEN.pow(16);
  private static final int[] POWERS = {1, 10, 100, 1000, 10_000};

  /// Digits, least significant first.
  private short[] digits = new short[16];

  private int count;

  /// A value in the form of [NumericBytes].
  void append(MemorySegment segment, long offset, int length, ByteSink out) {
    byte kind = NumericBytes.classOf(segment, offset);
    if (!NumericBytes.isFinite(segment, offset)) {
      int sign =
          kind == NumericBytes.NAN
              ? NAN
              : kind == NumericBytes.NEGATIVE_INFINITY ? NEGATIVE_INFINITY : POSITIVE_INFINITY;
      header(0, 0, sign, kind == NumericBytes.NAN ? 0 : 0x20, out);
    } else if (NumericBytes.isShort(segment, offset, length)) {
      append(
          NumericBytes.unscaled(segment, offset, length), NumericBytes.scale(segment, offset), out);
    } else {
      BigDecimal value = NumericBytes.decode(segment, offset, length);
      append(value.unscaledValue(), value.scale(), out);
    }
  }

  /// A two's complement integer of 128 bits, scaled.
  void append128(long low, long high, int scale, ByteSink out) {
    if (high == low >> 63) {
      append(low, scale, out);
    } else {
      BigInteger value =
          BigInteger.valueOf(high).shiftLeft(64).or(new BigInteger(Long.toUnsignedString(low)));
      append(value, scale, out);
    }
  }

  void append(long unscaled, int scale, ByteSink out) {
    if (unscaled == Long.MIN_VALUE) {
      append(BigInteger.valueOf(unscaled), scale, out);
      return;
    }
    count = 0;
    long rest = fraction(Math.abs(unscaled), scale);
    while (rest != 0) {
      push((int) (rest % BASE));
      rest /= BASE;
    }
    finish(unscaled < 0, scale, out);
  }

  private void append(BigInteger unscaled, int scale, ByteSink out) {
    count = 0;
    BigInteger rest = unscaled.abs();
    int odd = scale & 3;
    if (odd != 0) {
      BigInteger[] parts = rest.divideAndRemainder(BigInteger.valueOf(POWERS[odd]));
      push(parts[1].intValue() * POWERS[4 - odd]);
      rest = parts[0];
    }
    while (rest.signum() != 0) {
      BigInteger[] parts = rest.divideAndRemainder(BASE_18);
      long part = parts[1].longValue();
      for (int i = 0; i < 4; i++) {
        push((int) (part % BASE));
        part /= BASE;
      }
      rest = parts[0];
    }
    finish(unscaled.signum() < 0, scale, out);
  }

  /// Pushes the last digit of the fraction where it is not a whole one; returns what is left.
  private long fraction(long magnitude, int scale) {
    int odd = scale & 3;
    if (odd == 0) {
      return magnitude;
    }
    push((int) (magnitude % POWERS[odd]) * POWERS[4 - odd]);
    return magnitude / POWERS[odd];
  }

  private void push(int digit) {
    if (count == digits.length) {
      digits = java.util.Arrays.copyOf(digits, count * 2);
    }
    digits[count++] = (short) digit;
  }

  private void finish(boolean negative, int scale, ByteSink out) {
    int top = count;
    while (top > 0 && digits[top - 1] == 0) {
      top--;
    }
    int bottom = 0;
    while (bottom < top && digits[bottom] == 0) {
      bottom++;
    }
    int weight = top == 0 ? 0 : top - 1 - ((scale + 3) >> 2);
    header(top - bottom, weight, negative && top > 0 ? NEGATIVE : POSITIVE, scale, out);
    for (int i = top - 1; i >= bottom; i--) {
      out.appendShortBig(digits[i]);
    }
  }

  private static void header(int digitCount, int weight, int sign, int scale, ByteSink out) {
    out.appendShortBig(digitCount);
    out.appendShortBig(weight);
    out.appendShortBig(sign);
    out.appendShortBig(scale);
  }
}
