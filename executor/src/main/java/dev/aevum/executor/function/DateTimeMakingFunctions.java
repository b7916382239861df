package dev.aevum.executor.function;

import static dev.aevum.executor.function.DateTimeFunctions.DATE;
import static dev.aevum.executor.function.DateTimeFunctions.INTERVAL;
import static dev.aevum.executor.function.DateTimeFunctions.TIME;
import static dev.aevum.executor.function.DateTimeFunctions.TIMESTAMP;
import static dev.aevum.executor.function.DateTimeFunctions.TIMESTAMPTZ;
import static dev.aevum.executor.function.DateTimeFunctions.function;

import dev.aevum.executor.kernel.Intervals;
import dev.aevum.model.batch.Column;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.text.CivilDate;
import dev.aevum.model.type.SimpleType;
import java.util.Arrays;

/// Dates and times from numbers, and to and from formatted text.
final class DateTimeMakingFunctions {
  private static final SimpleType INTEGER = SimpleType.INTEGER;
  private static final SimpleType DOUBLE = SimpleType.DOUBLE;
  private static final SimpleType TEXT = SimpleType.TEXT;

  private DateTimeMakingFunctions() {}

  static void define(FunctionDefinitions f) {
    function(f, "make_date", DATE, INTEGER, INTEGER, INTEGER)
        .mayFail()
        .describe("The date of a year, month and day.")
        .example("make_date(2024, 2, 29) -> 2024-02-29")
        .runs(
            RowKernels.strict(
                DATE,
                (c, a, i, out) ->
                    out.appendInt((int) date(a[0].intAt(i), a[1].intAt(i), a[2].intAt(i)))));
    function(f, "make_time", TIME, INTEGER, INTEGER, DOUBLE)
        .mayFail()
        .describe("The time of day of an hour, minute and second.")
        .example("make_time(8, 15, 23.5) -> 08:15:23.5")
        .runs(
            RowKernels.longs(
                TIME, (c, a, i) -> time(a[0].intAt(i), a[1].intAt(i), a[2].doubleAt(i))));
    function(f, "make_timestamp", TIMESTAMP, INTEGER, INTEGER, INTEGER, INTEGER, INTEGER, DOUBLE)
        .mayFail()
        .describe("The timestamp of year, month, day, hour, minute, second.")
        .example("make_timestamp(2024, 7, 15, 8, 15, 23.5) -> 2024-07-15 08:15:23.5")
        .runs(RowKernels.longs(TIMESTAMP, (c, a, i) -> timestamp(a, i)));
    function(
            f, "make_timestamptz", TIMESTAMPTZ, INTEGER, INTEGER, INTEGER, INTEGER, INTEGER, DOUBLE)
        .stable()
        .mayFail()
        .describe("The instant of year, month, day, hour, minute, second in the session's zone.")
        .example("make_timestamptz(2024, 7, 15, 8, 15, 23.5) -> 2024-07-15 08:15:23.5+00")
        .runs(
            RowKernels.longs(
                TIMESTAMPTZ,
                (c, a, i) ->
                    DateTimeCasts.toUtc(timestamp(a, i), c.session().textStyle().timeZone())));
    intervals(f);
    Overlaps.define(f);
    texts(f);
  }

  private static void intervals(FunctionDefinitions f) {
    for (int count = 0; count <= 7; count++) {
      SimpleType[] types = new SimpleType[count];
      Arrays.fill(types, INTEGER);
      if (count == 7) {
        types[6] = DOUBLE;
      }
      function(f, "make_interval", INTERVAL, types)
          .mayFail()
          .describe("The interval of years, months, weeks, days, hours, minutes, seconds.")
          .example(
              "make_interval("
                  + firstItems("1, 2, 1, 3, 4, 5, 6.5", count)
                  + ") -> "
                  + INTERVALS[count])
          .runs(RowKernels.strict(INTERVAL, (c, a, i, out) -> appendInterval(a, i, out)));
    }
  }

