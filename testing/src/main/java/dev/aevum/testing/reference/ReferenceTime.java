package dev.aevum.testing.reference;

import dev.aevum.model.type.IntervalValue;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import org.jspecify.annotations.Nullable;

/// Dates, times, timestamps and intervals, by java.time.
@SuppressWarnings("JavaLocalDateTimeGetNano") // the seconds are taken beside it
final class ReferenceTime {
  static final long INFINITY = Long.MAX_VALUE;
  static final long MINUS_INFINITY = Long.MIN_VALUE;
  static final long DATE_INFINITY = Integer.MAX_VALUE;
  static final long DATE_MINUS_INFINITY = Integer.MIN_VALUE;
  static final long DAY = 86_400_000_000L;
  private static final long MIN_DAY = -2_440_588;
  private static final long MAX_DAY = 2_145_042_905;

  private ReferenceTime() {}

  static boolean isTimestamp(SqlType type) {
    return type == SimpleType.TIMESTAMP || type == SimpleType.TIMESTAMPTZ;
  }

  static boolean infinite(long timestamp) {
    return timestamp == INFINITY || timestamp == MINUS_INFINITY;
  }

  static LocalDateTime local(long micros) {
    return LocalDateTime.ofEpochSecond(
        Math.floorDiv(micros, 1_000_000L),
        (int) Math.floorMod(micros, 1_000_000L) * 1000,
        ZoneOffset.UTC);
  }

  static long micros(LocalDateTime local) {
    try {
      long value =
          Math.addExact(
              Math.multiplyExact(local.toEpochSecond(ZoneOffset.UTC), 1_000_000L),
              local.getNano() / 1000);
      return checked(value);
    } catch (ArithmeticException e) {
      throw ReferenceErrors.timestampOutOfRange();
    }
  }

  static long checked(long timestamp) {
    if (infinite(timestamp) || timestamp < MIN_DAY * DAY) {
      throw ReferenceErrors.timestampOutOfRange();
    }
    return timestamp;
  }

  static long toUtc(LocalDateTime local, ZoneId zone) {
    var rules = zone.getRules();
    var valid = rules.getValidOffsets(local);
    ZoneOffset offset =
        valid.isEmpty()
            ? rules.getTransition(local).getOffsetBefore()
            : valid.get(valid.size() - 1);
    return micros(local.minusSeconds(offset.getTotalSeconds()));
  }

  static LocalDateTime atZone(long utc, ZoneId zone) {
    LocalDateTime asUtc = local(utc);
    return asUtc.plusSeconds(
        zone.getRules()
            .getOffset(Instant.ofEpochSecond(asUtc.toEpochSecond(ZoneOffset.UTC)))
            .getTotalSeconds());
  }

  /// Months first (the day is cut to the month's length), then days, then the rest.
  static long plus(SqlType type, long timestamp, IntervalValue interval, ZoneId zone, int sign) {
    if (infinite(timestamp)) {
      return timestamp;
    }
    boolean zoned = type == SimpleType.TIMESTAMPTZ;
    try {
      LocalDateTime at = zoned ? atZone(timestamp, zone) : local(timestamp);
      long moved = timestamp;
      if (interval.months() != 0 || interval.days() != 0) {
        at = at.plusMonths((long) interval.months() * sign).plusDays((long) interval.days() * sign);
        moved = zoned ? toUtc(at, zone) : micros(at);
      }
      return checked(Math.addExact(moved, Math.multiplyExact(interval.micros(), (long) sign)));
    } catch (ArithmeticException | java.time.DateTimeException e) {
      throw ReferenceErrors.timestampOutOfRange();
    }
  }

  static IntervalValue between(long a, long b) {
    if (infinite(a) || infinite(b)) {
      throw new dev.aevum.model.error.SqlException(
          dev.aevum.model.error.ErrorCode.DATETIME_FIELD_OVERFLOW,
          "cannot subtract infinite timestamps");
    }
    try {
      long micros = Math.subtractExact(a, b);
      return new IntervalValue(0, (int) (micros / DAY), micros % DAY);
    } catch (ArithmeticException e) {
      throw ReferenceErrors.intervalOutOfRange();
    }
  }

