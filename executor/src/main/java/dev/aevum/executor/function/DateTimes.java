package dev.aevum.executor.function;

import dev.aevum.executor.kernel.Intervals;
import dev.aevum.executor.numeric.PgNumeric;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.text.CivilDate;
import dev.aevum.model.text.ZoneNames;
import java.time.ZoneId;
import java.time.ZoneOffset;

/// Date and time arithmetic on single values, as PostgreSQL's utils/adt/timestamp.c does it.
final class DateTimes {
  private DateTimes() {}

  /// A zone of AT TIME ZONE. A number is an offset in POSIX's sense there: `+3` lies west of
  /// Greenwich.
  static ZoneId zone(String name) {
    ZoneId zone = ZoneNames.parse(name);
    boolean number = !name.isEmpty() && "+-0123456789".indexOf(name.charAt(0)) >= 0;
    return number && zone instanceof ZoneOffset offset
        ? ZoneOffset.ofTotalSeconds(-offset.getTotalSeconds())
        : zone;
  }

  static SqlException dateOutOfRange() {
    return new SqlException(ErrorCode.DATETIME_FIELD_OVERFLOW, "date out of range");
  }

  static SqlException intervalOutOfRange() {
    return new SqlException(ErrorCode.DATETIME_FIELD_OVERFLOW, "interval out of range");
  }

  static long addDays(int date, long days) {
    if (DateTimeCasts.isInfinite(date)) {
      return date;
    }
    long sum = date + days;
    if (sum < CivilDate.MIN_EPOCH_DAY || sum > CivilDate.MAX_EPOCH_DAY) {
      throw dateOutOfRange();
    }
    return sum;
  }

  static long daysBetween(int from, int to) {
    if (DateTimeCasts.isInfinite(from) || DateTimeCasts.isInfinite(to)) {
      throw new SqlException(ErrorCode.DATETIME_FIELD_OVERFLOW, "cannot subtract infinite dates");
    }
    return (long) to - from;
  }

  /// Errors: 22008.
  static long plus(long micros, long amount) {
    if (DateTimeCasts.isInfinite(micros)) {
      return micros;
    }
    long sum = micros + amount;
    if (((micros ^ sum) & (amount ^ sum)) < 0) {
      throw DateTimeCasts.outOfRange();
    }
    return DateTimeCasts.checked(sum);
  }

  /// A local timestamp plus or minus the interval in a row.
  static long addInterval(long local, Column intervals, int row, boolean minus) {
    long micros = intervals.lowAt(row);
    long high = intervals.highAt(row);
    long months = Intervals.months(high);
    long days = Intervals.days(high);
    return addInterval(
        local, minus ? -months : months, minus ? -days : days, minus ? -micros : micros);
  }

  /// Months first, keeping the day where the month has it, then days, then time.
  static long addInterval(long local, long months, long days, long micros) {
    if (DateTimeCasts.isInfinite(local)) {
      return local;
    }
    long result = local;
    if (months != 0) {
      long day = Math.floorDiv(local, DateTimeCasts.DAY);
      long time = Math.floorMod(local, DateTimeCasts.DAY);
      result = DateTimeCasts.checked(exact(addMonths(day, months), time));
    }
    if (days != 0) {
      long shift = days * DateTimeCasts.DAY;
      if (Math.multiplyHigh(days, DateTimeCasts.DAY) != shift >> 63) {
        throw DateTimeCasts.outOfRange();
      }
      result = plus(result, shift);
    }
    return plus(result, micros);
  }

  private static long exact(long day, long time) {
    if (day < CivilDate.MIN_EPOCH_DAY || day > CivilDate.MAX_TIMESTAMP / DateTimeCasts.DAY) {
      throw DateTimeCasts.outOfRange();
    }
    return day * DateTimeCasts.DAY + time;
  }

  static long addMonths(long epochDay, long months) {
    long civil = CivilDate.civil(epochDay);
    long month = CivilDate.year(civil) * 12L + CivilDate.month(civil) - 1 + months;
    long year = Math.floorDiv(month, 12L);
    int monthOfYear = (int) Math.floorMod(month, 12L) + 1;
    int day = Math.min(CivilDate.day(civil), CivilDate.daysInMonth(year, monthOfYear));
    return CivilDate.epochDay(year, monthOfYear, day);
  }

  /// `to - from` as days and time.
  static void between(long from, long to, ColumnWriter out) {
    if (DateTimeCasts.isInfinite(from) || DateTimeCasts.isInfinite(to)) {
      throw new SqlException(
          ErrorCode.DATETIME_FIELD_OVERFLOW, "cannot subtract infinite timestamps");
    }
    long difference = to - from;
    if (((to ^ from) & (to ^ difference)) < 0) {
      throw intervalOutOfRange();
    }
    long days = difference / DateTimeCasts.DAY;
    out.append16(difference - days * DateTimeCasts.DAY, Intervals.pack(0, (int) days));
  }

