package dev.aevum.model.codec;

import static dev.aevum.model.batch.Memory.BYTE;
import static dev.aevum.model.batch.Memory.SHORT;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteOrder;

/// The bytes of a `numeric` without precision: `[class u8]`, and for finite values `[display scale
/// u16 LE][magnitude, big endian, no leading zero byte]`. The magnitude is the absolute unscaled
/// value, so that 1.0 and 1.00 differ in bytes and compare equal. Up to 21 digits stay inline in a
/// column's view.
///
/// The display scale is 0 to 16383 as in PostgreSQL; digits before the point are bounded by 131072.
public final class NumericBytes {
  /// Classes, in SQL order.
  public static final byte NEGATIVE_INFINITY = 0;

  public static final byte NEGATIVE = 1;
  public static final byte ZERO = 2;
  public static final byte POSITIVE = 3;
  public static final byte POSITIVE_INFINITY = 4;
  public static final byte NAN = 5;

  public static final int MAX_SCALE = 16383;
  public static final int MAX_INTEGER_DIGITS = 131072;

  private static final int HEADER = 3;
  private static final ValueLayout.OfLong LONG_BIG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private NumericBytes() {}

  /// Appends a finite value. A negative scale becomes 0; digits past [#MAX_SCALE] are rounded away.
  ///
  /// Errors: 22003 for more digits than PostgreSQL holds.
  public static void append(BigDecimal value, ByteSink out) {
    BigDecimal v = value;
    if (v.scale() < 0) {
      checkIntegerDigits(v);
      v = v.setScale(0);
    } else if (v.scale() > MAX_SCALE) {
      v = v.setScale(MAX_SCALE, java.math.RoundingMode.HALF_UP);
    }
    checkIntegerDigits(v);
    int sign = v.signum();
    out.appendByte(sign == 0 ? ZERO : sign < 0 ? NEGATIVE : POSITIVE);
    out.appendShort(v.scale());
    if (sign != 0) {
      byte[] magnitude = v.unscaledValue().abs().toByteArray();
      int skip = magnitude[0] == 0 ? 1 : 0;
      out.appendBytes(magnitude, skip, magnitude.length - skip);
    }
  }

  /// Appends `unscaled * 10^-scale`.
  public static void append(long unscaled, int scale, ByteSink out) {
    if (unscaled == Long.MIN_VALUE) {
      append(BigDecimal.valueOf(unscaled, scale), out);
      return;
    }
    out.appendByte(unscaled == 0 ? ZERO : unscaled < 0 ? NEGATIVE : POSITIVE);
    out.appendShort(scale);
    long magnitude = Math.abs(unscaled);
    int bytes = (71 - Long.numberOfLeadingZeros(magnitude)) >>> 3;
    for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) {
      out.appendByte((int) (magnitude >>> shift));
    }
  }

  /// Appends NaN or an infinity; `special` is one of the class constants.
  public static void appendSpecial(byte special, ByteSink out) {
    out.appendByte(special);
  }

  private static void checkIntegerDigits(BigDecimal v) {
    if ((long) v.precision() - v.scale() > MAX_INTEGER_DIGITS) {
      throw new SqlException(
          ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE, "value overflows numeric format");
    }
  }

  public static byte[] encode(BigDecimal value) {
    ByteSink sink = new ByteSink(32);
    append(value, sink);
    return sink.toBytes();
  }

  /// The class constant of a value.
  public static byte classOf(MemorySegment segment, long offset) {
    return segment.get(BYTE, offset);
  }

  public static boolean isFinite(MemorySegment segment, long offset) {
    byte kind = classOf(segment, offset);
    return kind >= NEGATIVE && kind <= POSITIVE;
  }

  public static int scale(MemorySegment segment, long offset) {
    return Short.toUnsignedInt(segment.get(SHORT, offset + 1));
  }

  /// True when the magnitude fits a non-negative long: [#unscaled] may be called.
  public static boolean isShort(MemorySegment segment, long offset, int length) {
    return length < HEADER + 8 || (length == HEADER + 8 && segment.get(BYTE, offset + HEADER) >= 0);
  }

  /// The signed unscaled value of a finite value for which [#isShort] holds.
  public static long unscaled(MemorySegment segment, long offset, int length) {
    long magnitude = 0;
    if (length == HEADER + 8) {
      magnitude = segment.get(LONG_BIG, offset + HEADER);
    } else {
      for (int i = HEADER; i < length; i++) {
        magnitude = magnitude << 8 | (segment.get(BYTE, offset + i) & 0xff);
      }
    }
    return classOf(segment, offset) == NEGATIVE ? -magnitude : magnitude;
  }

  /// The value of a finite one, with its display scale.
  public static BigDecimal decode(MemorySegment segment, long offset, int length) {
    if (!isFinite(segment, offset)) {
      throw new IllegalArgumentException("numeric of class " + classOf(segment, offset));
    }
    int scale = scale(segment, offset);
    if (isShort(segment, offset, length)) {
      return BigDecimal.valueOf(unscaled(segment, offset, length), scale);
    }
    byte[] magnitude = new byte[length - HEADER];
    MemorySegment.copy(segment, BYTE, offset + HEADER, magnitude, 0, magnitude.length);
    int sign = classOf(segment, offset) == NEGATIVE ? -1 : 1;
    return new BigDecimal(new BigInteger(sign, magnitude), scale);
  }

  /// SQL order: -Infinity, finite values, Infinity, NaN; all NaN are equal.
  public static int compare(
      MemorySegment a, long aOffset, int aLength, MemorySegment b, long bOffset, int bLength) {
    byte kind = classOf(a, aOffset);
    int byClass = Byte.compare(kind, classOf(b, bOffset));
    if (byClass != 0 || (kind != POSITIVE && kind != NEGATIVE)) {
      return byClass;
    }
    if (scale(a, aOffset) == scale(b, bOffset)
        && isShort(a, aOffset, aLength)
        && isShort(b, bOffset, bLength)) {
      return Long.compare(unscaled(a, aOffset, aLength), unscaled(b, bOffset, bLength));
    }
    return decode(a, aOffset, aLength).compareTo(decode(b, bOffset, bLength));
  }

  /// Appends bytes whose unsigned order is SQL order and which are equal for equal values of any
  /// scale: the class; then for finite values other than zero the decimal exponent (int32, sign
  /// flipped, big endian), digits in pairs as bytes 1 to 100, and a zero byte; complemented after
  /// the class for negative values.
  static void appendKey(MemorySegment segment, long offset, int length, ByteSink out) {
    byte kind = classOf(segment, offset);
    out.appendByte(kind);
    if (kind != POSITIVE && kind != NEGATIVE) {
      return;
    }
    int flip = kind == NEGATIVE ? 0xff : 0;
    String digits =
        isShort(segment, offset, length)
            ? Long.toString(Math.abs(unscaled(segment, offset, length)))
            : decode(segment, offset, length).unscaledValue().abs().toString();
    int exponent = digits.length() - scale(segment, offset);
    int end = digits.length();
    while (digits.charAt(end - 1) == '0') {
      end--;
    }
    out.appendIntBig(exponent ^ Integer.MIN_VALUE ^ (flip == 0 ? 0 : -1));
    for (int i = 0; i < end; i += 2) {
      int pair = (digits.charAt(i) - '0') * 10 + (i + 1 < end ? digits.charAt(i + 1) - '0' : 0);
      out.appendByte(pair + 1 ^ flip);
    }
    out.appendByte(flip);
  }
}
