package dev.aevum.executor.function;

import dev.aevum.executor.function.FunctionDefinitions.Definition;
import dev.aevum.executor.kernel.Kernel;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.text.PgText;
import dev.aevum.model.text.TextStyle;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;

/// Arithmetic of dates, times, timestamps and intervals; the current time. PostgreSQL 17, chapter
/// 9.9.
final class DateTimeFunctions {
  static final SimpleType DATE = SimpleType.DATE;
  static final SimpleType TIME = SimpleType.TIME;
  static final SimpleType TIMESTAMP = SimpleType.TIMESTAMP;
  static final SimpleType TIMESTAMPTZ = SimpleType.TIMESTAMPTZ;
  static final SimpleType INTERVAL = SimpleType.INTERVAL;

  private DateTimeFunctions() {}

  static void define(FunctionDefinitions f) {
    dates(f);
    timestamps(f);
    times(f);
    intervals(f);
    now(f);
    DateTimeFieldFunctions.define(f);
    DateTimeMakingFunctions.define(f);
  }

  static Definition function(
      FunctionDefinitions f, String name, SqlType result, SqlType... arguments) {
    return f.define(name).takes(arguments).returns(result);
  }

  private static void dates(FunctionDefinitions f) {
    SimpleType integer = SimpleType.INTEGER;
    function(f, "+", DATE, DATE, integer)
        .mayFail()
        .describe("The date so many days later.")
        .example("date '2024-01-31' + 1 -> 2024-02-01")
        .runs(dates((c, a, i) -> DateTimes.addDays(a[0].intAt(i), a[1].intAt(i))));
    function(f, "+", DATE, integer, DATE)
        .mayFail()
        .describe("The date so many days later.")
        .example("1 + date '2024-01-31' -> 2024-02-01")
        .runs(dates((c, a, i) -> DateTimes.addDays(a[1].intAt(i), a[0].intAt(i))));
    function(f, "-", DATE, DATE, integer)
        .mayFail()
        .describe("The date so many days earlier.")
        .example("date '2024-03-01' - 1 -> 2024-02-29")
        .runs(dates((c, a, i) -> DateTimes.addDays(a[0].intAt(i), -(long) a[1].intAt(i))));
    function(f, "-", integer, DATE, DATE)
        .mayFail()
        .describe("Days from the second date to the first.")
        .example("date '2024-03-01' - date '2024-02-01' -> 29")
        .runs(RowKernels.ints((c, a, i) -> DateTimes.daysBetween(a[1].intAt(i), a[0].intAt(i))));
    function(f, "+", TIMESTAMP, DATE, TIME)
        .mayFail()
        .describe("The date at a time of day.")
        .example("date '2024-01-31' + time '03:00' -> 2024-01-31 03:00:00")
        .runs(
            RowKernels.longs(
                TIMESTAMP,
                (c, a, i) ->
                    DateTimes.plus(DateTimeCasts.toTimestamp(a[0].intAt(i)), a[1].longAt(i))));
    function(f, "+", TIMESTAMP, TIME, DATE)
        .mayFail()
        .describe("The date at a time of day.")
        .example("time '03:00' + date '2024-01-31' -> 2024-01-31 03:00:00")
        .runs(
            RowKernels.longs(
                TIMESTAMP,
                (c, a, i) ->
                    DateTimes.plus(DateTimeCasts.toTimestamp(a[1].intAt(i)), a[0].longAt(i))));
    for (boolean minus : new boolean[] {false, true}) {
      function(f, minus ? "-" : "+", TIMESTAMP, DATE, INTERVAL)
          .mayFail()
          .describe("The timestamp an interval " + (minus ? "before" : "after") + " a date.")
          .example(
              minus
                  ? "date '2024-03-31' - interval '1 month' -> 2024-02-29 00:00:00"
                  : "date '2024-01-31' + interval '1 month' -> 2024-02-29 00:00:00")
          .runs(
              RowKernels.longs(
                  TIMESTAMP,
                  (c, a, i) ->
                      DateTimes.addInterval(
                          DateTimeCasts.toTimestamp(a[0].intAt(i)), a[1], i, minus)));
    }
    function(f, "+", TIMESTAMP, INTERVAL, DATE)
        .mayFail()
        .describe("The timestamp an interval after a date.")
        .example("interval '1 hour' + date '2024-01-31' -> 2024-01-31 01:00:00")
        .runs(
            RowKernels.longs(
                TIMESTAMP,
                (c, a, i) ->
                    DateTimes.addInterval(
                        DateTimeCasts.toTimestamp(a[1].intAt(i)), a[0], i, false)));
  }

