package dev.aevum.model.text;

/// The proleptic Gregorian calendar in integers, without objects. Years are astronomical: 0 is 1
/// BC.
public final class CivilDate {
  /// 4714-11-24 BC, Julian day 0.
  public static final int MIN_EPOCH_DAY = -2440588;

  /// 5874897-12-31.
  public static final int MAX_EPOCH_DAY = 2145042905;

  public static final long MICROS_PER_DAY = 86_400_000_000L;
  public static final long MICROS_PER_SECOND = 1_000_000L;

  /// The first timestamp: the midnight that begins [#MIN_EPOCH_DAY].
  public static final long MIN_TIMESTAMP = MIN_EPOCH_DAY * MICROS_PER_DAY;

  /// The last finite timestamp, 294247-01-10 04:00:54.775806 (PostgreSQL counts from 2000 and goes
  /// on to the end of 294276).
  public static final long MAX_TIMESTAMP = Long.MAX_VALUE - 1;

  private CivilDate() {}

  /// Days since 1970-01-01. `month` 1 to 12; `day` may lie outside of its month.
  public static long epochDay(long year, int month, int day) {
    long y = month <= 2 ? year - 1 : year;
    long era = Math.floorDiv(y, 400);
    long yearOfEra = y - era * 400;
    long dayOfYear = (153L * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    long dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
    return era * 146097 + dayOfEra - 719468;
  }

  /// Year, month and day of an epoch day, packed: see [#year], [#month], [#day].
  public static long civil(long epochDay) {
    long z = epochDay + 719468;
    long era = Math.floorDiv(z, 146097);
    long dayOfEra = z - era * 146097;
    long yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365;
    long dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    long shifted = (5 * dayOfYear + 2) / 153;
    long day = dayOfYear - (153 * shifted + 2) / 5 + 1;
    long month = shifted < 10 ? shifted + 3 : shifted - 9;
    long year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
    return year << 16 | month << 8 | day;
  }

  public static int year(long civil) {
    return (int) (civil >> 16);
  }

  public static int month(long civil) {
    return (int) (civil >> 8) & 0xff;
  }

  public static int day(long civil) {
    return (int) civil & 0xff;
  }

  public static boolean isLeap(long year) {
    return (year & 3) == 0 && (Math.floorMod(year, 100) != 0 || Math.floorMod(year, 400) == 0);
  }

  public static int daysInMonth(long year, int month) {
    return switch (month) {
      case 2 -> isLeap(year) ? 29 : 28;
      case 4, 6, 9, 11 -> 30;
      default -> 31;
    };
  }

  public static boolean isTimestamp(long micros) {
    return micros >= MIN_TIMESTAMP && micros <= MAX_TIMESTAMP;
  }
}
