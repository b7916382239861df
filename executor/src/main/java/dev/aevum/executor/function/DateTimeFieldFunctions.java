package dev.aevum.executor.function;

import static dev.aevum.executor.function.DateTimeFunctions.DATE;
import static dev.aevum.executor.function.DateTimeFunctions.INTERVAL;
import static dev.aevum.executor.function.DateTimeFunctions.TIME;
import static dev.aevum.executor.function.DateTimeFunctions.TIMESTAMP;
import static dev.aevum.executor.function.DateTimeFunctions.TIMESTAMPTZ;
import static dev.aevum.executor.function.DateTimeFunctions.function;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.Kernel;
import dev.aevum.executor.numeric.NumericColumns;
import dev.aevum.executor.numeric.PgNumeric;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.codec.NumericBytes;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.text.DateTimeText;
import dev.aevum.model.type.SimpleType;
import java.time.ZoneId;
import java.util.List;

/// extract, date_part, date_trunc and date_bin.
final class DateTimeFieldFunctions {
  private static final SimpleType TEXT = SimpleType.TEXT;

  private DateTimeFieldFunctions() {}

  static void define(FunctionDefinitions f) {
    for (SimpleType type : List.of(DATE, TIME, TIMESTAMP, TIMESTAMPTZ, INTERVAL)) {
      function(f, "extract", SimpleType.NUMERIC, TEXT, type)
          .mayFail()
          .describe("A field of a date or time: EXTRACT(field FROM value).")
          .example("extract" + example(type, false))
          .runs((types, result) -> extract(type));
      function(f, "date_part", SimpleType.DOUBLE, TEXT, type)
          .mayFail()
          .describe("A field of a date or time as double precision.")
          .example("date_part" + example(type, true))
          .runs((types, result) -> datePart(type));
    }
    truncation(f);
  }

  private static String example(SimpleType type, boolean part) {
    return switch (type) {
      case DATE -> "('doy', date '2024-02-01') -> 32";
      case TIME -> "('hour', time '14:30') -> 14";
      case TIMESTAMP ->
          "('second', timestamp '2024-01-02 03:04:05.5') -> " + (part ? "5.5" : "5.500000");
      case TIMESTAMPTZ ->
          "('epoch', timestamptz '2024-01-02 00:00:00+00') -> "
              + (part ? "1704153600" : "1704153600.000000");
      case INTERVAL -> "('day', interval '40 days 1 hour') -> 40";
      default -> throw new IllegalStateException(type.name());
    };
  }

  private static boolean isInfinite(Column values, int row, SimpleType type) {
    return switch (type) {
      case DATE -> DateTimeCasts.isInfinite(values.intAt(row));
      case TIMESTAMP, TIMESTAMPTZ -> DateTimeCasts.isInfinite(values.longAt(row));
      default -> false;
    };
  }

  private static boolean isPositive(Column values, int row, SimpleType type) {
    return type == DATE ? values.intAt(row) > 0 : values.longAt(row) > 0;
  }

  private static long value(
      EvaluationContext context, DateTimeField field, Column values, int row, SimpleType type) {
    return switch (type) {
      case DATE -> Extract.ofDate(field, values.intAt(row));
      case TIME -> Extract.ofTime(field, values.longAt(row), type);
      case TIMESTAMP -> Extract.ofTimestamp(field, values.longAt(row), 0, type);
      case TIMESTAMPTZ -> {
        ZoneId zone = context.session().textStyle().timeZone();
        long utc = values.longAt(row);
        yield Extract.ofTimestamp(
            field, DateTimeCasts.toLocal(utc, zone), DateTimeText.offsetSeconds(utc, zone), type);
      }
      case INTERVAL -> Extract.ofInterval(field, values.lowAt(row), values.highAt(row));
      default -> throw new IllegalStateException(type.name());
    };
  }

  private static Kernel extract(SimpleType type) {
    FieldReader fields = new FieldReader(type);
    ByteSink sink = new ByteSink();
    return RowKernels.strict(
        SimpleType.NUMERIC,
        (context, arguments, i, out) -> {
          DateTimeField field = fields.at(arguments[0], i);
          Column values = arguments[1];
          if (isInfinite(values, i, type)) {
            appendInfinite(field, isPositive(values, i, type), out, sink);
            return;
          }
          long value = value(context, field, values, i, type);
          if (field == DateTimeField.JULIAN && type != DATE) {
            NumericColumns.append(julian(context, value, values, i, type), out, sink);
            return;
          }
          sink.reset();
          NumericBytes.append(value, Extract.scale(field, type), sink);
          out.appendBytes(sink.array(), 0, sink.position());
        });
  }

  private static void appendInfinite(
      DateTimeField field, boolean positive, ColumnWriter out, ByteSink sink) {
    if (!Extract.isMonotone(field)) {
      out.appendNull();
      return;
    }
    NumericColumns.append(positive ? PgNumeric.INFINITY : PgNumeric.NEGATIVE_INFINITY, out, sink);
  }

  /// The Julian day with the time of day as its fraction.
  private static PgNumeric julian(
      EvaluationContext context, long day, Column values, int row, SimpleType type) {
    long local = DateTimeFunctions.local(context, values.longAt(row), type == TIMESTAMPTZ);
    PgNumeric time = PgNumeric.of(Math.floorMod(local, DateTimeCasts.DAY));
    return PgNumeric.of(day).add(time.divide(PgNumeric.of(DateTimeCasts.DAY)));
  }

