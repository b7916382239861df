package dev.aevum.wire.postgres.value;

import dev.aevum.wire.postgres.message.BigEndian;
import java.math.BigDecimal;
import java.math.BigInteger;

/// Reads PostgreSQL's binary `numeric` (see [NumericOutput]).
final class NumericInput {
  private static final int MAX_SCALE = 16383;

  private NumericInput() {}

  /// The value's text. Errors: 22P03.
  static String text(byte[] bytes, int offset, int length) {
    if (length < 8) {
      throw BinaryInput.malformed("a numeric has at least 8 bytes");
    }
    int count = unsignedShort(bytes, offset);
    int weight = (short) unsignedShort(bytes, offset + 2);
    int sign = unsignedShort(bytes, offset + 4);
    int scale = unsignedShort(bytes, offset + 6);
    if (length != 8 + 2 * count) {
      throw BinaryInput.malformed("a numeric of " + count + " digits has not " + length + " bytes");
    }
    return switch (sign) {
      case NumericOutput.NAN -> "NaN";
      case NumericOutput.POSITIVE_INFINITY -> "Infinity";
      case NumericOutput.NEGATIVE_INFINITY -> "-Infinity";
      case NumericOutput.POSITIVE, NumericOutput.NEGATIVE -> {
        if (scale > MAX_SCALE) {
          throw BinaryInput.malformed("invalid scale in external \"numeric\" value");
        }
        BigDecimal value =
            finite(bytes, offset + 8, count, weight).setScale(scale, java.math.RoundingMode.DOWN);
        yield (sign == NumericOutput.NEGATIVE ? value.negate() : value).toPlainString();
      }
      default -> throw BinaryInput.malformed("invalid sign in external \"numeric\" value");
    };
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