  private static Kernel dates(RowKernels.LongFunction function) {
    return RowKernels.strict(
        DATE,
        (context, arguments, i, out) -> out.appendInt((int) function.apply(context, arguments, i)));
  }

  private static void timestamps(FunctionDefinitions f) {
    for (SimpleType type : new SimpleType[] {TIMESTAMP, TIMESTAMPTZ}) {
      boolean zoned = type == TIMESTAMPTZ;
      String word = zoned ? "timestamptz" : "timestamp";
      String suffix = zoned ? "+00" : "";
      for (boolean minus : new boolean[] {false, true}) {
        function(f, minus ? "-" : "+", type, type, INTERVAL)
            .mayFail()
            .describe("The time an interval " + (minus ? "before." : "after."))
            .example(
                word
                    + (minus
                        ? " '2024-01-01 00:00:00' - interval '4 seconds' -> 2023-12-31 23:59:56"
                        : " '2024-01-31 00:00:00' + interval '1 month' -> 2024-02-29 00:00:00")
                    + suffix)
            .runs((types, result) -> TimestampKernels.addInterval(type, minus));
      }
      function(f, "+", type, INTERVAL, type)
          .mayFail()
          .describe("The time an interval after.")
          .example(
              "interval '1 day' + "
                  + word
                  + " '2024-01-31 00:00:00' -> 2024-02-01 00:00:00"
                  + suffix)
          .runs((types, result) -> {
            Kernel kernel = TimestampKernels.addInterval(type, false);
            return (context, arguments, rows) ->
                kernel.evaluate(
                    context, new dev.aevum.model.batch.Column[] {arguments[1], arguments[0]}, rows);
          });
      function(f, "-", INTERVAL, type, type)
          .mayFail()
          .describe("Days and time from the second to the first.")
          .example(
              word
                  + " '2024-01-03 01:00:00' - "
                  + word
                  + " '2024-01-01 00:00:00' -> 2 days 01:00:00")
          .runs(intervals((a, i, out) -> DateTimes.between(a[1].longAt(i), a[0].longAt(i), out)));
      function(f, "age", INTERVAL, type, type)
          .mayFail()
          .describe("Years, months, days and time from the second to the first.")
          .example(
              "age("
                  + word
                  + " '2024-03-15 00:00:00', "
                  + word
                  + " '2023-01-10 00:00:00') -> 1 year 2 mons 5 days")
          .runs(
              RowKernels.strict(
                  INTERVAL,
                  (c, a, i, out) ->
                      DateTimes.age(
                          local(c, a[1].longAt(i), zoned), local(c, a[0].longAt(i), zoned), out)));
      function(f, "age", INTERVAL, type)
          .stable()
          .mayFail()
          .describe("Years, months, days and time from then to the midnight that began today.")
          .example("age(" + word + " '2024-01-01 00:00:00') -> 1 day")
          .runs(
              RowKernels.strict(
                  INTERVAL,
                  (c, a, i, out) -> {
                    long today = Math.floorDiv(local(c, c.nowMicros(), true), DateTimeCasts.DAY);
                    DateTimes.age(local(c, a[0].longAt(i), zoned), today * DateTimeCasts.DAY, out);
                  }));
    }
  }

  static long local(
      dev.aevum.executor.kernel.EvaluationContext context, long micros, boolean zoned) {
    return zoned ? DateTimeCasts.toLocal(micros, context.session().textStyle().timeZone()) : micros;
  }

  @FunctionalInterface
  interface IntervalFunction {
    void append(dev.aevum.model.batch.Column[] arguments, int row, ColumnWriter out);
  }

  static Kernel intervals(IntervalFunction function) {
    return RowKernels.strict(
        INTERVAL, (context, arguments, i, out) -> function.append(arguments, i, out));
  }

  private static void times(FunctionDefinitions f) {
    for (boolean minus : new boolean[] {false, true}) {
      function(f, minus ? "-" : "+", TIME, TIME, INTERVAL)
          .describe("The time of day an interval " + (minus ? "before." : "after."))
          .example(
              minus
                  ? "time '05:00' - interval '6 hours' -> 23:00:00"
                  : "time '23:00' + interval '2 hours' -> 01:00:00")
          .runs(
              RowKernels.longs(
                  TIME,
                  (c, a, i) ->
                      Math.floorMod(
                          a[0].longAt(i) + (minus ? -a[1].lowAt(i) : a[1].lowAt(i)),
                          DateTimeCasts.DAY)));
    }
    function(f, "-", INTERVAL, TIME, TIME)
        .describe("From the second time of day to the first.")
        .example("time '05:00' - time '03:30' -> 01:30:00")
        .runs(intervals((a, i, out) -> out.append16(a[0].longAt(i) - a[1].longAt(i), 0)));
  }