  private static final String[] INTERVALS = {
    "00:00:00",
    "1 year",
    "1 year 2 mons",
    "1 year 2 mons 7 days",
    "1 year 2 mons 10 days",
    "1 year 2 mons 10 days 04:00:00",
    "1 year 2 mons 10 days 04:05:00",
    "1 year 2 mons 10 days 04:05:06.5"
  };

  private static String firstItems(String list, int count) {
    return String.join(", ", Arrays.asList(list.split(", ", -1)).subList(0, count));
  }

  private static void appendInterval(Column[] a, int i, dev.aevum.model.batch.ColumnWriter out) {
    long[] parts = new long[6];
    for (int p = 0; p < Math.min(6, a.length); p++) {
      parts[p] = a[p].intAt(i);
    }
    double seconds = a.length > 6 ? a[6].doubleAt(i) : 0;
    long months = parts[0] * 12 + parts[1];
    long days = parts[2] * 7 + parts[3];
    double micros = Math.rint(seconds * 1e6);
    if (months != (int) months || days != (int) days || !(Math.abs(micros) < 0x1p62)) {
      throw DateTimes.intervalOutOfRange();
    }
    long time = (parts[4] * 60 + parts[5]) * 60 * CivilDate.MICROS_PER_SECOND + (long) micros;
    out.append16(time, Intervals.pack((int) months, (int) days));
  }

  static long date(int year, int month, int day) {
    long astronomical = year < 0 ? year + 1L : year;
    if (year == 0
        || month < 1
        || month > 12
        || day < 1
        || day > CivilDate.daysInMonth(astronomical, month)) {
      throw new SqlException(
          ErrorCode.DATETIME_FIELD_OVERFLOW,
          "date field value out of range: %d-%02d-%02d".formatted(year, month, day));
    }
    long epochDay = CivilDate.epochDay(astronomical, month, day);
    if (epochDay < CivilDate.MIN_EPOCH_DAY || epochDay > CivilDate.MAX_EPOCH_DAY) {
      throw new SqlException(
          ErrorCode.DATETIME_FIELD_OVERFLOW,
          "date out of range: %d-%02d-%02d".formatted(year, month, day));
    }
    return epochDay;
  }

  private static long time(int hour, int minute, double second) {
    double micros = Math.rint(second * 1e6);
    if (hour < 0
        || minute < 0
        || minute > 59
        || !(second >= 0 && second <= 60)
        || hour > 24
        || (hour == 24 && (minute > 0 || second > 0))) {
      throw new SqlException(
          ErrorCode.DATETIME_FIELD_OVERFLOW,
          "time field value out of range: %d:%02d:%s"
              .formatted(hour, minute, second < 10 ? "0" + trim(second) : trim(second)));
    }
    return (hour * 60L + minute) * 60 * CivilDate.MICROS_PER_SECOND + (long) micros;
  }

  private static String trim(double second) {
    return second == Math.rint(second) ? Long.toString((long) second) : Double.toString(second);
  }

  private static long timestamp(Column[] a, int i) {
    long day = date(a[0].intAt(i), a[1].intAt(i), a[2].intAt(i));
    return DateTimes.plus(
        DateTimeCasts.toTimestamp((int) day), time(a[3].intAt(i), a[4].intAt(i), a[5].doubleAt(i)));
  }

