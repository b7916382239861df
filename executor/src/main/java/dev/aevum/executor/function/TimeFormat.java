package dev.aevum.executor.function;

import dev.aevum.executor.kernel.Intervals;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.text.CivilDate;
import dev.aevum.model.text.DateTimeText;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/// to_char of dates and times, to_timestamp and to_date: PostgreSQL 17, table 9.27. English names.
/// Objects per row.
final class TimeFormat {
  static final List<String> MONTHS =
      List.of(
          "January",
          "February",
          "March",
          "April",
          "May",
          "June",
          "July",
          "August",
          "September",
          "October",
          "November",
          "December");
  private static final List<String> DAYS =
      List.of("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday");
  private static final List<String> ROMAN =
      List.of("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII");
  private static final long SECOND = CivilDate.MICROS_PER_SECOND;

  private TimeFormat() {}

  static String zoneName(long utc, ZoneId zone) {
    if (DateTimeCasts.isInfinite(utc)) {
      return "";
    }
    Instant instant = Instant.ofEpochSecond(Math.floorDiv(utc, SECOND));
    String name = DateTimeFormatter.ofPattern("zzz", Locale.ROOT).format(instant.atZone(zone));
    return name.equals("Z") ? "UTC" : name;
  }

  /// What the words of a format stand for.
  private record Fields(
      long year,
      int month,
      int day,
      long epochDay,
      long time,
      int offset,
      String zone,
      boolean interval) {
    long hour() {
      return time / (3600 * SECOND);
    }

    long minute() {
      return Math.abs(time / (60 * SECOND) % 60);
    }

    long second() {
      return Math.abs(time / SECOND % 60);
    }

    long micros() {
      return Math.abs(time % SECOND);
    }
  }

  static String format(long local, int offset, String zone, String format) {
    if (DateTimeCasts.isInfinite(local)) {
      return local == DateTimeText.INFINITY ? "infinity" : "-infinity";
    }
    long day = Math.floorDiv(local, DateTimeCasts.DAY);
    long civil = CivilDate.civil(day);
    return format(
        new Fields(
            CivilDate.year(civil),
            CivilDate.month(civil),
            CivilDate.day(civil),
            day,
            Math.floorMod(local, DateTimeCasts.DAY),
            offset,
            zone,
            false),
        format);
  }

  static String formatInterval(long micros, long high, String format) {
    int months = Intervals.months(high);
    return format(
        new Fields(months / 12, months % 12, Intervals.days(high), 0, micros, 0, "", true), format);
  }

  private static String format(Fields f, String format) {
    StringBuilder out = new StringBuilder();
    for (TimePattern.Piece piece : TimePattern.parse(format)) {
      if (piece.word().isEmpty()) {
        out.append(piece.text());
        continue;
      }
      String text = word(f, piece);
      out.append(text);
      if (!piece.ordinal().isEmpty()) {
        String ordinal = ordinal(text.strip());
        out.append(
            Character.isUpperCase(piece.ordinal().charAt(0))
                ? ordinal.toUpperCase(Locale.ROOT)
                : ordinal);
      }
    }
    return out.toString();
  }

  private static String ordinal(String number) {
    if (number.length() > 1 && number.charAt(number.length() - 2) == '1') {
      return "th";
    }
    return switch (number.isEmpty() ? '0' : number.charAt(number.length() - 1)) {
      case '1' -> "st";
      case '2' -> "nd";
      case '3' -> "rd";
      default -> "th";
    };
  }

  private static String word(Fields f, TimePattern.Piece p) {
    return switch (p.word()) {
      case "HH24" -> number(f.hour(), 2, p);
      case "HH", "HH12" -> number(f.hour() % 12 == 0 ? 12 : f.hour() % 12, 2, p);
      case "MI" -> number(f.minute(), 2, p);
      case "SS" -> number(f.second(), 2, p);
      case "MS", "FF3" -> number(f.micros() / 1000, 3, p);
      case "US", "FF6" -> number(f.micros(), 6, p);
      case "FF1" -> number(f.micros() / 100_000, 1, p);
      case "FF2" -> number(f.micros() / 10_000, 2, p);
      case "FF4" -> number(f.micros() / 100, 4, p);
      case "FF5" -> number(f.micros() / 10, 5, p);
      case "SSSS", "SSSSS" -> Long.toString(f.time() / SECOND);
      case "AM", "PM" -> cased(Math.floorMod(f.hour(), 24) < 12 ? "AM" : "PM", p.text());
      case "A.M.", "P.M." -> cased(Math.floorMod(f.hour(), 24) < 12 ? "A.M." : "P.M.", p.text());
      case "TZ" ->
          Character.isUpperCase(p.text().charAt(0)) ? f.zone() : f.zone().toLowerCase(Locale.ROOT);
      case "TZH" -> "%s%02d".formatted(f.offset() < 0 ? "-" : "+", Math.abs(f.offset()) / 3600);
      case "TZM" -> "%02d".formatted(Math.abs(f.offset()) / 60 % 60);
      case "OF" -> offset(f.offset());
      default -> f.interval() ? intervalWord(f, p) : dateWord(f, p);
    };
  }