  static IntervalValue sum(IntervalValue a, IntervalValue b, int sign) {
    try {
      return new IntervalValue(
          Math.toIntExact(a.months() + (long) sign * b.months()),
          Math.toIntExact(a.days() + (long) sign * b.days()),
          sign > 0
              ? Math.addExact(a.micros(), b.micros())
              : Math.subtractExact(a.micros(), b.micros()));
    } catch (ArithmeticException e) {
      throw ReferenceErrors.intervalOutOfRange();
    }
  }

  /// PostgreSQL's `interval_div`: what months leave goes to days of a thirtieth, what days leave to
  /// seconds.
  static IntervalValue quotient(IntervalValue i, double divisor) {
    int months = (int) (i.months() / divisor);
    int days = (int) (i.days() / divisor);
    double daysOfMonths = rounded((i.months() / divisor - months) * 30);
    double seconds =
        rounded((i.days() / divisor - days + daysOfMonths - (int) daysOfMonths) * 86_400);
    if (Math.abs(seconds) >= 86_400) {
      days += (int) (seconds / 86_400);
      seconds -= ((int) (seconds / 86_400)) * 86_400;
    }
    double micros = Math.rint(i.micros() / divisor + seconds * 1e6);
    return new IntervalValue(months, days + (int) daysOfMonths, (long) micros);
  }

  /// PostgreSQL's `TSROUND`.
  private static double rounded(double value) {
    return Math.rint(value * 1e6) / 1e6;
  }

  static long datePlus(long date, long days) {
    if (date == DATE_INFINITY || date == DATE_MINUS_INFINITY) {
      return date;
    }
    return checkedDate(BigInteger.valueOf(date).add(BigInteger.valueOf(days)));
  }

  private static long checkedDate(BigInteger days) {
    if (days.compareTo(BigInteger.valueOf(MIN_DAY)) < 0
        || days.compareTo(BigInteger.valueOf(MAX_DAY)) > 0) {
      throw ReferenceErrors.dateOutOfRange();
    }
    return days.longValueExact();
  }

  static long dateMinus(long a, long b) {
    if (a == DATE_INFINITY
        || a == DATE_MINUS_INFINITY
        || b == DATE_INFINITY
        || b == DATE_MINUS_INFINITY) {
      throw new dev.aevum.model.error.SqlException(
          dev.aevum.model.error.ErrorCode.DATETIME_FIELD_OVERFLOW,
          "cannot subtract infinite dates");
    }
    return a - b;
  }

  static long dateToTimestamp(long date) {
    if (date == DATE_INFINITY) {
      return INFINITY;
    }
    if (date == DATE_MINUS_INFINITY) {
      return MINUS_INFINITY;
    }
    try {
      return Math.multiplyExact(date, DAY);
    } catch (ArithmeticException e) {
      throw new dev.aevum.model.error.SqlException(
          dev.aevum.model.error.ErrorCode.DATETIME_FIELD_OVERFLOW,
          "date out of range for timestamp");
    }
  }

  static long timestampToDate(long timestamp) {
    return timestamp == INFINITY
        ? DATE_INFINITY
        : timestamp == MINUS_INFINITY ? DATE_MINUS_INFINITY : Math.floorDiv(timestamp, DAY);
  }