  private static void texts(FunctionDefinitions f) {
    function(f, "to_timestamp", TIMESTAMPTZ, DOUBLE)
        .mayFail()
        .describe("The instant so many seconds after 1970-01-01 00:00 UTC.")
        .example("to_timestamp(1704153600.5) -> 2024-01-02 00:00:00.5+00")
        .runs(RowKernels.longs(TIMESTAMPTZ, (c, a, i) -> ofEpoch(a[0].doubleAt(i))));
    function(f, "to_timestamp", TIMESTAMPTZ, TEXT, TEXT)
        .stable()
        .mayFail()
        .describe("The instant that a text means by a format, in the session's time zone.")
        .example("to_timestamp('05 Dec 2000', 'DD Mon YYYY') -> 2000-12-05 00:00:00+00")
        .runs(
            RowKernels.longs(
                TIMESTAMPTZ,
                (c, a, i) ->
                    DateTimeCasts.toUtc(
                        TimeFormat.parse(a[0].textAt(i), a[1].textAt(i)),
                        c.session().textStyle().timeZone())));
    function(f, "to_date", DATE, TEXT, TEXT)
        .mayFail()
        .describe("The date that a text means by a format.")
        .example("to_date('2024-02-29', 'YYYY-MM-DD') -> 2024-02-29")
        .runs(
            RowKernels.strict(
                DATE,
                (c, a, i, out) ->
                    out.appendInt(
                        DateTimeCasts.toDate(TimeFormat.parse(a[0].textAt(i), a[1].textAt(i))))));
    formats(f);
  }

  private static void formats(FunctionDefinitions f) {
    function(f, "to_char", TEXT, TIMESTAMP, TEXT)
        .mayFail()
        .describe("The timestamp by a format.")
        .example(
            "to_char(timestamp '2024-02-29 13:05:09', 'YYYY-MM-DD HH12:MI:SS AM') -> 2024-02-29 01:05:09 PM")
        .runs(
            RowKernels.strict(
                TEXT,
                (c, a, i, out) -> {
                  if (isShown(a[0].longAt(i), a[1], i)) {
                    out.appendText(TimeFormat.format(a[0].longAt(i), 0, "", a[1].textAt(i)));
                  } else {
                    out.appendNull();
                  }
                }));
    function(f, "to_char", TEXT, TIMESTAMPTZ, TEXT)
        .stable()
        .mayFail()
        .describe("The local time of an instant by a format.")
        .example("to_char(timestamptz '2024-02-29 13:05:09+00', 'HH24:MI') -> 13:05")
        .runs(
            RowKernels.strict(
                TEXT,
                (c, a, i, out) -> {
                  long utc = a[0].longAt(i);
                  if (!isShown(utc, a[1], i)) {
                    out.appendNull();
                    return;
                  }
                  var zone = c.session().textStyle().timeZone();
                  out.appendText(
                      TimeFormat.format(
                          DateTimeCasts.toLocal(utc, zone),
                          dev.aevum.model.text.DateTimeText.offsetSeconds(utc, zone),
                          TimeFormat.zoneName(utc, zone),
                          a[1].textAt(i)));
                }));
    function(f, "to_char", TEXT, INTERVAL, TEXT)
        .mayFail()
        .describe("The interval by a format.")
        .example("to_char(interval '15 hours 2 minutes', 'HH24:MI:SS') -> 15:02:00")
        .runs(
            RowKernels.strict(
                TEXT,
                (c, a, i, out) -> {
                  if (a[1].lengthAt(i) == 0) {
                    out.appendNull();
                  } else {
                    out.appendText(
                        TimeFormat.formatInterval(a[0].lowAt(i), a[0].highAt(i), a[1].textAt(i)));
                  }
                }));
  }

  /// An infinite time, or one by an empty format, has no text: NULL.
  private static boolean isShown(long micros, Column format, int row) {
    return !DateTimeCasts.isInfinite(micros) && format.lengthAt(row) > 0;
  }

  private static long ofEpoch(double seconds) {
    if (Double.isNaN(seconds)) {
      throw new SqlException(ErrorCode.DATETIME_FIELD_OVERFLOW, "timestamp cannot be NaN");
    }
    if (Double.isInfinite(seconds)) {
      return seconds > 0 ? Long.MAX_VALUE : Long.MIN_VALUE;
    }
    double micros = Math.rint(seconds * 1e6);
    if (!(Math.abs(micros) < 0x1p63)) {
      throw new SqlException(
          ErrorCode.DATETIME_FIELD_OVERFLOW, "timestamp out of range: \"" + seconds + "\"");
    }
    return DateTimeCasts.checked((long) micros);
  }
}