  private static Kernel datePart(SimpleType type) {
    FieldReader fields = new FieldReader(type);
    return RowKernels.strict(
        SimpleType.DOUBLE,
        (context, arguments, i, out) -> {
          DateTimeField field = fields.at(arguments[0], i);
          Column values = arguments[1];
          if (isInfinite(values, i, type)) {
            if (Extract.isMonotone(field)) {
              out.appendDouble(
                  isPositive(values, i, type)
                      ? Double.POSITIVE_INFINITY
                      : Double.NEGATIVE_INFINITY);
            } else {
              out.appendNull();
            }
            return;
          }
          long value = value(context, field, values, i, type);
          if (field == DateTimeField.JULIAN && type != DATE) {
            out.appendDouble(julian(context, value, values, i, type).toDouble());
            return;
          }
          int scale = Extract.scale(field, type);
          out.appendDouble(scale == 6 ? value / 1e6 : scale == 3 ? value / 1e3 : value);
        });
  }

  private static void truncation(FunctionDefinitions f) {
    function(f, "date_trunc", TIMESTAMP, TEXT, TIMESTAMP)
        .mayFail()
        .describe("The timestamp with all fields below a unit cleared.")
        .example("date_trunc('week', timestamp '2024-02-29 13:30:00') -> 2024-02-26 00:00:00")
        .runs((types, result) -> {
          FieldReader fields = new FieldReader(TIMESTAMP);
          return RowKernels.longs(
              TIMESTAMP, (c, a, i) -> Truncation.of(fields.at(a[0], i), a[1].longAt(i), TIMESTAMP));
        });
    function(f, "date_trunc", TIMESTAMPTZ, TEXT, TIMESTAMPTZ)
        .mayFail()
        .describe("The timestamp with all fields below a unit cleared, in the session's time zone.")
        .example(
            "date_trunc('hour', timestamptz '2024-02-29 13:30:00+00') -> 2024-02-29 13:00:00+00")
        .runs((types, result) -> {
          FieldReader fields = new FieldReader(TIMESTAMPTZ);
          return RowKernels.longs(
              TIMESTAMPTZ,
              (c, a, i) ->
                  Truncation.zoned(
                      fields.at(a[0], i), a[1].longAt(i), c.session().textStyle().timeZone()));
        });
    function(f, "date_trunc", TIMESTAMPTZ, TEXT, TIMESTAMPTZ, TEXT)
        .mayFail()
        .describe("The timestamp with all fields below a unit cleared, in a time zone.")
        .example(
            "date_trunc('day', timestamptz '2024-02-29 23:30:00+00', 'Europe/Berlin') -> 2024-02-29 23:00:00+00")
        .runs((types, result) -> {
          FieldReader fields = new FieldReader(TIMESTAMPTZ);
          return RowKernels.longs(
              TIMESTAMPTZ,
              (c, a, i) ->
                  Truncation.zoned(
                      fields.at(a[0], i), a[1].longAt(i), DateTimes.zone(a[2].textAt(i))));
        });
    function(f, "date_trunc", INTERVAL, TEXT, INTERVAL)
        .mayFail()
        .describe("The interval with all fields below a unit cleared.")
        .example("date_trunc('hour', interval '2 days 03:40:00') -> 2 days 03:00:00")
        .runs((types, result) -> {
          FieldReader fields = new FieldReader(INTERVAL);
          return RowKernels.strict(
              INTERVAL, (c, a, i, out) -> Truncation.ofInterval(fields.at(a[0], i), a[1], i, out));
        });
    for (SimpleType type : List.of(TIMESTAMP, TIMESTAMPTZ)) {
      String word = type == TIMESTAMP ? "timestamp" : "timestamptz";
      function(f, "date_bin", type, INTERVAL, type, type)
          .mayFail()
          .describe(
              "The start of the bin of a width that a timestamp lies in, counted from an origin.")
          .example(
              "date_bin(interval '15 minutes', "
                  + word
                  + " '2024-01-01 00:20:00', "
                  + word
                  + " '2001-01-01 00:00:00') -> 2024-01-01 00:15:00"
                  + (type == TIMESTAMP ? "" : "+00"))
          .runs(
              RowKernels.longs(
                  type,
                  (c, a, i) -> bin(a[0].lowAt(i), a[0].highAt(i), a[1].longAt(i), a[2].longAt(i))));
    }
  }

  /// Errors: 0A000 for months, 22008 otherwise.
  private static long bin(long micros, long high, long time, long origin) {
    if (DateTimeCasts.isInfinite(time)) {
      return time;
    }
    if (DateTimeCasts.isInfinite(origin)) {
      throw new SqlException(ErrorCode.DATETIME_FIELD_OVERFLOW, "origin out of range");
    }
    if (dev.aevum.executor.kernel.Intervals.months(high) != 0) {
      throw new SqlException(
          ErrorCode.FEATURE_NOT_SUPPORTED,
          "timestamps cannot be binned into intervals containing months or years");
    }
    try {
      long width =
          Math.addExact(
              Math.multiplyExact(
                  (long) dev.aevum.executor.kernel.Intervals.days(high), DateTimeCasts.DAY),
              micros);
      if (width <= 0) {
        throw new SqlException(
            ErrorCode.DATETIME_FIELD_OVERFLOW, "stride must be greater than zero");
      }
      long distance = Math.subtractExact(time, origin);
      return Math.addExact(origin, Math.floorDiv(distance, width) * width);
    } catch (ArithmeticException e) {
      throw DateTimes.intervalOutOfRange();
    }
  }
}
