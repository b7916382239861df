package dev.aevum.executor.function;

import dev.aevum.executor.kernel.Intervals;
import dev.aevum.executor.kernel.Kernel;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.text.CivilDate;
import dev.aevum.model.text.DateTimeText;
import dev.aevum.model.type.SimpleType;
import java.time.ZoneId;

/// Casts among dates, times, timestamps and intervals. Timestamps with and without zone differ by
/// the session's time zone.
final class DateTimeCasts {
  static final long DAY = CivilDate.MICROS_PER_DAY;

  private DateTimeCasts() {}

  static Kernel kernel(SimpleType from, SimpleType to) {
    if (to == SimpleType.DATE && (from == SimpleType.TIMESTAMP || from == SimpleType.TIMESTAMPTZ)) {
      boolean zoned = from == SimpleType.TIMESTAMPTZ;
      return RowKernels.strict(
          to,
          (context, arguments, i, out) -> {
            long micros = arguments[0].longAt(i);
            out.appendInt(
                toDate(zoned ? toLocal(micros, context.session().textStyle().timeZone()) : micros));
          });
    }
    if (to == SimpleType.TIME && (from == SimpleType.TIMESTAMP || from == SimpleType.TIMESTAMPTZ)) {
      return timeOfDay(from == SimpleType.TIMESTAMPTZ);
    }
    if (from == SimpleType.TIME && to == SimpleType.INTERVAL) {
      return RowKernels.strict(
          to, (context, arguments, i, out) -> out.append16(arguments[0].longAt(i), 0));
    }
    return RowKernels.longs(
        to,
        (context, arguments, i) -> {
          ZoneId zone = context.session().textStyle().timeZone();
          long value =
              from == SimpleType.DATE
                  ? 0
                  : from == SimpleType.INTERVAL ? arguments[0].lowAt(i) : arguments[0].longAt(i);
          return switch (from) {
            case DATE -> fromDate(arguments[0].intAt(i), to, zone);
            case TIMESTAMP -> fromTimestamp(value, to, zone);
            case TIMESTAMPTZ -> fromTimestamp(toLocal(value, zone), to, zone);
            case INTERVAL -> intervalToTime(value, to);
            default -> throw Casts.cannotCast(from, to);
          };
        });
  }

  /// Of an infinite timestamp: NULL.
  private static Kernel timeOfDay(boolean zoned) {
    return RowKernels.strict(
        SimpleType.TIME,
        (context, arguments, i, out) -> {
          long micros = arguments[0].longAt(i);
          if (isInfinite(micros)) {
            out.appendNull();
          } else {
            ZoneId zone = context.session().textStyle().timeZone();
            out.appendLong(Math.floorMod(zoned ? toLocal(micros, zone) : micros, DAY));
          }
        });
  }

  private static long fromDate(int days, SimpleType to, ZoneId zone) {
    return switch (to) {
      case TIMESTAMP -> toTimestamp(days);
      case TIMESTAMPTZ -> toUtc(toTimestamp(days), zone);
      default -> throw Casts.cannotCast(SimpleType.DATE, to);
    };
  }

  private static long fromTimestamp(long local, SimpleType to, ZoneId zone) {
    return switch (to) {
      case TIMESTAMP -> local;
      case TIMESTAMPTZ -> toUtc(local, zone);
      default -> throw Casts.cannotCast(SimpleType.TIMESTAMP, to);
    };
  }

  private static long intervalToTime(long micros, SimpleType to) {
    if (to != SimpleType.TIME) {
      throw Casts.cannotCast(SimpleType.INTERVAL, to);
    }
    return Math.floorMod(micros, Intervals.MICROS_PER_DAY);
  }

  static boolean isInfinite(long micros) {
    return micros == DateTimeText.INFINITY || micros == DateTimeText.MINUS_INFINITY;
  }

  static boolean isInfinite(int days) {
    return days == DateTimeText.DATE_INFINITY || days == DateTimeText.DATE_MINUS_INFINITY;
  }

  static int toDate(long micros) {
    if (isInfinite(micros)) {
      return micros > 0 ? DateTimeText.DATE_INFINITY : DateTimeText.DATE_MINUS_INFINITY;
    }
    return (int) Math.floorDiv(micros, DAY);
  }

  /// Errors: 22008.
  static long toTimestamp(int days) {
    if (isInfinite(days)) {
      return days > 0 ? DateTimeText.INFINITY : DateTimeText.MINUS_INFINITY;
    }
    long high = Math.multiplyHigh((long) days, DAY);
    long micros = days * DAY;
    if (high != micros >> 63 || !CivilDate.isTimestamp(micros)) {
      throw new SqlException(ErrorCode.DATETIME_FIELD_OVERFLOW, "date out of range for timestamp");
    }
    return micros;
  }

  static long toUtc(long local, ZoneId zone) {
    if (isInfinite(local)) {
      return local;
    }
    try {
      return checked(DateTimeText.toUtc(local, zone));
    } catch (ArithmeticException e) {
      throw outOfRange();
    }
  }

  static long toLocal(long utc, ZoneId zone) {
    if (isInfinite(utc)) {
      return utc;
    }
    return utc + DateTimeText.offsetSeconds(utc, zone) * CivilDate.MICROS_PER_SECOND;
  }

  /// The value if it is a finite timestamp. Errors: 22008.
  static long checked(long micros) {
    if (!CivilDate.isTimestamp(micros)) {
      throw outOfRange();
    }
    return micros;
  }

  static SqlException outOfRange() {
    return new SqlException(ErrorCode.DATETIME_FIELD_OVERFLOW, "timestamp out of range");
  }
}
