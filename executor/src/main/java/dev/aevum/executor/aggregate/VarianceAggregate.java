package dev.aevum.executor.aggregate;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.numeric.NumericColumns;
import dev.aevum.executor.numeric.PgNumeric;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import java.math.BigDecimal;
import java.math.MathContext;

/// The variance and standard deviation family. Exact for integers and decimals, up to the division;
/// for floating point the sums are exact and the result is rounded at its end, so the order of rows
/// does not matter.
public final class VarianceAggregate implements CollectingAggregate {
  private static final MathContext DIGITS = new MathContext(60);

  private final SqlType result;
  private final boolean sample;
  private final boolean deviation;

  /// `sample`: divide by n - 1; `deviation`: take the square root.
  public VarianceAggregate(SqlType result, boolean sample, boolean deviation) {
    this.result = result;
    this.sample = sample;
    this.deviation = deviation;
  }

  @Override
  public SqlType resultType() {
    return result;
  }

  @Override
  public Column evaluate(
      EvaluationContext context, Column[] arguments, int[] rows, int[] starts, int groups) {
    ByteSink sink = new ByteSink();
    try (ColumnWriter out = new ColumnWriter(context.allocator(), result, groups)) {
      for (int g = 0; g < groups; g++) {
        Moments moments = new Moments();
        for (int r = starts[g]; r < starts[g + 1]; r++) {
          if (!arguments[0].isNull(rows[r])) {
            moments.add(value(arguments[0], rows[r]));
          }
        }
        if (moments.count < (sample ? 2 : 1)) {
          out.appendNull();
        } else if (result == SimpleType.DOUBLE) {
          out.appendDouble(floating(moments));
        } else {
          NumericColumns.append(exact(moments), out, sink);
        }
      }
      return out.finish();
    }
  }

  private static PgNumeric value(Column column, int row) {
    return switch (column.physical()) {
      case FLOAT32 -> exactly(column.floatAt(row));
      case FLOAT64 -> exactly(column.doubleAt(row));
      case BOOL, INT16, INT32, INT64, INT128, FIXED16, VARLEN -> NumericColumns.read(column, row);
    };
  }

  private static PgNumeric exactly(double value) {
    return Double.isFinite(value) ? PgNumeric.of(new BigDecimal(value)) : PgNumeric.NAN;
  }

  /// Count, sum and sum of squares.
  private static final class Moments {
    private long count;
    private boolean special;
    private BigDecimal sum = BigDecimal.ZERO;
    private BigDecimal squares = BigDecimal.ZERO;

    void add(PgNumeric value) {
      count++;
      if (!value.isFinite()) {
        special = true;
        return;
      }
      sum = sum.add(value.decimal());
      squares = squares.add(value.decimal().multiply(value.decimal()));
    }

    /// n * sum of squares - square of the sum: never negative.
    BigDecimal numerator() {
      return squares.multiply(BigDecimal.valueOf(count)).subtract(sum.multiply(sum));
    }

    BigDecimal denominator(boolean sample) {
      return BigDecimal.valueOf(count).multiply(BigDecimal.valueOf(sample ? count - 1 : count));
    }
  }

  private double floating(Moments moments) {
    if (moments.special) {
      return Double.NaN;
    }
    double variance = moments.numerator().divide(moments.denominator(sample), DIGITS).doubleValue();
    return deviation ? Math.sqrt(variance) : variance;
  }

  private PgNumeric exact(Moments moments) {
    if (moments.special) {
      return PgNumeric.NAN;
    }
    BigDecimal numerator = moments.numerator();
    if (numerator.signum() == 0) {
      return PgNumeric.of(0);
    }
    PgNumeric variance = PgNumeric.of(numerator).divide(PgNumeric.of(moments.denominator(sample)));
    return deviation ? variance.sqrt() : variance;
  }
}
