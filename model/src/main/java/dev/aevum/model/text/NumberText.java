package dev.aevum.model.text;

import static dev.aevum.model.batch.Memory.BYTE;

import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.codec.NumericBytes;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.PhysicalType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/// Texts of integers and exact numerics. Common forms are read straight from bytes.
public final class NumberText {
  private static final BigInteger LOW_64 = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
  private static final long[] POWERS = new long[19];
  private static final int MAX_EXPONENT = 200_000;

  static {
    long power = 1;
    for (int i = 0; i < POWERS.length; i++) {
      POWERS[i] = power;
      power *= 10;
    }
  }

  private NumberText() {}

  /// `10^exponent`, up to 18.
  public static long power(int exponent) {
    return POWERS[exponent];
  }

  static boolean isSpace(byte b) {
    return b == ' ' || (b >= '\t' && b <= '\r');
  }

  /// An integer between `min` and `max`, with blanks around it.
  ///
  /// Errors: 22P02, 22003.
  public static long parseInteger(
      SqlType type, MemorySegment s, long offset, int length, long min, long max) {
    long at = offset;
    long end = offset + length;
    while (at < end && isSpace(s.get(BYTE, at))) {
      at++;
    }
    while (end > at && isSpace(s.get(BYTE, end - 1))) {
      end--;
    }
    boolean negative = false;
    if (at < end && (s.get(BYTE, at) == '-' || s.get(BYTE, at) == '+')) {
      negative = s.get(BYTE, at) == '-';
      at++;
    }
    if (at == end) {
      throw TextErrors.invalidSyntax(type, Utf8.string(s, offset, length));
    }
    long value = 0;
    boolean overflow = false;
    for (; at < end; at++) {
      int digit = s.get(BYTE, at) - '0';
      if (digit < 0 || digit > 9) {
        throw TextErrors.invalidSyntax(type, Utf8.string(s, offset, length));
      }
      overflow |= value < (Long.MIN_VALUE + digit) / 10;
      value = value * 10 - digit;
    }
    if (overflow || (!negative && value == Long.MIN_VALUE)) {
      throw TextErrors.integerRange(type, Utf8.string(s, offset, length));
    }
    long signed = negative ? value : -value;
    if (signed < min || signed > max) {
      throw TextErrors.integerRange(type, Utf8.string(s, offset, length));
    }
    return signed;
  }

  public static void format(long value, ByteSink out) {
    if (value < 0) {
      if (value == Long.MIN_VALUE) {
        out.appendText("-9223372036854775808");
        return;
      }
      out.appendByte('-');
      formatUnsigned(-value, out);
    } else {
      formatUnsigned(value, out);
    }
  }

  private static int digits(long value) {
    int digits = 1;
    while (digits < 19 && value >= POWERS[digits]) {
      digits++;
    }
    return digits;
  }

  private static void formatUnsigned(long value, ByteSink out) {
    padded(value, digits(value), out);
  }

