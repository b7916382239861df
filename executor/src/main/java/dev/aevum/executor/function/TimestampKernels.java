package dev.aevum.executor.function;

import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.Intervals;
import dev.aevum.executor.kernel.Kernel;
import dev.aevum.executor.kernel.Nulls;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.FixedColumn;
import dev.aevum.model.batch.Memory;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.SimpleType;
import java.lang.foreign.MemorySegment;
import java.time.ZoneId;

/// A timestamp plus or minus an interval. Intervals of time alone, the usual ones, add microseconds
/// in a loop; those with days or months go through the calendar, for timestamps with zone in the
/// session's.
final class TimestampKernels {
  private TimestampKernels() {}

  static Kernel addInterval(SimpleType type, boolean minus) {
    boolean zoned = type == SimpleType.TIMESTAMPTZ;
    return (context, arguments, rows) -> {
      try (FixedColumn out = new FixedColumn(context.allocator(), type, rows.size())) {
        Nulls.propagate(out, arguments);
        if (!addTimes(arguments[0].data(), arguments[1].data(), minus, out.data(), rows.size())) {
          byCalendar(context, arguments, rows, minus, zoned, out);
        }
        return out.finish();
      }
    };
  }

  /// False when some row needs the calendar, is infinite, or leaves the range.
  private static boolean addTimes(
      MemorySegment times, MemorySegment intervals, boolean minus, MemorySegment to, int rows) {
    boolean simple = true;
    for (int i = 0; i < rows; i++) {
      long time = times.get(LONG, (long) i << 3);
      long amount = intervals.get(LONG, (long) i << 4);
      long sum = minus ? time - amount : time + amount;
      to.set(LONG, (long) i << 3, sum);
      // Far from the borders of the range neither overflow nor infinity can occur.
      simple &=
          intervals.get(LONG, ((long) i << 4) + 8) == 0
              && Math.abs(time) < 1L << 57
              && Math.abs(amount) < 1L << 57
              && time != Long.MIN_VALUE
              && amount != Long.MIN_VALUE
              && sum > -200_000_000_000_000_000L;
    }
    return simple;
  }

  private static void byCalendar(
      EvaluationContext context,
      Column[] arguments,
      Selection rows,
      boolean minus,
      boolean zoned,
      FixedColumn out) {
    ZoneId zone = context.session().textStyle().timeZone();
    for (int i = 0; i < rows.size(); i++) {
      if (Nulls.at(arguments, i)) {
        continue;
      }
      try {
        long value = add(arguments[0].longAt(i), arguments[1], i, minus, zoned, zone);
        out.data().set(LONG, (long) i << 3, value);
      } catch (SqlException e) {
        context.errors().report(rows.row(i), e);
        Memory.clearBit(out.validity(), i);
      }
    }
  }

  /// Days and months are those of the local calendar, time is exact.
  static long add(long time, Column intervals, int row, boolean minus, boolean zoned, ZoneId zone) {
    if (!zoned || DateTimeCasts.isInfinite(time)) {
      return DateTimes.addInterval(time, intervals, row, minus);
    }
    long micros = intervals.lowAt(row);
    long high = intervals.highAt(row);
    long result = time;
    if (high != 0) {
      long months = Intervals.months(high);
      long days = Intervals.days(high);
      long local =
          DateTimes.addInterval(
              DateTimeCasts.toLocal(time, zone), minus ? -months : months, minus ? -days : days, 0);
      result = DateTimeCasts.toUtc(local, zone);
    }
    return DateTimes.plus(result, minus ? -micros : micros);
  }
}