  /// `age(to, from)` of local times: field by field, borrowing days from the month of the earlier
  /// one.
  static void age(long from, long to, ColumnWriter out) {
    if (DateTimeCasts.isInfinite(from) || DateTimeCasts.isInfinite(to)) {
      throw new SqlException(
          ErrorCode.DATETIME_FIELD_OVERFLOW, "cannot subtract infinite timestamps");
    }
    boolean negative = to < from;
    long late = negative ? from : to;
    long early = negative ? to : from;
    long lateCivil = CivilDate.civil(Math.floorDiv(late, DateTimeCasts.DAY));
    long earlyCivil = CivilDate.civil(Math.floorDiv(early, DateTimeCasts.DAY));
    long micros = Math.floorMod(late, DateTimeCasts.DAY) - Math.floorMod(early, DateTimeCasts.DAY);
    int days = CivilDate.day(lateCivil) - CivilDate.day(earlyCivil);
    int months =
        (CivilDate.year(lateCivil) - CivilDate.year(earlyCivil)) * 12
            + CivilDate.month(lateCivil)
            - CivilDate.month(earlyCivil);
    if (micros < 0) {
      micros += DateTimeCasts.DAY;
      days--;
    }
    if (days < 0) {
      long borrowed = negative ? lateCivilBefore(lateCivil) : earlyCivil;
      days += CivilDate.daysInMonth(CivilDate.year(borrowed), CivilDate.month(borrowed));
      months--;
    }
    int sign = negative ? -1 : 1;
    out.append16(sign * micros, Intervals.pack(sign * months, sign * days));
  }

  /// Some day of the month before, as a packed date.
  private static long lateCivilBefore(long civil) {
    return CivilDate.civil(
        CivilDate.epochDay(CivilDate.year(civil), CivilDate.month(civil), 1) - 1);
  }

  static void sum(Column a, Column b, int row, int sign, ColumnWriter out) {
    long highA = a.highAt(row);
    long highB = b.highAt(row);
    append(
        (long) Intervals.months(highA) + (long) sign * Intervals.months(highB),
        (long) Intervals.days(highA) + (long) sign * Intervals.days(highB),
        exactSum(a.lowAt(row), b.lowAt(row), sign),
        out);
  }

  private static long exactSum(long a, long b, int sign) {
    try {
      return sign > 0 ? Math.addExact(a, b) : Math.subtractExact(a, b);
    } catch (ArithmeticException e) {
      throw intervalOutOfRange();
    }
  }

  static void negate(Column a, int row, ColumnWriter out) {
    long high = a.highAt(row);
    append(
        -(long) Intervals.months(high),
        -(long) Intervals.days(high),
        exactSum(0, a.lowAt(row), -1),
        out);
  }

  private static void append(long months, long days, long micros, ColumnWriter out) {
    if (months != (int) months || days != (int) days) {
      throw intervalOutOfRange();
    }
    out.append16(micros, Intervals.pack((int) months, (int) days));
  }

  static void multiply(Column a, int row, double factor, ColumnWriter out) {
    if (Double.isNaN(factor) || Double.isInfinite(factor)) {
      throw intervalOutOfRange();
    }
    long high = a.highAt(row);
    check(Intervals.months(high) * factor, Intervals.days(high) * factor, a.lowAt(row) * factor);
    long[] parts =
        Intervals.multiply(Intervals.months(high), Intervals.days(high), a.lowAt(row), factor);
    append(parts[0], parts[1], parts[2], out);
  }

  /// Errors: 22012.
  static void divide(Column a, int row, double divisor, ColumnWriter out) {
    if (divisor == 0) {
      throw PgNumeric.divisionByZero();
    }
    long high = a.highAt(row);
    check(Intervals.months(high) / divisor, Intervals.days(high) / divisor, a.lowAt(row) / divisor);
    long[] parts =
        Intervals.divide(Intervals.months(high), Intervals.days(high), a.lowAt(row), divisor);
    append(parts[0], parts[1], parts[2], out);
  }

  private static void check(double months, double days, double micros) {
    if (!(Math.abs(months) <= Integer.MAX_VALUE)
        || !(Math.abs(days) <= Integer.MAX_VALUE)
        || !(Math.abs(micros) < 0x1p63)) {
      throw intervalOutOfRange();
    }
  }

  static void justify(Column a, int row, boolean hours, boolean days, ColumnWriter out) {
    long high = a.highAt(row);
    long micros = a.lowAt(row);
    long dayCount = Intervals.days(high);
    long months = Intervals.months(high);
    if (hours) {
      dayCount += micros / DateTimeCasts.DAY;
      micros %= DateTimeCasts.DAY;
    }
    if (days) {
      months += dayCount / 30;
      dayCount %= 30;
    }
    if (hours && days) {
      if (months > 0 && (dayCount < 0 || (dayCount == 0 && micros < 0))) {
        dayCount += 30;
        months--;
      } else if (months < 0 && (dayCount > 0 || (dayCount == 0 && micros > 0))) {
        dayCount -= 30;
        months++;
      }
    }
    if (hours) {
      if (dayCount > 0 && micros < 0) {
        micros += DateTimeCasts.DAY;
        dayCount--;
      } else if (dayCount < 0 && micros > 0) {
        micros -= DateTimeCasts.DAY;
        dayCount++;
      }
    } else if (days) {
      if (months > 0 && dayCount < 0) {
        dayCount += 30;
        months--;
      } else if (months < 0 && dayCount > 0) {
        dayCount -= 30;
        months++;
      }
    }
    append(months, dayCount, micros, out);
  }
}