  private static void intervals(FunctionDefinitions f) {
    function(f, "+", INTERVAL, INTERVAL, INTERVAL)
        .mayFail()
        .describe("The sum, part by part.")
        .example("interval '1 month 2 days' + interval '3 hours' -> 1 mon 2 days 03:00:00")
        .runs(intervals((a, i, out) -> DateTimes.sum(a[0], a[1], i, 1, out)));
    function(f, "-", INTERVAL, INTERVAL, INTERVAL)
        .mayFail()
        .describe("The difference, part by part.")
        .example("interval '1 month' - interval '1 day' -> 1 mon -1 days")
        .runs(intervals((a, i, out) -> DateTimes.sum(a[0], a[1], i, -1, out)));
    function(f, "-", INTERVAL, INTERVAL)
        .mayFail()
        .describe("All parts with the other sign.")
        .example("- interval '1 day' -> -1 days")
        .runs(intervals((a, i, out) -> DateTimes.negate(a[0], i, out)));
    function(f, "*", INTERVAL, INTERVAL, SimpleType.DOUBLE)
        .mayFail()
        .describe("So many times the interval; fractions of months and days become smaller parts.")
        .example("interval '1 day' * 1.5 -> 1 day 12:00:00")
        .runs(intervals((a, i, out) -> DateTimes.multiply(a[0], i, a[1].doubleAt(i), out)));
    function(f, "*", INTERVAL, SimpleType.DOUBLE, INTERVAL)
        .mayFail()
        .describe("So many times the interval; fractions of months and days become smaller parts.")
        .example("2 * interval '1 hour' -> 02:00:00")
        .runs(intervals((a, i, out) -> DateTimes.multiply(a[1], i, a[0].doubleAt(i), out)));
    function(f, "/", INTERVAL, INTERVAL, SimpleType.DOUBLE)
        .mayFail()
        .describe("The interval divided by a number.")
        .example("interval '1 hour' / 4 -> 00:15:00")
        .runs(intervals((a, i, out) -> DateTimes.divide(a[0], i, a[1].doubleAt(i), out)));
    function(f, "justify_hours", INTERVAL, INTERVAL)
        .mayFail()
        .describe("Every 24 hours as a day.")
        .example("justify_hours(interval '50 hours') -> 2 days 02:00:00")
        .runs(intervals((a, i, out) -> DateTimes.justify(a[0], i, true, false, out)));
    function(f, "justify_days", INTERVAL, INTERVAL)
        .mayFail()
        .describe("Every 30 days as a month.")
        .example("justify_days(interval '65 days') -> 2 mons 5 days")
        .runs(intervals((a, i, out) -> DateTimes.justify(a[0], i, false, true, out)));
    function(f, "justify_interval", INTERVAL, INTERVAL)
        .mayFail()
        .describe("Every 24 hours as a day, every 30 days as a month, all parts of one sign.")
        .example("justify_interval(interval '1 month -1 hour') -> 29 days 23:00:00")
        .runs(intervals((a, i, out) -> DateTimes.justify(a[0], i, true, true, out)));
    function(f, "isfinite", SimpleType.BOOLEAN, TIMESTAMP)
        .describe("Whether a timestamp is not infinite.")
        .example("isfinite(timestamp 'infinity') -> f")
        .runs(RowKernels.booleans((c, a, i) -> !DateTimeCasts.isInfinite(a[0].longAt(i))));
    function(f, "isfinite", SimpleType.BOOLEAN, DATE)
        .describe("Whether a date is not infinite.")
        .example("isfinite(date '2024-01-01') -> t")
        .runs(RowKernels.booleans((c, a, i) -> !DateTimeCasts.isInfinite(a[0].intAt(i))));
  }

