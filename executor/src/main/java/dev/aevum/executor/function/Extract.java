package dev.aevum.executor.function;

import dev.aevum.executor.kernel.Intervals;
import dev.aevum.model.text.CivilDate;
import dev.aevum.model.type.SimpleType;

/// Values of date and time fields, each an integer and a number of decimal digits: `value *
/// 10^-scale`.
final class Extract {
  private static final long DAY = DateTimeCasts.DAY;
  private static final long SECOND = CivilDate.MICROS_PER_SECOND;
  private static final int EPOCH_JULIAN_DAY = 2440588;

  private Extract() {}

  /// Digits after the point that a field shows.
  static int scale(DateTimeField field, SimpleType type) {
    return switch (field) {
      case SECOND -> 6;
      case MILLISECONDS -> 3;
      case EPOCH -> type == SimpleType.DATE ? 0 : 6;
      default -> 0;
    };
  }

  /// Of a local timestamp; `offsetSeconds` is the zone's, for timestamps with zone.
  static long ofTimestamp(DateTimeField field, long local, int offsetSeconds, SimpleType type) {
    long day = Math.floorDiv(local, DAY);
    long time = Math.floorMod(local, DAY);
    return switch (field) {
      case MICROSECONDS, MILLISECONDS, SECOND, MINUTE, HOUR -> ofTime(field, time, type);
      case EPOCH -> local - offsetSeconds * SECOND;
      case TIMEZONE, TIMEZONE_HOUR, TIMEZONE_MINUTE -> {
        if (type != SimpleType.TIMESTAMPTZ) {
          throw field.unsupported(type);
        }
        yield field == DateTimeField.TIMEZONE
            ? offsetSeconds
            : field == DateTimeField.TIMEZONE_HOUR ? offsetSeconds / 3600 : offsetSeconds / 60 % 60;
      }
      default -> ofDay(field, day);
    };
  }

  static long ofDate(DateTimeField field, int day) {
    return switch (field) {
      case EPOCH -> day * 86_400L;
      case MICROSECONDS,
          MILLISECONDS,
          SECOND,
          MINUTE,
          HOUR,
          TIMEZONE,
          TIMEZONE_HOUR,
          TIMEZONE_MINUTE ->
          throw field.unsupported(SimpleType.DATE);
      default -> ofDay(field, day);
    };
  }

  static long ofTime(DateTimeField field, long time, SimpleType type) {
    return switch (field) {
      case MICROSECONDS, MILLISECONDS, SECOND -> time % (60 * SECOND);
      case MINUTE -> time / (60 * SECOND) % 60;
      case HOUR -> time / (3600 * SECOND);
      case EPOCH -> time;
      default -> throw field.unsupported(type);
    };
  }

  private static long ofDay(DateTimeField field, long day) {
    long civil = CivilDate.civil(day);
    int year = CivilDate.year(civil);
    return switch (field) {
      case DAY -> CivilDate.day(civil);
      case MONTH -> CivilDate.month(civil);
      case QUARTER -> (CivilDate.month(civil) - 1) / 3 + 1;
      case YEAR -> year > 0 ? year : year - 1;
      case DECADE -> Math.floorDiv(year, 10);
      case CENTURY -> year > 0 ? (year + 99) / 100 : -((99 - (year - 1)) / 100);
      case MILLENNIUM -> year > 0 ? (year + 999) / 1000 : -((999 - (year - 1)) / 1000);
      case DOW -> Math.floorMod(day + 4, 7);
      case ISODOW -> Math.floorMod(day + 3, 7) + 1;
      case DOY -> day - CivilDate.epochDay(year, 1, 1) + 1;
      case WEEK -> isoWeek(day);
      case ISOYEAR -> {
        int iso = isoYear(day);
        yield iso > 0 ? iso : iso - 1;
      }
      case JULIAN -> day + EPOCH_JULIAN_DAY;
      default -> throw new IllegalStateException(field.name());
    };
  }

  /// The ISO year has the Thursday of the week.
  static int isoYear(long day) {
    return CivilDate.year(CivilDate.civil(thursday(day)));
  }

  static long isoWeek(long day) {
    long thursday = thursday(day);
    return (thursday - CivilDate.epochDay(isoYear(day), 1, 1)) / 7 + 1;
  }

  private static long thursday(long day) {
    return day - Math.floorMod(day + 3, 7) + 3;
  }

  static long ofInterval(DateTimeField field, long micros, long high) {
    long months = Intervals.months(high);
    return switch (field) {
      case MICROSECONDS, MILLISECONDS, SECOND -> micros % (60 * SECOND);
      case MINUTE -> micros / (60 * SECOND) % 60;
      case HOUR -> micros / (3600 * SECOND);
      case DAY -> Intervals.days(high);
      case MONTH -> months % 12;
      case QUARTER -> months % 12 / 3 + 1;
      case YEAR -> months / 12;
      case DECADE -> months / 120;
      case CENTURY -> months / 1200;
      case MILLENNIUM -> months / 12000;
      case EPOCH ->
          (1461 * (months / 12) + 120 * (months % 12) + 4L * Intervals.days(high)) * 21_600 * SECOND
              + micros;
      default -> throw field.unsupported(SimpleType.INTERVAL);
    };
  }

  /// Infinite for the fields that grow with time.
  static boolean isMonotone(DateTimeField field) {
    return switch (field) {
      case YEAR, DECADE, CENTURY, MILLENNIUM, ISOYEAR, EPOCH, JULIAN -> true;
      default -> false;
    };
  }
}
