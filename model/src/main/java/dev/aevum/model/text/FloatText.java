package dev.aevum.model.text;

import static dev.aevum.model.batch.Memory.BYTE;

import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.type.SimpleType;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Texts of floating-point numbers. Output is the shortest that reads back to the same bits, laid
/// out as PostgreSQL does: with an exponent (of at least two digits) below 1e-04 and from 1e+15 on
/// (real: 1e+06).
public final class FloatText {
  private static final double[] EXACT_POWERS = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22
  };
  private static final long EXACT_MANTISSA = 1L << 53;

  private FloatText() {}

  /// NaN and the infinities in any case, else null.
  static @Nullable Double special(String trimmed) {
    if (trimmed.isEmpty() || trimmed.length() > 9 || FloatText.digitOrPoint(trimmed)) {
      return null;
    }
    return switch (trimmed.toLowerCase(Locale.ROOT)) {
      case "nan" -> Double.NaN;
      case "inf", "infinity", "+inf", "+infinity" -> Double.POSITIVE_INFINITY;
      case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
      default -> null;
    };
  }

  private static boolean digitOrPoint(String text) {
    char last = text.charAt(text.length() - 1);
    return (last >= '0' && last <= '9') || last == '.';
  }

  /// Sign, digits with at most one point, exponent: what PostgreSQL and Java both read.
  static boolean isDecimal(String s) {
    int at = 0;
    int length = s.length();
    if (at < length && (s.charAt(at) == '-' || s.charAt(at) == '+')) {
      at++;
    }
    int digits = 0;
    boolean point = false;
    for (; at < length; at++) {
      char c = s.charAt(at);
      if (c >= '0' && c <= '9') {
        digits++;
      } else if (c == '.' && !point) {
        point = true;
      } else {
        break;
      }
    }
    if (digits == 0) {
      return false;
    }
    return at == length || ((s.charAt(at) | 0x20) == 'e' && isExponent(s, at + 1));
  }

  private static boolean isExponent(String s, int from) {
    int at = from;
    if (at < s.length() && (s.charAt(at) == '-' || s.charAt(at) == '+')) {
      at++;
    }
    if (at == s.length()) {
      return false;
    }
    for (; at < s.length(); at++) {
      if (s.charAt(at) < '0' || s.charAt(at) > '9') {
        return false;
      }
    }
    return true;
  }

  /// Errors: 22P02; 22003 for what overflows to an infinity or underflows to zero.
  public static double parseDouble(MemorySegment s, long offset, int length) {
    long mantissa = 0;
    int digits = 0;
    int fraction = -1;
    long at = offset;
    long end = offset + length;
    boolean negative = at < end && s.get(BYTE, at) == '-';
    if (negative) {
      at++;
    }
    for (; at < end; at++) {
      byte b = s.get(BYTE, at);
      if (b >= '0' && b <= '9' && digits < 18) {
        mantissa = mantissa * 10 + b - '0';
        digits++;
        fraction += fraction >= 0 ? 1 : 0;
      } else if (b == '.' && fraction < 0) {
        fraction = 0;
      } else {
        return parseDouble(Utf8.string(s, offset, length));
      }
    }
    if (digits == 0 || mantissa >= EXACT_MANTISSA) {
      return parseDouble(Utf8.string(s, offset, length));
    }
    double value = fraction > 0 ? mantissa / EXACT_POWERS[fraction] : mantissa;
    return negative ? -value : value;
  }

  private static double parseDouble(String text) {
    String trimmed = NumberText.trim(text);
    Double special = special(trimmed);
    if (special != null) {
      return special;
    }
    if (!isDecimal(trimmed)) {
      throw TextErrors.invalidSyntax(SimpleType.DOUBLE, text);
    }
    double value = Double.parseDouble(trimmed);
    if (Double.isInfinite(value) || (value == 0 && hasDigit(trimmed))) {
      throw TextErrors.floatRange(SimpleType.DOUBLE, text);
    }
    return value;
  }

  /// Errors: as [#parseDouble].
  public static float parseFloat(MemorySegment s, long offset, int length) {
    String text = Utf8.string(s, offset, length);
    String trimmed = NumberText.trim(text);
    Double special = special(trimmed);
    if (special != null) {
      return special.floatValue();
    }
    if (!isDecimal(trimmed)) {
      throw TextErrors.invalidSyntax(SimpleType.REAL, text);
    }
    float value = Float.parseFloat(trimmed);
    if (Float.isInfinite(value) || (value == 0 && hasDigit(trimmed))) {
      throw TextErrors.floatRange(SimpleType.REAL, text);
    }
    return value;
  }

  /// A digit other than 0 before the exponent.
  private static boolean hasDigit(String number) {
    for (int i = 0; i < number.length(); i++) {
      char c = number.charAt(i);
      if (c == 'e' || c == 'E') {
        return false;
      }
      if (c >= '1' && c <= '9') {
        return true;
      }
    }
    return false;
  }

  public static void format(double value, ByteSink out) {
    if (!formatSpecial(value, out)) {
      layOut(shortest(value), 15, out);
    }
  }

  public static void format(float value, ByteSink out) {
    if (!formatSpecial(value, out)) {
      layOut(shortest(value), 6, out);
    }
  }

  private static boolean formatSpecial(double value, ByteSink out) {
    if (Double.isNaN(value)) {
      out.appendText("NaN");
    } else if (Double.isInfinite(value)) {
      out.appendText(value > 0 ? "Infinity" : "-Infinity");
    } else if (value == 0) {
      out.appendText(1 / value < 0 ? "-0" : "0");
    } else {
      return false;
    }
    return true;
  }

  /// Java prints at least two digits: where one is enough to read back, that one. Java also takes a
  /// decimal that lies exactly between two doubles, which only even ones read back; PostgreSQL does
  /// not rely on that. Such ties exist only among large values.
  private static String shortest(double value) {
    String text = Double.toString(value);
    String one = oneDigit(text);
    String chosen = one != null && Double.parseDouble(one) == value ? one : text;
    double magnitude = Math.abs(value);
    return magnitude < 0x1p51 || magnitude > 1e40
        ? chosen
        : inside(chosen, value, Math.nextDown(value), Math.nextUp(value));
  }

  private static String shortest(float value) {
    String text = Float.toString(value);
    String one = oneDigit(text);
    String chosen = one != null && Float.parseFloat(one) == value ? one : text;
    float magnitude = Math.abs(value);
    return magnitude < 0x1p22f || magnitude > 1e20f
        ? chosen
        : inside(chosen, value, Math.nextDown(value), Math.nextUp(value));
  }

  /// `text`, or where it is one of the bounds, the shortest decimal strictly between them.
  private static String inside(String text, double value, double below, double above) {
    BigDecimal exact = new BigDecimal(value);
    BigDecimal two = BigDecimal.valueOf(2);
    BigDecimal low = exact.add(new BigDecimal(below)).divide(two);
    BigDecimal high = exact.add(new BigDecimal(above)).divide(two);
    BigDecimal decimal = new BigDecimal(text);
    if (decimal.compareTo(low) > 0 && decimal.compareTo(high) < 0) {
      return text;
    }
    for (int digits = 1; ; digits++) {
      BigDecimal down = exact.round(new MathContext(digits, RoundingMode.FLOOR));
      BigDecimal up = exact.round(new MathContext(digits, RoundingMode.CEILING));
      boolean downFits = down.compareTo(low) > 0;
      boolean upFits = up.compareTo(high) < 0;
      if (downFits || upFits) {
        boolean nearerDown = exact.subtract(down).compareTo(up.subtract(exact)) <= 0;
        BigDecimal chosen = downFits && (nearerDown || !upFits) ? down : up;
        return plain(chosen);
      }
    }
  }

  private static String plain(BigDecimal value) {
    String digits = value.unscaledValue().toString();
    return digits + ".0E" + -value.scale();
  }

  private static @Nullable String oneDigit(String text) {
    int e = text.indexOf('E');
    int point = text.indexOf('.');
    if (e < 0 || e - point != 2 || text.charAt(point + 1) == '0') {
      return null;
    }
    int tens = text.charAt(point - 1) - '0';
    int digit = tens + (text.charAt(point + 1) >= '5' ? 1 : 0);
    return digit == 10 ? null : text.substring(0, point - 1) + digit + ".0" + text.substring(e);
  }

  /// Turns Java's text of a finite value other than zero into PostgreSQL's.
  private static void layOut(String java, int maxExponent, ByteSink out) {
    int at = 0;
    if (java.charAt(0) == '-') {
      out.appendByte('-');
      at = 1;
    }
    int e = java.indexOf('E');
    int end = e < 0 ? java.length() : e;
    int point = java.indexOf('.');
    String digits = java.substring(at, point) + java.substring(point + 1, end);
    int exponent = point - at - 1 + (e < 0 ? 0 : Integer.parseInt(java.substring(e + 1)));
    int lead = 0;
    while (digits.charAt(lead) == '0') {
      lead++;
    }
    int last = digits.length();
    while (digits.charAt(last - 1) == '0') {
      last--;
    }
    digits = digits.substring(lead, last);
    exponent -= lead;
    if (exponent < -4 || exponent >= maxExponent) {
      scientific(digits, exponent, out);
    } else if (exponent < 0) {
      out.appendText("0." + "0".repeat(-exponent - 1) + digits);
    } else if (digits.length() <= exponent + 1) {
      out.appendText(digits + "0".repeat(exponent + 1 - digits.length()));
    } else {
      out.appendText(digits.substring(0, exponent + 1) + "." + digits.substring(exponent + 1));
    }
  }

  private static void scientific(String digits, int exponent, ByteSink out) {
    out.appendByte(digits.charAt(0));
    if (digits.length() > 1) {
      out.appendByte('.');
      out.appendText(digits.substring(1));
    }
    out.appendByte('e');
    out.appendByte(exponent < 0 ? '-' : '+');
    NumberText.padded(Math.abs(exponent), 2, out);
  }
}
