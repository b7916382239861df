package dev.aevum.wire.postgres.value;

import dev.aevum.wire.postgres.message.BigEndian;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/// Reads PostgreSQL's binary `numeric` (see [NumericOutput]).
final class NumericInput {
  private static final int MAX_SCALE = 16383;

  private NumericInput() {}

  /// The value: a BigDecimal, or a Double for NaN and the infinities. Errors: 22P03; `tooLarge`
  /// where there are more than `maxIntegerDigits` digits before the point, before they are
  /// computed.
  static Number value(
      byte[] bytes, int offset, int length, int maxIntegerDigits, RuntimeException tooLarge) {
    if (length < 8) {
      throw BinaryInput.malformed("a numeric has at least 8 bytes");
    }
    int count = unsignedShort(bytes, offset);
    int weight = BigEndian.shortAt(bytes, offset + 2);
    int sign = unsignedShort(bytes, offset + 4);
    int scale = unsignedShort(bytes, offset + 6);
    if (length != 8 + 2 * count) {
      throw BinaryInput.malformed("a numeric of " + count + " digits has not " + length + " bytes");
    }
    return switch (sign) {
      case NumericOutput.NAN -> Double.NaN;
      case NumericOutput.POSITIVE_INFINITY -> Double.POSITIVE_INFINITY;
      case NumericOutput.NEGATIVE_INFINITY -> Double.NEGATIVE_INFINITY;
      case NumericOutput.POSITIVE, NumericOutput.NEGATIVE -> {
        if (scale > MAX_SCALE) {
          throw BinaryInput.malformed("invalid scale in external \"numeric\" value");
        }
        int zeros = leadingZeros(bytes, offset + 8, count);
        if (zeros < count && 4 * (weight - zeros) >= maxIntegerDigits) {
          throw tooLarge;
        }
        BigDecimal value =
            finite(bytes, offset + 8, count, weight).setScale(scale, RoundingMode.DOWN);
        yield sign == NumericOutput.NEGATIVE ? value.negate() : value;
      }
      default -> throw BinaryInput.malformed("invalid sign in external \"numeric\" value");
    };
  }

  /// Digits in base 10000 that are zero, from the first on.
  private static int leadingZeros(byte[] bytes, int offset, int count) {
    int zeros = 0;
    while (zeros < count && unsignedShort(bytes, offset + 2 * zeros) == 0) {
      zeros++;
    }
    return zeros;
  }

  private static BigDecimal finite(byte[] bytes, int offset, int count, int weight) {
    StringBuilder digits = new StringBuilder(4 * count + 1).append('0');
    for (int i = 0; i < count; i++) {
      int digit = unsignedShort(bytes, offset + 2 * i);
      if (digit >= NumericOutput.BASE) {
        throw BinaryInput.malformed("invalid digit in external \"numeric\" value");
      }
      digits.append((char) ('0' + digit / 1000)).append((char) ('0' + digit / 100 % 10));
      digits.append((char) ('0' + digit / 10 % 10)).append((char) ('0' + digit % 10));
    }
    return new BigDecimal(new BigInteger(digits.toString()), -4 * (weight - count + 1));
  }

  private static int unsignedShort(byte[] bytes, int at) {
    return Short.toUnsignedInt(BigEndian.shortAt(bytes, at));
  }
}