  static Object truncate(String unit, SqlType type, long value, ZoneId zone) {
    if (infinite(value)) {
      return value;
    }
    boolean zoned = type == SimpleType.TIMESTAMPTZ;
    LocalDateTime at = zoned ? atZone(value, zone) : local(value);
    LocalDateTime cut =
        switch (unit) {
          case "microseconds" -> at;
          case "milliseconds" -> at.truncatedTo(ChronoUnit.MILLIS);
          case "second" -> at.truncatedTo(ChronoUnit.SECONDS);
          case "minute" -> at.truncatedTo(ChronoUnit.MINUTES);
          case "hour" -> at.truncatedTo(ChronoUnit.HOURS);
          case "day" -> at.truncatedTo(ChronoUnit.DAYS);
          case "week" ->
              at.truncatedTo(ChronoUnit.DAYS)
                  .with(java.time.temporal.TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
          case "month" -> at.truncatedTo(ChronoUnit.DAYS).withDayOfMonth(1);
          case "quarter" ->
              at.truncatedTo(ChronoUnit.DAYS)
                  .withDayOfMonth(1)
                  .withMonth((at.getMonthValue() - 1) / 3 * 3 + 1);
          case "year" -> at.truncatedTo(ChronoUnit.DAYS).withDayOfYear(1);
          default -> throw ReferenceErrors.unknown("date_trunc " + unit);
        };
    return zoned ? toUtc(cut, zone) : micros(cut);
  }

  /// `extract(unit from ...)`: numeric. NULL for fields of infinite values that do not grow for
  /// ever.
  static @Nullable Object extract(String unit, SqlType type, Object value, ZoneId zone) {
    if (value instanceof IntervalValue i) {
      return ofInterval(unit, i);
    }
    long raw = (Long) value;
    if (type == SimpleType.TIME) {
      return ofDateTime(unit, local(raw), raw);
    }
    boolean infinite =
        type == SimpleType.DATE
            ? raw == DATE_INFINITY || raw == DATE_MINUS_INFINITY
            : infinite(raw);
    if (infinite) {
      return switch (unit) {
        case "year", "epoch" -> raw > 0 ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
        default -> null;
      };
    }
    if (type == SimpleType.DATE) {
      return ofDateTime(unit, LocalDate.ofEpochDay(raw).atStartOfDay(), null);
    }
    LocalDateTime at = type == SimpleType.TIMESTAMPTZ ? atZone(raw, zone) : local(raw);
    return ofDateTime(unit, at, raw);
  }

  private static BigDecimal ofDateTime(String unit, LocalDateTime at, @Nullable Long micros) {
    return switch (unit) {
      case "year" -> BigDecimal.valueOf(at.getYear() > 0 ? at.getYear() : at.getYear() - 1);
      case "quarter" -> BigDecimal.valueOf(at.get(IsoFields.QUARTER_OF_YEAR));
      case "month" -> BigDecimal.valueOf(at.getMonthValue());
      case "week" -> BigDecimal.valueOf(at.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
      case "day" -> BigDecimal.valueOf(at.getDayOfMonth());
      case "dow" -> BigDecimal.valueOf(at.getDayOfWeek().getValue() % 7);
      case "isodow" -> BigDecimal.valueOf(at.getDayOfWeek().getValue());
      case "doy" -> BigDecimal.valueOf(at.getDayOfYear());
      case "hour" -> BigDecimal.valueOf(at.getHour());
      case "minute" -> BigDecimal.valueOf(at.getMinute());
      case "second" -> BigDecimal.valueOf(at.getSecond() * 1_000_000L + at.getNano() / 1000, 6);
      case "epoch" ->
          micros == null
              ? BigDecimal.valueOf(at.toEpochSecond(ZoneOffset.UTC))
              : BigDecimal.valueOf(micros, 6);
      default -> throw ReferenceErrors.unknown("extract " + unit);
    };
  }

  private static BigDecimal ofInterval(String unit, IntervalValue i) {
    return switch (unit) {
      case "year" -> BigDecimal.valueOf(i.months() / 12);
      case "month" -> BigDecimal.valueOf(i.months() % 12);
      case "day" -> BigDecimal.valueOf(i.days());
      case "hour" -> BigDecimal.valueOf(i.micros() / 3_600_000_000L);
      case "minute" -> BigDecimal.valueOf(i.micros() / 60_000_000L % 60);
      case "second" -> BigDecimal.valueOf(i.micros() % 60_000_000L, 6);
      case "epoch" ->
          // A year counts 365.25 days, a month 30.
          new BigDecimal(
              BigInteger.valueOf(
                      i.months() / 12 * 31_557_600L
                          + i.months() % 12 * 2_592_000L
                          + i.days() * 86_400L)
                  .multiply(BigInteger.valueOf(1_000_000))
                  .add(BigInteger.valueOf(i.micros())),
              6);
      default -> throw ReferenceErrors.unknown("extract " + unit);
    };
  }

  static long timeOfDay(BigInteger micros) {
    return micros.mod(BigInteger.valueOf(DAY)).longValueExact();
  }
}