  private static String offset(int seconds) {
    String hours = "%s%02d".formatted(seconds < 0 ? "-" : "+", Math.abs(seconds) / 3600);
    int minutes = Math.abs(seconds) / 60 % 60;
    return minutes == 0 ? hours : hours + ":%02d".formatted(minutes);
  }

  private static String intervalWord(Fields f, TimePattern.Piece p) {
    return switch (p.word()) {
      case "YYYY" -> number(f.year(), 4, p);
      case "YYY" -> number(f.year() % 1000, 3, p);
      case "YY" -> number(f.year() % 100, 2, p);
      case "Y" -> number(f.year() % 10, 1, p);
      case "MM" -> number(f.month(), 2, p);
      case "DD" -> number(f.day(), 2, p);
      case "DDD" -> number(f.year() * 360 + f.month() * 30L + f.day(), 3, p);
      case "Q" -> Integer.toString((f.month() + 2) / 3);
      default ->
          throw new SqlException(
                  ErrorCode.INVALID_DATETIME_FORMAT,
                  "invalid format specification for an interval value")
              .withHint("Intervals are not tied to specific calendar dates.");
    };
  }

  private static String dateWord(Fields f, TimePattern.Piece p) {
    long year = f.year() > 0 ? f.year() : 1 - f.year();
    long day = f.epochDay();
    return switch (p.word()) {
      case "YYYY" -> number(year, 4, p);
      case "Y,YYY" -> "%d,%03d".formatted(year / 1000, year % 1000);
      case "YYY" -> number(year % 1000, 3, p);
      case "YY" -> number(year % 100, 2, p);
      case "Y" -> number(year % 10, 1, p);
      case "IYYY" -> number(Extract.isoYear(day), 4, p);
      case "IYY" -> number(Extract.isoYear(day) % 1000, 3, p);
      case "IY" -> number(Extract.isoYear(day) % 100, 2, p);
      case "I" -> number(Extract.isoYear(day) % 10, 1, p);
      case "BC", "AD" -> cased(f.year() > 0 ? "AD" : "BC", p.text());
      case "B.C.", "A.D." -> cased(f.year() > 0 ? "A.D." : "B.C.", p.text());
      case "MONTH" -> name(MONTHS.get(f.month() - 1), p, 9);
      case "MON" -> name(MONTHS.get(f.month() - 1).substring(0, 3), p, 0);
      case "MM" -> number(f.month(), 2, p);
      case "DAY" -> name(DAYS.get(dayOfWeek(day)), p, 9);
      case "DY" -> name(DAYS.get(dayOfWeek(day)).substring(0, 3), p, 0);
      case "DDD" -> number(Extract.ofDate(DateTimeField.DOY, (int) day), 3, p);
      case "IDDD" ->
          number(
              (Extract.isoWeek(day) - 1) * 7 + Extract.ofDate(DateTimeField.ISODOW, (int) day),
              3,
              p);
      case "DD" -> number(f.day(), 2, p);
      case "D" -> Integer.toString(dayOfWeek(day) + 1);
      case "ID" -> Long.toString(Extract.ofDate(DateTimeField.ISODOW, (int) day));
      case "W" -> Integer.toString((f.day() - 1) / 7 + 1);
      case "WW" -> number((Extract.ofDate(DateTimeField.DOY, (int) day) - 1) / 7 + 1, 2, p);
      case "IW" -> number(Extract.isoWeek(day), 2, p);
      case "CC" -> number(Extract.ofDate(DateTimeField.CENTURY, (int) day), 2, p);
      case "J" -> Long.toString(Extract.ofDate(DateTimeField.JULIAN, (int) day));
      case "Q" -> Integer.toString((f.month() - 1) / 3 + 1);
      case "RM" -> {
        String roman = ROMAN.get(f.month() - 1);
        String padded = p.fill() ? roman + " ".repeat(4 - roman.length()) : roman;
        yield Character.isUpperCase(p.text().charAt(0)) ? padded : padded.toLowerCase(Locale.ROOT);
      }
      default -> throw new IllegalStateException(p.word());
    };
  }

  private static int dayOfWeek(long day) {
    return Math.floorMod(day + 4, 7);
  }

  private static String number(long value, int width, TimePattern.Piece p) {
    String digits = Long.toString(Math.abs(value));
    String padded =
        p.fill() && digits.length() < width ? "0".repeat(width - digits.length()) + digits : digits;
    return value < 0 ? "-" + padded : padded;
  }

  /// Like the word in the format: UPPER, Title or lower.
  private static String name(String name, TimePattern.Piece p, int width) {
    String text = p.text();
    String cased =
        !Character.isUpperCase(text.charAt(0))
            ? name.toLowerCase(Locale.ROOT)
            : Character.isUpperCase(text.charAt(1)) ? name.toUpperCase(Locale.ROOT) : name;
    return p.fill() && cased.length() < width ? cased + " ".repeat(width - cased.length()) : cased;
  }

  private static String cased(String text, String like) {
    return Character.isUpperCase(like.charAt(0)) ? text : text.toLowerCase(Locale.ROOT);
  }

  /// The local time that `text` means by `format`. Errors: 22007, 22008.
  static long parse(String text, String format) {
    return new TimeParser(text, format).parse();
  }
}
