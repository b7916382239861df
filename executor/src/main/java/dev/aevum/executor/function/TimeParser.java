package dev.aevum.executor.function;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.text.CivilDate;
import java.util.List;
import java.util.Locale;

/// Reads a text by a date and time format.
final class TimeParser {
  private final String text;
  private final List<TimePattern.Piece> pieces;
  private int at;

  private long year = 1;
  private int month = 1;
  private int day = 1;
  private int dayOfYear;
  private long hour;
  private long minute;
  private long second;
  private long micros;
  private boolean twelve;
  private boolean afternoon;
  private boolean beforeChrist;
  private int offsetSign = 1;
  private long offsetHours;
  private long offsetMinutes;
  private boolean yearSet;

  TimeParser(String text, String format) {
    this.text = text;
    this.pieces = TimePattern.parse(format);
  }

  long parse() {
    for (int i = 0; i < pieces.size(); i++) {
      TimePattern.Piece piece = pieces.get(i);
      if (piece.word().isEmpty()) {
        skipLiteral(piece.text());
        continue;
      }
      while (at < text.length() && text.charAt(at) == ' ') {
        at++;
      }
      if (at >= text.length()) {
        break;
      }
      boolean digitsFollow = i + 1 < pieces.size() && isNumeric(pieces.get(i + 1));
      read(piece, digitsFollow);
    }
    return result();
  }

  private void skipLiteral(String literal) {
    boolean separator = !literal.isEmpty() && !Character.isLetterOrDigit(literal.charAt(0));
    if (separator) {
      while (at < text.length()
          && !Character.isLetterOrDigit(text.charAt(at))
          && text.charAt(at) != '-'
          && text.charAt(at) != '+') {
        at++;
      }
      if (at < text.length() && text.charAt(at) == literal.charAt(0)) {
        at++;
      } else if (at < text.length() && text.charAt(at) == '-' && literal.charAt(0) != '+') {
        at++;
      }
    } else {
      at = Math.min(text.length(), at + literal.length());
    }
  }

  private static boolean isNumeric(TimePattern.Piece piece) {
    return switch (piece.word()) {
      case "",
          "AM",
          "PM",
          "A.M.",
          "P.M.",
          "BC",
          "AD",
          "B.C.",
          "A.D.",
          "MONTH",
          "MON",
          "DAY",
          "DY",
          "TZ",
          "TZH",
          "OF",
          "RM" ->
          false;
      default -> true;
    };
  }

  private void read(TimePattern.Piece piece, boolean digitsFollow) {
    String word = piece.word();
    switch (word) {
      case "HH24" -> hour = number(2, word, 0, 24);
      case "HH", "HH12" -> {
        hour = number(2, word, 1, 12);
        twelve = true;
      }
      case "MI" -> minute = number(2, word, 0, 59);
      case "SS" -> second = number(2, word, 0, 59);
      case "MS", "FF3" -> micros = fraction(3);
      case "US", "FF6" -> micros = fraction(6);
      case "FF1", "FF2", "FF4", "FF5" -> micros = fraction(word.charAt(2) - '0');
      case "SSSS", "SSSSS" -> {
        long all = number(5, word, 0, 86_399);
        hour = all / 3600;
        minute = all / 60 % 60;
        second = all % 60;
      }
      case "AM", "PM", "A.M.", "P.M." -> {
        afternoon = Character.toLowerCase(text.charAt(at)) == 'p';
        at = Math.min(text.length(), at + word.length());
        twelve = true;
      }
      case "BC", "AD", "B.C.", "A.D." -> {
        beforeChrist = Character.toLowerCase(text.charAt(at)) == 'b';
        at = Math.min(text.length(), at + word.length());
      }
      case "YYYY", "IYYY" -> setYear(number(digitsFollow ? 4 : 9, word, 0, 999_999_999L));
      case "Y,YYY" -> {
        long thousands = number(3, word, 0, 999);
        at++;
        setYear(thousands * 1000 + number(3, word, 0, 999));
      }
      case "YYY", "YY", "Y", "IYY", "IY", "I" -> shortYear(word, digitsFollow);
      case "MONTH", "MON" -> month = name(TimeFormat.MONTHS, word) + 1;
      case "MM" -> month = (int) number(2, word, 1, 12);
      case "DD" -> day = (int) number(2, word, 1, 31);
      case "DDD" -> dayOfYear = (int) number(3, word, 1, 366);
      case "DAY", "DY" -> skipWord();
      case "D", "ID", "Q", "W", "WW", "IW", "CC", "IDDD" -> number(3, word, 0, 999);
      case "J" -> julian();
      case "RM" -> roman();
      case "TZH", "OF" -> {
        offsetSign = text.charAt(at) == '-' ? -1 : 1;
        if (text.charAt(at) == '-' || text.charAt(at) == '+') {
          at++;
        }
        offsetHours = number(2, word, 0, 15);
        if (word.equals("OF") && at < text.length() && text.charAt(at) == ':') {
          at++;
          offsetMinutes = number(2, word, 0, 59);
        }
      }
      case "TZM" -> offsetMinutes = number(2, word, 0, 59);
      default ->
          throw new SqlException(
              ErrorCode.FEATURE_NOT_SUPPORTED,
              "formatting field \"" + word + "\" is only supported in to_char");
    }
    if (!piece.ordinal().isEmpty()) {
      at = Math.min(text.length(), at + 2);
    }
  }