  private static void now(FunctionDefinitions f) {
    for (String name :
        new String[] {"now", "current_timestamp", "transaction_timestamp", "statement_timestamp"}) {
      function(f, name, TIMESTAMPTZ)
          .stable()
          .describe("The time at which the statement, or the step, began.")
          .example(name + "() -> 2024-01-02 03:04:05.678901+00")
          .runs(RowKernels.longs(TIMESTAMPTZ, (c, a, i) -> c.nowMicros()));
    }
    function(f, "localtimestamp", TIMESTAMP)
        .stable()
        .describe("The time at which the statement began, in the session's time zone.")
        .example("localtimestamp() -> 2024-01-02 03:04:05.678901")
        .runs(RowKernels.longs(TIMESTAMP, (c, a, i) -> local(c, c.nowMicros(), true)));
    for (String name : new String[] {"localtime", "current_time"}) {
      function(f, name, TIME)
          .stable()
          .describe("The time of day at which the statement began, in the session's time zone.")
          .example(name + "() -> 03:04:05.678901")
          .runs(
              RowKernels.longs(
                  TIME,
                  (c, a, i) -> Math.floorMod(local(c, c.nowMicros(), true), DateTimeCasts.DAY)));
    }
    function(f, "current_date", DATE)
        .stable()
        .describe("The day on which the statement began, in the session's time zone.")
        .example("current_date() -> 2024-01-02")
        .runs(dates((c, a, i) -> DateTimeCasts.toDate(local(c, c.nowMicros(), true))));
    function(f, "clock_timestamp", TIMESTAMPTZ)
        .unstable()
        .describe("The time now, which goes on during a statement.")
        .example("clock_timestamp() -> 2023-11-14 22:13:20+00")
        .runs(RowKernels.longs(TIMESTAMPTZ, (c, a, i) -> c.session().clockMicros()));
    function(f, "timezone", TIMESTAMPTZ, SimpleType.TEXT, TIMESTAMP)
        .mayFail()
        .describe("The instant of a local time in a time zone: AT TIME ZONE.")
        .example(
            "timezone('Europe/Berlin', timestamp '2024-07-01 12:00:00') -> 2024-07-01 10:00:00+00")
        .runs(
            RowKernels.longs(
                TIMESTAMPTZ,
                (c, a, i) ->
                    DateTimeCasts.isInfinite(a[1].longAt(i))
                        ? a[1].longAt(i)
                        : DateTimeCasts.toUtc(a[1].longAt(i), DateTimes.zone(a[0].textAt(i)))));
    function(f, "timezone", TIMESTAMP, SimpleType.TEXT, TIMESTAMPTZ)
        .mayFail()
        .describe("The local time of an instant in a time zone: AT TIME ZONE.")
        .example(
            "timezone('Europe/Berlin', timestamptz '2024-07-01 12:00:00+00') -> 2024-07-01 14:00:00")
        .runs(
            RowKernels.longs(
                TIMESTAMP,
                (c, a, i) ->
                    DateTimeCasts.isInfinite(a[1].longAt(i))
                        ? a[1].longAt(i)
                        : DateTimeCasts.toLocal(a[1].longAt(i), DateTimes.zone(a[0].textAt(i)))));
    for (boolean toLocal : new boolean[] {false, true}) {
      function(
              f,
              "timezone",
              toLocal ? TIMESTAMP : TIMESTAMPTZ,
              INTERVAL,
              toLocal ? TIMESTAMPTZ : TIMESTAMP)
          .mayFail()
          .describe("AT TIME ZONE with the zone as an offset from UTC.")
          .example(
              toLocal
                  ? "timezone(interval '2 hours', timestamptz '2024-07-01 12:00:00+00') -> 2024-07-01 14:00:00"
                  : "timezone(interval '2 hours', timestamp '2024-07-01 12:00:00') -> 2024-07-01 10:00:00+00")
          .runs(
              RowKernels.longs(
                  toLocal ? TIMESTAMP : TIMESTAMPTZ,
                  (c, a, i) -> {
                    long time = a[1].longAt(i);
                    if (DateTimeCasts.isInfinite(time)) {
                      return time;
                    }
                    long offset = offset(a[0], i);
                    return DateTimes.plus(time, toLocal ? offset : -offset);
                  }));
    }
  }

  /// Whole seconds. Errors: 22023 for an interval of months or days.
  private static long offset(Column intervals, int row) {
    if (intervals.highAt(row) != 0) {
      throw new SqlException(
          ErrorCode.INVALID_PARAMETER_VALUE,
          "interval time zone \""
              + PgText.text(intervals, row, TextStyle.DEFAULT)
              + "\" must not include months or days");
    }
    long micros = intervals.lowAt(row);
    return micros - micros % 1_000_000L;
  }
}
