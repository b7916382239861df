package dev.aevum.executor.aggregate;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import org.jspecify.annotations.Nullable;

/// Figures of values of double precision by time:
///
/// - `time_weighted_avg(value, ts)`: each value holds until the next time; the last one has no
///   weight, unless there is one time only;
/// - `rate(counter, ts)`: increase a second from the first to the last time. A counter that falls
///   has begun anew at 0. NULL for one time only.
///
/// Not finite values do not count.
public record TimeAggregate(boolean rate) implements MultisetAggregate {
  private static final double MICROS = 1e6;

  @Override
  public SqlType resultType() {
    return SimpleType.DOUBLE;
  }

  @Override
  public int[] order() {
    return new int[] {1, 0};
  }

  @Override
  public Column evaluate(
      EvaluationContext context,
      Column[] columns,
      int[] rows,
      long @Nullable [] weights,
      int[] starts,
      int groups) {
    try (ColumnWriter out = new ColumnWriter(context.allocator(), SimpleType.DOUBLE, groups)) {
      for (int g = 0; g < groups; g++) {
        double value =
            rate
                ? rate(columns, rows, starts[g], starts[g + 1])
                : average(columns, rows, starts[g], starts[g + 1]);
        try {
          SketchResults.appendReal(value, out);
        } catch (SqlException e) {
          context.errors().report(g, e);
          out.appendNull();
        }
      }
      return out.finish();
    }
  }

  private static int skip(Column values, int[] rows, int from, int to) {
    int at = from;
    while (at < to && !Double.isFinite(values.doubleAt(rows[at]))) {
      at++;
    }
    return at;
  }

  /// Shares of the whole time, so that no product is greater than the values.
  private static double average(Column[] columns, int[] rows, int from, int to) {
    int at = skip(columns[1], rows, from, to);
    if (at == to) {
      return Double.NaN;
    }
    long begin = columns[0].longAt(rows[at]);
    int last = at;
    for (int i = at; i < to; i = skip(columns[1], rows, i + 1, to)) {
      last = i;
    }
    double span = (double) columns[0].longAt(rows[last]) - begin;
    double sum = 0;
    while (span > 0 && at < last) {
      int next = skip(columns[1], rows, at + 1, to);
      double held = (double) columns[0].longAt(rows[next]) - columns[0].longAt(rows[at]);
      sum += columns[1].doubleAt(rows[at]) * (held / span);
      at = next;
    }
    return span > 0 ? sum : columns[1].doubleAt(rows[last]);
  }

  private static double rate(Column[] columns, int[] rows, int from, int to) {
    int at = skip(columns[1], rows, from, to);
    if (at == to) {
      return Double.NaN;
    }
    long begin = columns[0].longAt(rows[at]);
    long end = begin;
    double increase = 0;
    double before = columns[1].doubleAt(rows[at]);
    for (int i = skip(columns[1], rows, at + 1, to); i < to; ) {
      double now = columns[1].doubleAt(rows[i]);
      increase += now < before ? now : now - before;
      before = now;
      end = columns[0].longAt(rows[i]);
      i = skip(columns[1], rows, i + 1, to);
    }
    return end > begin ? increase / (((double) end - begin) / MICROS) : Double.NaN;
  }
}