  private void setYear(long value) {
    year = value;
    yearSet = true;
  }

  /// Two digits below 70 are of this century, from 70 on of the last one.
  private void shortYear(String word, boolean digitsFollow) {
    int from = at;
    long value = number(digitsFollow ? word.replace("I", "Y").length() : 4, word, 0, 9999);
    int digits = at - from;
    setYear(
        digits > 3
            ? value
            : value < 70
                ? value + 2000
                : value < 100 ? value + 1900 : value < 520 ? value + 2000 : value + 1000);
  }

  private void julian() {
    long civil = CivilDate.civil(number(9, "J", 0, 999_999_999L) - 2440588);
    setYear(CivilDate.year(civil));
    month = CivilDate.month(civil);
    day = CivilDate.day(civil);
  }

  private void roman() {
    int end = at;
    while (end < text.length() && "ivxIVX".indexOf(text.charAt(end)) >= 0) {
      end++;
    }
    int value =
        List.of("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
            .indexOf(text.substring(at, end).toUpperCase(Locale.ROOT));
    if (value < 0) {
      throw invalid("RM");
    }
    month = value + 1;
    at = end;
  }

  private void skipWord() {
    while (at < text.length() && Character.isLetter(text.charAt(at))) {
      at++;
    }
  }

  private int name(List<String> names, String word) {
    for (int i = 0; i < names.size(); i++) {
      String full = names.get(i);
      String wanted = word.equals("MON") ? full.substring(0, 3) : full;
      if (text.regionMatches(true, at, wanted, 0, wanted.length())) {
        at += wanted.length();
        return i;
      }
    }
    throw invalid(word);
  }

  private SqlException invalid(String word) {
    int end = Math.min(text.length(), at + word.length());
    return new SqlException(
            ErrorCode.INVALID_DATETIME_FORMAT,
            "invalid value \"" + text.substring(at, end) + "\" for \"" + word + "\"")
        .withDetail("Value must be an integer.");
  }

  private long number(int width, String word, long min, long max) {
    int end = at;
    while (end < text.length() && end - at < width && Character.isDigit(text.charAt(end))) {
      end++;
    }
    if (end == at) {
      throw invalid(word);
    }
    long value = Long.parseLong(text.substring(at, end));
    if (value < min || value > max) {
      throw outOfRange();
    }
    at = end;
    return value;
  }

  private SqlException outOfRange() {
    return new SqlException(
        ErrorCode.DATETIME_FIELD_OVERFLOW, "date/time field value out of range: \"" + text + "\"");
  }

  private long fraction(int width) {
    int from = at;
    long value = number(width, "MS", 0, 999_999);
    for (int i = at - from; i < 6; i++) {
      value *= 10;
    }
    return value;
  }

  private long result() {
    if (twelve) {
      hour = hour % 12 + (afternoon ? 12 : 0);
    }
    long astronomical = beforeChrist && yearSet ? 1 - year : year;
    if (!yearSet) {
      astronomical = 0; // PostgreSQL: year 1 BC.
    }
    long epochDay;
    if (dayOfYear > 0) {
      epochDay = CivilDate.epochDay(astronomical, 1, 1) + dayOfYear - 1;
    } else {
      if (day > CivilDate.daysInMonth(astronomical, month)) {
        throw outOfRange();
      }
      epochDay = CivilDate.epochDay(astronomical, month, day);
    }
    long time = ((hour * 60 + minute) * 60 + second) * CivilDate.MICROS_PER_SECOND + micros;
    long offset =
        offsetSign * (offsetHours * 60 + offsetMinutes) * 60 * CivilDate.MICROS_PER_SECOND;
    return DateTimes.plus(DateTimeCasts.toTimestamp((int) epochDay), time - offset);
  }
}