  /// A value that is not negative with at least `width` digits.
  static void padded(long value, int width, ByteSink out) {
    int count = Math.max(width, digits(value));
    out.ensure(count);
    byte[] bytes = out.array();
    int at = out.position() + count;
    long rest = value;
    for (int i = 0; i < count; i++) {
      bytes[--at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    out.position(out.position() + count);
  }

  /// Appends a decimal, rounding half away from zero to the type's scale.
  ///
  /// Errors: 22P02, 22003.
  static void parseDecimal(
      DecimalType type, MemorySegment s, long offset, int length, ColumnWriter out) {
    if (!parseShortDecimal(type, s, offset, length, out)) {
      String text = Utf8.string(s, offset, length);
      append(type, parseNumeric(text), out);
    }
  }

  /// Plain digits with a point, at most 18 significant ones after rounding. False (and nothing
  /// appended) for all else.
  private static boolean parseShortDecimal(
      DecimalType type, MemorySegment s, long offset, int length, ColumnWriter out) {
    long at = offset;
    long end = offset + length;
    boolean negative = at < end && s.get(BYTE, at) == '-';
    if (negative) {
      at++;
    }
    long value = 0;
    int digits = 0;
    int fraction = -1;
    boolean roundUp = false;
    for (; at < end; at++) {
      byte b = s.get(BYTE, at);
      if (b == '.' && fraction < 0) {
        fraction = 0;
        continue;
      }
      int digit = b - '0';
      if (digit < 0 || digit > 9) {
        return false;
      }
      if (fraction >= type.scale()) {
        roundUp |= fraction == type.scale() && digit >= 5;
        fraction++;
        digits++;
        continue;
      }
      if (value >= 100_000_000_000_000_000L) {
        return false;
      }
      value = value * 10 + digit;
      digits++;
      fraction += fraction >= 0 ? 1 : 0;
    }
    if (digits == 0) {
      return false;
    }
    int missing = type.scale() - Math.max(0, fraction);
    if (missing > 0) {
      if (missing > 18 || value >= POWERS[18] / POWERS[missing]) {
        return false;
      }
      value *= POWERS[missing];
    }
    value += roundUp ? 1 : 0;
    if (type.precision() <= 18 && value >= POWERS[type.precision()]) {
      throw TextErrors.numericOverflow(type);
    }
    long signed = negative ? -value : value;
    if (type.physical() == PhysicalType.INT64) {
      out.appendLong(signed);
    } else {
      out.append16(signed, signed >> 63);
    }
    return true;
  }

  /// A finite value, or the Double NaN or infinity.
  ///
  /// Errors: 22P02, 22003.
  public static Number parseNumeric(String text) {
    String trimmed = trim(text);
    Double special = FloatText.special(trimmed);
    if (special != null) {
      return special;
    }
    if (!FloatText.isDecimal(trimmed)) {
      throw TextErrors.invalidSyntax(SimpleType.NUMERIC, text);
    }
    int e = Math.max(trimmed.indexOf('e'), trimmed.indexOf('E'));
    if (e >= 0) {
      checkExponent(trimmed.substring(e + 1));
    }
    BigDecimal value = new BigDecimal(trimmed);
    if (value.scale() < 0) {
      checkRange(value);
      value = value.setScale(0);
    } else if (value.scale() > NumericBytes.MAX_SCALE) {
      value = value.setScale(NumericBytes.MAX_SCALE, RoundingMode.HALF_UP);
    }
    checkRange(value);
    return value;
  }

  private static void checkExponent(String digits) {
    try {
      if (Math.abs((long) Integer.parseInt(digits)) <= MAX_EXPONENT) {
        return;
      }
    } catch (NumberFormatException e) {
      throw overflow();
    }
    throw overflow();
  }

  private static void checkRange(BigDecimal value) {
    if (value.signum() != 0
        && (long) value.precision() - value.scale() > NumericBytes.MAX_INTEGER_DIGITS) {
      throw overflow();
    }
  }

  private static SqlException overflow() {
    return new SqlException(ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE, "value overflows numeric format");
  }

  static String trim(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && text.charAt(from) < 128 && isSpace((byte) text.charAt(from))) {
      from++;
    }
    while (to > from && text.charAt(to - 1) < 128 && isSpace((byte) text.charAt(to - 1))) {
      to--;
    }
    return text.substring(from, to);
  }

  /// Rounds a value to a decimal type.
  ///
  /// Errors: 22003 with PostgreSQL's detail.
  public static BigDecimal round(DecimalType type, Number value) {
    if (value instanceof Double special) {
      throw TextErrors.numericCannotHold(type, special.isNaN() ? "NaN" : "an infinite value");
    }
    BigDecimal rounded = ((BigDecimal) value).setScale(type.scale(), RoundingMode.HALF_UP);
    if (rounded.precision() > type.precision()) {
      throw TextErrors.numericOverflow(type);
    }
    return rounded;
  }

  /// Appends a value to a decimal column, rounded.
  static void append(DecimalType type, Number value, ColumnWriter out) {
    BigInteger unscaled = round(type, value).unscaledValue();
    if (type.physical() == PhysicalType.INT64) {
      out.appendLong(unscaled.longValueExact());
    } else {
      out.append16(unscaled.longValue(), unscaled.shiftRight(64).longValue());
    }
  }

  /// The 128-bit integer of two halves.
  public static BigInteger int128(long low, long high) {
    return BigInteger.valueOf(high).shiftLeft(64).add(BigInteger.valueOf(low).and(LOW_64));
  }

  /// `unscaled * 10^-scale` in plain digits.
  public static void formatDecimal(long unscaled, int scale, ByteSink out) {
    if (scale == 0) {
      format(unscaled, out);
    } else if (unscaled == Long.MIN_VALUE || scale > 18) {
      out.appendText(BigDecimal.valueOf(unscaled, scale).toPlainString());
    } else {
      if (unscaled < 0) {
        out.appendByte('-');
      }
      long magnitude = Math.abs(unscaled);
      formatUnsigned(magnitude / POWERS[scale], out);
      out.appendByte('.');
      padded(magnitude % POWERS[scale], scale, out);
    }
  }

  static void formatDecimal(long low, long high, int scale, ByteSink out) {
    if (high == low >> 63) {
      formatDecimal(low, scale, out);
    } else {
      out.appendText(new BigDecimal(int128(low, high), scale).toPlainString());
    }
  }

  /// Bytes of [NumericBytes] as text.
  public static void formatNumeric(MemorySegment s, long offset, int length, ByteSink out) {
    switch (NumericBytes.classOf(s, offset)) {
      case NumericBytes.NAN -> out.appendText("NaN");
      case NumericBytes.POSITIVE_INFINITY -> out.appendText("Infinity");
      case NumericBytes.NEGATIVE_INFINITY -> out.appendText("-Infinity");
      default -> {
        if (NumericBytes.isShort(s, offset, length)) {
          formatDecimal(
              NumericBytes.unscaled(s, offset, length), NumericBytes.scale(s, offset), out);
        } else {
          out.appendText(NumericBytes.decode(s, offset, length).toPlainString());
        }
      }
    }
  }
}
