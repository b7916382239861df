package dev.aevum.executor.aggregate;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.executor.numeric.NumericColumns;
import dev.aevum.executor.numeric.PgNumeric;
import dev.aevum.executor.sketch.Moments;
import dev.aevum.executor.sketch.NumericMoments;
import dev.aevum.executor.sketch.Sketch;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/// The variance and standard deviation family of integers and numerics: exact up to the division,
/// with PostgreSQL's digits. Integers sum up without objects, numerics do not.
public final class VarianceAggregate implements SketchAggregate {
  private final SqlType argument;
  private final boolean integers;
  private final boolean sample;
  private final boolean deviation;

  /// `sample`: divide by n - 1; `deviation`: take the square root.
  public VarianceAggregate(SqlType argument, boolean sample, boolean deviation) {
    this.argument = argument;
    this.integers =
        argument == SimpleType.SMALLINT
            || argument == SimpleType.INTEGER
            || argument == SimpleType.BIGINT;
    this.sample = sample;
    this.deviation = deviation;
  }

  @Override
  public SqlType resultType() {
    return SimpleType.NUMERIC;
  }

  @Override
  public boolean isLinear() {
    return true;
  }

  @Override
  public Sketch create() {
    return integers ? new Moments(Moments.Shape.TWO) : new NumericMoments();
  }

  @Override
  public void add(
      Sketch[] groups,
      int[] places,
      Column[] arguments,
      Selection rows,
      @Nullable MemorySegment weights) {
    Column values = arguments[0];
    for (int k = 0; k < rows.size(); k++) {
      int row = rows.row(k);
      if (values.isNull(row)) {
        continue;
      }
      long weight = LinearLoop.weight(weights, row, 1);
      if (integers) {
        ((Moments) groups[places[k]]).addInteger(integer(values, row), weight);
      } else {
        ((NumericMoments) groups[places[k]]).add(NumericColumns.read(values, row), weight);
      }
    }
  }

  private long integer(Column values, int row) {
    return argument == SimpleType.BIGINT
        ? values.longAt(row)
        : argument == SimpleType.INTEGER ? values.intAt(row) : values.shortAt(row);
  }

  @Override
  public Column emit(EvaluationContext context, Sketch[] groups, int count) {
    ByteSink sink = new ByteSink();
    return SketchResults.column(
        context,
        SimpleType.NUMERIC,
        groups,
        count,
        (sketch, out) -> {
          if (sketch instanceof Moments m) {
            append(m.count(), false, () -> new BigDecimal(m.integerNumerator()), out, sink);
          } else {
            NumericMoments m = (NumericMoments) sketch;
            append(m.count(), m.isSpecial(), m::numerator, out, sink);
          }
        });
  }

  private void append(
      long count,
      boolean special,
      java.util.function.Supplier<BigDecimal> numerator,
      ColumnWriter out,
      ByteSink sink) {
    if (count < (sample ? 2 : 1)) {
      out.appendNull();
      return;
    }
    NumericColumns.append(special ? PgNumeric.NAN : result(count, numerator.get()), out, sink);
  }

  private PgNumeric result(long count, BigDecimal numerator) {
    if (numerator.signum() == 0) {
      return PgNumeric.of(0);
    }
    BigDecimal pairs =
        BigDecimal.valueOf(count).multiply(BigDecimal.valueOf(sample ? count - 1 : count));
    PgNumeric variance = PgNumeric.of(numerator).divide(PgNumeric.of(pairs));
    return deviation ? variance.sqrt() : variance;
  }
}
