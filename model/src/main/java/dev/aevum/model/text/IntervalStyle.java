package dev.aevum.model.text;

import dev.aevum.model.codec.ByteSink;

/// The setting `IntervalStyle`: how intervals are written. Source: `EncodeInterval` of PostgreSQL
/// 15.
public enum IntervalStyle {
  POSTGRES,
  POSTGRES_VERBOSE,
  SQL_STANDARD,
  ISO_8601;

  /// @param name as in the setting
  public static IntervalStyle of(String name) {
    return switch (name) {
      case "postgres" -> POSTGRES;
      case "postgres_verbose" -> POSTGRES_VERBOSE;
      case "sql_standard" -> SQL_STANDARD;
      case "iso_8601" -> ISO_8601;
      default -> throw new IllegalArgumentException("interval style " + name);
    };
  }

  void format(int months, int days, long micros, ByteSink out) {
    Fields fields = new Fields(months, days, micros);
    switch (this) {
      case POSTGRES -> IntervalText.format(months, days, micros, out);
      case POSTGRES_VERBOSE -> verbose(fields, out);
      case SQL_STANDARD -> standard(fields, out);
      case ISO_8601 -> iso(fields, out);
    }
  }

  /// The parts as they are written; those of the time have the sign of the whole time.
  private record Fields(
      int year, int month, int day, long hour, int minute, int second, int fraction) {
    Fields(int months, int days, long micros) {
      this(
          months / 12,
          months % 12,
          days,
          micros / 3_600_000_000L,
          (int) (micros / 60_000_000L % 60),
          (int) (micros / 1_000_000L % 60),
          (int) (micros % 1_000_000L));
    }

    boolean hasSeconds() {
      return second != 0 || fraction != 0;
    }

    boolean secondsNegative() {
      return second < 0 || fraction < 0;
    }

    boolean hasTime() {
      return hour != 0 || minute != 0 || hasSeconds();
    }

    boolean timeNegative() {
      return hour < 0 || minute < 0 || secondsNegative();
    }

    boolean hasMonths() {
      return year != 0 || month != 0;
    }

    boolean monthsNegative() {
      return year < 0 || month < 0;
    }
  }

  private static void iso(Fields f, ByteSink out) {
    if (!f.hasMonths() && f.day == 0 && !f.hasTime()) {
      out.appendText("PT0S");
      return;
    }
    out.appendByte('P');
    isoPart(f.year, 'Y', out);
    isoPart(f.month, 'M', out);
    isoPart(f.day, 'D', out);
    if (f.hasTime()) {
      out.appendByte('T');
    }
    isoPart(f.hour, 'H', out);
    isoPart(f.minute, 'M', out);
    if (f.hasSeconds()) {
      if (f.secondsNegative()) {
        out.appendByte('-');
      }
      seconds(f, 1, out);
      out.appendByte('S');
    }
  }

  private static void isoPart(long value, char unit, ByteSink out) {
    if (value != 0) {
      NumberText.format(value, out);
      out.appendByte(unit);
    }
  }

  private static void seconds(Fields f, int digits, ByteSink out) {
    NumberText.padded(Math.abs(f.second), digits, out);
    DateTimeText.fraction(Math.abs(f.fraction), out);
  }

  private static void verbose(Fields f, ByteSink out) {
    out.appendByte('@');
    int start = out.position();
    // The first part says whether all of it lies before; parts of the other sign are negative.
    boolean before = verbosePart(f.year, "year", start, false, out);
    before = verbosePart(f.month, "mon", start, before, out);
    before = verbosePart(f.day, "day", start, before, out);
    before = verbosePart(f.hour, "hour", start, before, out);
    before = verbosePart(f.minute, "min", start, before, out);
    if (f.hasSeconds()) {
      boolean first = out.position() == start;
      out.appendByte(' ');
      if (first) {
        before = f.secondsNegative();
      } else if (f.secondsNegative() != before) {
        out.appendByte('-');
      }
      seconds(f, 1, out);
      out.appendText(Math.abs(f.second) == 1 && f.fraction == 0 ? " sec" : " secs");
    }
    if (out.position() == start) {
      out.appendText(" 0");
    }
    if (before) {
      out.appendText(" ago");
    }
  }

  private static boolean verbosePart(
      long value, String unit, int start, boolean before, ByteSink out) {
    if (value == 0) {
      return before;
    }
    boolean nowBefore = out.position() == start ? value < 0 : before;
    long shown = nowBefore ? -value : value;
    out.appendByte(' ');
    NumberText.format(shown, out);
    out.appendByte(' ');
    out.appendText(shown == 1 ? unit : unit + "s");
    return nowBefore;
  }

  private static void standard(Fields f, ByteSink out) {
    boolean negative = f.monthsNegative() || f.day < 0 || f.timeNegative();
    boolean positive =
        (f.hasMonths() && !f.monthsNegative()) || f.day > 0 || (f.hasTime() && !f.timeNegative());
    if (!negative && !positive) {
      out.appendByte('0');
      return;
    }
    boolean standard = !(negative && positive) && !(f.hasMonths() && (f.day != 0 || f.hasTime()));
    if (!standard) {
      out.appendByte(f.monthsNegative() ? '-' : '+');
      yearMonth(f, out);
      out.appendByte(' ');
      out.appendByte(f.day < 0 ? '-' : '+');
      NumberText.format(Math.abs((long) f.day), out);
      out.appendByte(' ');
      out.appendByte(f.timeNegative() ? '-' : '+');
      time(f, out);
      return;
    }
    if (negative) {
      out.appendByte('-');
    }
    if (f.hasMonths()) {
      yearMonth(f, out);
      return;
    }
    if (f.day != 0) {
      NumberText.format(Math.abs((long) f.day), out);
      out.appendByte(' ');
    }
    time(f, out);
  }

  private static void yearMonth(Fields f, ByteSink out) {
    NumberText.format(Math.abs((long) f.year), out);
    out.appendByte('-');
    NumberText.format(Math.abs(f.month), out);
  }

  private static void time(Fields f, ByteSink out) {
    NumberText.format(Math.abs(f.hour), out);
    out.appendByte(':');
    NumberText.padded(Math.abs(f.minute), 2, out);
    out.appendByte(':');
    seconds(f, 2, out);
  }
}
