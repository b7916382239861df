package dev.aevum.executor.function;

import dev.aevum.executor.numeric.PgNumeric;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/// to_char of numbers: 9 0 . D , G S MI PL SG PR FM and literal text; PostgreSQL 17, table 9.29.
/// EEEE, RN, TH and V are refused.
final class NumberFormat {
  private final String pattern;
  private final boolean fill;
  private int integerDigits;
  private int fractionDigits;
  private int firstZero = -1;
  private boolean signed;

  private NumberFormat(String format) {
    String upper = format.toUpperCase(Locale.ROOT);
    for (String word : new String[] {"EEEE", "RN", "TH", "V"}) {
      if (upper.contains(word)) {
        throw new SqlException(
            ErrorCode.FEATURE_NOT_SUPPORTED, "number format \"" + word + "\" is not supported");
      }
    }
    fill = !upper.contains("FM");
    pattern = upper.replace("FM", "");
    boolean afterPoint = false;
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c == '.' || c == 'D') {
        afterPoint = true;
      } else if (c == '9' || c == '0') {
        if (afterPoint) {
          fractionDigits++;
        } else {
          if (c == '0' && firstZero < 0) {
            firstZero = integerDigits;
          }
          integerDigits++;
        }
      } else if (c == 'S' || c == 'M' || c == 'P') {
        signed = true;
      }
    }
  }

  static String format(PgNumeric value, String format) {
    return new NumberFormat(format).format(value);
  }

  private String format(PgNumeric value) {
    if (!value.isFinite()) {
      return value.isNaN() ? "NaN" : value.signum() < 0 ? "-Infinity" : "Infinity";
    }
    BigDecimal rounded = value.decimal().setScale(fractionDigits, RoundingMode.HALF_UP);
    boolean negative = rounded.signum() < 0;
    String digits = rounded.abs().toPlainString();
    int point = digits.indexOf('.');
    String whole = point < 0 ? digits : digits.substring(0, point);
    String fraction = point < 0 ? "" : digits.substring(point + 1);
    if (whole.equals("0") && fractionDigits > 0 && firstZero < 0) {
      whole = "";
    }
    boolean overflow = whole.length() > integerDigits;
    return body(
        overflow ? "#".repeat(integerDigits) : whole,
        overflow ? "#".repeat(fractionDigits) : fraction,
        negative);
  }

  private String body(String whole, String fraction, boolean negative) {
    StringBuilder out = new StringBuilder();
    int place = 0;
    int used = 0;
    int lead = integerDigits - whole.length();
    boolean started = false;
    boolean signDone = signed;
    boolean afterPoint = false;
    String trimmed = fill ? fraction : keptFraction(fraction);
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      switch (c) {
        case '9', '0' -> {
          if (afterPoint) {
            if (used < trimmed.length()) {
              out.append(trimmed.charAt(used));
            }
            used++;
          } else {
            boolean digit = place >= lead;
            boolean zero = firstZero >= 0 && place >= firstZero;
            if ((digit || zero) && !signDone) {
              sign(out, negative);
              signDone = true;
            }
            if (digit) {
              out.append(whole.charAt(place - lead));
              started = true;
            } else if (zero) {
              out.append('0');
              started = true;
            } else if (fill) {
              out.append(' ');
            }
            place++;
          }
        }
        case '.', 'D' -> {
          if (!signDone) {
            sign(out, negative);
            signDone = true;
          }
          afterPoint = true;
          out.append('.');
        }
        case ',', 'G' -> {
          if (started) {
            out.append(',');
          } else if (fill) {
            out.append(' ');
          }
        }
        case 'S' -> out.append(negative ? '-' : '+');
        case 'M', 'P' -> {
          char next = i + 1 < pattern.length() ? pattern.charAt(i + 1) : ' ';
          if (c == 'M' && next == 'I') {
            out.append(negative ? "-" : fill ? " " : "");
            i++;
          } else if (c == 'P' && next == 'L') {
            out.append(negative ? fill ? " " : "" : "+");
            i++;
          } else if (c == 'P' && next == 'R') {
            i++;
            bracket(out, negative);
          } else {
            out.append(c);
          }
        }
        case '"' -> {
          int end = pattern.indexOf('"', i + 1);
          end = end < 0 ? pattern.length() : end;
          out.append(pattern, i + 1, end);
          i = end;
        }
        default -> out.append(c);
      }
    }
    if (!signDone) {
      sign(out, negative);
    }
    return out.toString();
  }

  /// Without fill, nines at the end of the fraction show no zeros.
  private String keptFraction(String fraction) {
    int point = Math.max(pattern.indexOf('.'), pattern.indexOf('D'));
    if (point < 0) {
      return fraction;
    }
    int lastZero = pattern.substring(point).lastIndexOf('0');
    int keep = 0;
    for (int i = 1; i <= lastZero; i++) {
      char c = pattern.charAt(point + i);
      keep += c == '9' || c == '0' ? 1 : 0;
    }
    int end = fraction.length();
    while (end > keep && fraction.charAt(end - 1) == '0') {
      end--;
    }
    return fraction.substring(0, end);
  }

  private void sign(StringBuilder out, boolean negative) {
    if (negative) {
      out.append('-');
    } else if (fill) {
      out.append(' ');
    }
  }

  private void bracket(StringBuilder out, boolean negative) {
    int from = 0;
    while (from < out.length() && out.charAt(from) == ' ') {
      from++;
    }
    out.insert(from, negative ? "<" : fill ? " " : "");
    out.append(negative ? ">" : fill ? " " : "");
  }
}
