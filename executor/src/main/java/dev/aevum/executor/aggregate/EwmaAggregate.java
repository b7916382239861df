package dev.aevum.executor.aggregate;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `ewma(value, half_life ORDER BY ...)`: the mean with weights that halve every so many rows, or
/// every so much of time by the first column of the order, back from the last row. Not finite
/// values do not count.
///
/// @param rows half-life in rows; NaN where it is a time
/// @param micros half-life in microseconds
public record EwmaAggregate(double rows, double micros) implements MultisetAggregate {
  @Override
  public SqlType resultType() {
    return SimpleType.DOUBLE;
  }

  @Override
  public int[] order() {
    return new int[] {0};
  }

  @Override
  public boolean wantsOrder() {
    return true;
  }

  @Override
  public void check(List<SqlType> types) {
    SqlType first = types.getFirst();
    if (Double.isNaN(rows) && first != SimpleType.TIMESTAMP && first != SimpleType.TIMESTAMPTZ) {
      throw new SqlException(
          ErrorCode.WINDOWING_ERROR,
          "ewma with a half_life of time must be ordered by a timestamp, not by "
              + first.displayName());
    }
  }

  @Override
  public Column evaluate(
      EvaluationContext context,
      Column[] columns,
      int[] order,
      long @Nullable [] weights,
      int[] starts,
      int groups) {
    try (ColumnWriter out = new ColumnWriter(context.allocator(), SimpleType.DOUBLE, groups)) {
      for (int g = 0; g < groups; g++) {
        SketchResults.appendReal(mean(columns, order, weights, starts[g], starts[g + 1]), out);
      }
      return out.finish();
    }
  }

  /// A mean of finite values is finite: it moves from one to the next by a share.
  private double mean(Column[] columns, int[] order, long @Nullable [] weights, int from, int to) {
    Column values = columns[columns.length - 1];
    double mean = Double.NaN;
    double weight = 0;
    long time = 0;
    for (int i = from; i < to; i++) {
      double value = values.doubleAt(order[i]);
      if (!Double.isFinite(value)) {
        continue;
      }
      long now = Double.isNaN(rows) ? columns[0].longAt(order[i]) : 0;
      for (long copy = weights == null ? 1 : weights[i]; copy > 0; copy--) {
        double age = Double.isNaN(rows) ? ((double) now - time) / micros : 1 / rows;
        weight = Double.isNaN(mean) ? 1 : weight * StrictMath.pow(0.5, age) + 1;
        double share = 1 / weight;
        mean = Double.isNaN(mean) ? value : mean * (1 - share) + value * share;
        time = now;
      }
    }
    return mean;
  }
}
