package dev.aevum.parser.lexer;

import dev.aevum.model.error.SourceSpan;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// Cooks the inside of `E''`, `U&''`, `B''` and `X''`.
final class Strings {
  private Strings() {}

  /// Backslash escapes as PostgreSQL has them. Octal and hexadecimal ones are bytes, which must
  /// make valid UTF-8 together.
  static String escapes(String raw, SourceSpan span) {
    if (raw.indexOf('\\') < 0) {
      return raw;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(raw.length());
    int i = 0;
    while (i < raw.length()) {
      int c = raw.codePointAt(i);
      i += Character.charCount(c);
      if (c != '\\' || i >= raw.length()) {
        write(bytes, c);
        continue;
      }
      char escaped = raw.charAt(i++);
      switch (escaped) {
        case 'b' -> bytes.write('\b');
        case 'f' -> bytes.write('\f');
        case 'n' -> bytes.write('\n');
        case 'r' -> bytes.write('\r');
        case 't' -> bytes.write('\t');
        case 'u' -> i = codePoint(bytes, raw, i, 4, span);
        case 'U' -> i = codePoint(bytes, raw, i, 8, span);
        case 'x' -> i = number(bytes, raw, i, 2, 16, "x");
        case '0', '1', '2', '3', '4', '5', '6', '7' -> i = number(bytes, raw, i - 1, 3, 8, "");
        default -> {
          i--;
          int other = raw.codePointAt(i);
          i += Character.charCount(other);
          write(bytes, other);
        }
      }
    }
    return decode(bytes.toByteArray(), span);
  }

  private static void write(ByteArrayOutputStream bytes, int codePoint) {
    bytes.writeBytes(Character.toString(codePoint).getBytes(StandardCharsets.UTF_8));
  }

  private static int number(
      ByteArrayOutputStream bytes, String raw, int from, int atMost, int radix, String otherwise) {
    int end = from;
    int value = 0;
    while (end < raw.length()
        && end - from < atMost
        && Character.digit(raw.charAt(end), radix) >= 0) {
      value = value * radix + Character.digit(raw.charAt(end), radix);
      end++;
    }
    if (end == from) {
      bytes.writeBytes(otherwise.getBytes(StandardCharsets.UTF_8));
    } else {
      bytes.write(value & 0xff);
    }
    return end;
  }

  private static int codePoint(
      ByteArrayOutputStream bytes, String raw, int from, int digits, SourceSpan span) {
    int value = hex(raw, from, digits, span);
    int end = from + digits;
    if (Character.isBmpCodePoint(value) && Character.isHighSurrogate((char) value)) {
      boolean pair = raw.startsWith("\\u", end);
      int low = pair ? hex(raw, end + 2, 4, span) : 0;
      if (!pair || !Character.isLowSurrogate((char) low)) {
        throw SyntaxErrors.invalid("invalid Unicode surrogate pair", span, null);
      }
      value = Character.toCodePoint((char) value, (char) low);
      end += 6;
    }
    if (value == 0 || !Character.isValidCodePoint(value) || (value >= 0xd800 && value <= 0xdfff)) {
      throw SyntaxErrors.invalid("invalid Unicode escape value", span, null);
    }
    write(bytes, value);
    return end;
  }

  private static int hex(String raw, int from, int digits, SourceSpan span) {
    if (from + digits > raw.length()) {
      throw invalidEscape(span);
    }
    long value = 0;
    for (int i = from; i < from + digits; i++) {
      int digit = Character.digit(raw.charAt(i), 16);
      if (digit < 0) {
        throw invalidEscape(span);
      }
      value = value * 16 + digit;
    }
    return value > Character.MAX_CODE_POINT ? Character.MAX_CODE_POINT + 1 : (int) value;
  }

  private static dev.aevum.model.error.SqlException invalidEscape(SourceSpan span) {
    return SyntaxErrors.invalid(
        "invalid Unicode escape", span, "Unicode escapes must be \\uXXXX or \\UXXXXXXXX.");
  }

  private static String decode(byte[] bytes, SourceSpan span) {
    for (byte b : bytes) {
      if (b == 0) {
        throw SyntaxErrors.badEncoding("0x00", span);
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes))
          .toString();
    } catch (CharacterCodingException e) {
      throw SyntaxErrors.badEncoding("the escapes of the string", span);
    }
  }

  /// `U&'d\0061t\+000061'`.
  static String unicode(String raw, char escape, SourceSpan span) {
    StringBuilder out = new StringBuilder(raw.length());
    int i = 0;
    while (i < raw.length()) {
      char c = raw.charAt(i++);
      if (c != escape) {
        out.append(c);
      } else if (i < raw.length() && raw.charAt(i) == escape) {
        out.append(c);
        i++;
      } else {
        boolean isLong = i < raw.length() && raw.charAt(i) == '+';
        int from = isLong ? i + 1 : i;
        int digits = isLong ? 6 : 4;
        int value = hex(raw, from, digits, span);
        if (value == 0 || !Character.isValidCodePoint(value)) {
          throw SyntaxErrors.invalid("invalid Unicode escape value", span, null);
        }
        out.appendCodePoint(value);
        i = from + digits;
      }
    }
    for (int k = 0; k < out.length(); k++) {
      boolean high = Character.isHighSurrogate(out.charAt(k));
      boolean pair = high && k + 1 < out.length() && Character.isLowSurrogate(out.charAt(k + 1));
      if (!pair && Character.isSurrogate(out.charAt(k))) {
        throw SyntaxErrors.invalid("invalid Unicode surrogate pair", span, null);
      }
      k += pair ? 1 : 0;
    }
    return out.toString();
  }

  static char escapeCharacter(String text, SourceSpan span) {
    if (text.length() != 1
        || Character.digit(text.charAt(0), 16) >= 0
        || "+'\" \t\n\r\f".contains(text)) {
      throw SyntaxErrors.invalid("invalid Unicode escape character", span, null);
    }
    return text.charAt(0);
  }

  /// The binary digits of a bit string; hexadecimal ones are spelled out.
  static String bits(char prefix, String digits, SourceSpan span) {
    StringBuilder bits = new StringBuilder();
    for (int i = 0; i < digits.length(); i++) {
      int digit = Character.digit(digits.charAt(i), prefix == 'b' ? 2 : 16);
      if (digit < 0) {
        throw new dev.aevum.model.error.SqlException(
            dev.aevum.model.error.ErrorCode.INVALID_TEXT_REPRESENTATION,
            "\""
                + digits.charAt(i)
                + "\" is not a valid "
                + (prefix == 'b' ? "binary" : "hexadecimal")
                + " digit",
            null,
            null,
            span,
            null);
      }
      bits.append(
          prefix == 'b'
              ? String.valueOf(digit)
              : String.format(Locale.ROOT, "%4s", Integer.toBinaryString(digit)).replace(' ', '0'));
    }
    return bits.toString();
  }
}
