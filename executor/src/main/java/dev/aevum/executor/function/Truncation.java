package dev.aevum.executor.function;

import dev.aevum.executor.kernel.Intervals;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.text.CivilDate;
import dev.aevum.model.type.SimpleType;
import java.time.ZoneId;

/// date_trunc.
final class Truncation {
  private static final long DAY = DateTimeCasts.DAY;
  private static final long SECOND = CivilDate.MICROS_PER_SECOND;

  private Truncation() {}

  static long zoned(DateTimeField field, long utc, ZoneId zone) {
    if (DateTimeCasts.isInfinite(utc)) {
      return utc;
    }
    long local = DateTimeCasts.toLocal(utc, zone);
    long truncated = of(field, local, SimpleType.TIMESTAMPTZ);
    // Below a day the offset stays that of the instant, also where the clock is turned back.
    return field.compareTo(DateTimeField.HOUR) <= 0
        ? utc - (local - truncated)
        : DateTimeCasts.toUtc(truncated, zone);
  }

  static long of(DateTimeField field, long local, SimpleType type) {
    if (DateTimeCasts.isInfinite(local)) {
      return local;
    }
    return switch (field) {
      case MICROSECONDS -> local;
      case MILLISECONDS -> floor(local, 1000);
      case SECOND -> floor(local, SECOND);
      case MINUTE -> floor(local, 60 * SECOND);
      case HOUR -> floor(local, 3600 * SECOND);
      case DAY -> floor(local, DAY);
      case WEEK -> {
        long day = Math.floorDiv(local, DAY);
        yield DateTimeCasts.checked((day - Math.floorMod(day + 3, 7)) * DAY);
      }
      case MONTH, QUARTER, YEAR, DECADE, CENTURY, MILLENNIUM ->
          DateTimeCasts.checked(ofDay(field, Math.floorDiv(local, DAY)) * DAY);
      case DOW, ISODOW, DOY, ISOYEAR, EPOCH, JULIAN, TIMEZONE, TIMEZONE_HOUR, TIMEZONE_MINUTE ->
          throw field.unsupported(type);
    };
  }

  private static long floor(long value, long unit) {
    return value - Math.floorMod(value, unit);
  }

  private static long ofDay(DateTimeField field, long day) {
    long civil = CivilDate.civil(day);
    int year = CivilDate.year(civil);
    int month = CivilDate.month(civil);
    return switch (field) {
      case MONTH -> CivilDate.epochDay(year, month, 1);
      case QUARTER -> CivilDate.epochDay(year, (month - 1) / 3 * 3 + 1, 1);
      case YEAR -> CivilDate.epochDay(year, 1, 1);
      case DECADE -> CivilDate.epochDay(Math.floorDiv(year, 10) * 10L, 1, 1);
      case CENTURY -> CivilDate.epochDay(Math.floorDiv(year - 1, 100) * 100L + 1, 1, 1);
      case MILLENNIUM -> CivilDate.epochDay(Math.floorDiv(year - 1, 1000) * 1000L + 1, 1, 1);
      default -> throw new IllegalStateException(field.name());
    };
  }

  static void ofInterval(DateTimeField field, Column values, int row, ColumnWriter out) {
    long micros = values.lowAt(row);
    long high = values.highAt(row);
    int days = Intervals.days(high);
    int months = Intervals.months(high);
    switch (field) {
      case MICROSECONDS -> out.append16(micros, high);
      case MILLISECONDS -> out.append16(micros - micros % 1000, high);
      case SECOND -> out.append16(micros - micros % SECOND, high);
      case MINUTE -> out.append16(micros - micros % (60 * SECOND), high);
      case HOUR -> out.append16(micros - micros % (3600 * SECOND), high);
      case DAY -> out.append16(0, Intervals.pack(months, days));
      case MONTH -> out.append16(0, Intervals.pack(months, 0));
      case QUARTER -> out.append16(0, Intervals.pack(months - months % 3, 0));
      case YEAR -> out.append16(0, Intervals.pack(months - months % 12, 0));
      case DECADE -> out.append16(0, Intervals.pack(months - months % 120, 0));
      case CENTURY -> out.append16(0, Intervals.pack(months - months % 1200, 0));
      case MILLENNIUM -> out.append16(0, Intervals.pack(months - months % 12000, 0));
      case WEEK,
          DOW,
          ISODOW,
          DOY,
          ISOYEAR,
          EPOCH,
          JULIAN,
          TIMEZONE,
          TIMEZONE_HOUR,
          TIMEZONE_MINUTE ->
          throw field.unsupported(SimpleType.INTERVAL);
    }
  }
}
