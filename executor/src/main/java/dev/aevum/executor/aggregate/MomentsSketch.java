package dev.aevum.executor.aggregate;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.executor.sketch.Moments;
import dev.aevum.executor.sketch.Moments.Shape;
import dev.aevum.executor.sketch.Sketch;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Statistics of double precision, one column or two, and `stats_sketch`. NaN or an infinity among
/// the values makes them NaN, as in PostgreSQL.
public final class MomentsSketch implements SketchAggregate {
  private final Shape shape;
  private final @Nullable Statistic statistic;

  /// `statistic` null: the sketch itself.
  public MomentsSketch(Shape shape, @Nullable Statistic statistic) {
    this.shape = shape;
    this.statistic = statistic;
  }

  @Override
  public SqlType resultType() {
    return statistic == null ? SimpleType.SKETCH : SimpleType.DOUBLE;
  }

  @Override
  public boolean isLinear() {
    return true;
  }

  @Override
  public Sketch create() {
    return new Moments(shape);
  }

  @Override
  public void add(
      Sketch[] groups,
      int[] places,
      Column[] arguments,
      Selection rows,
      @Nullable MemorySegment weights) {
    Column first = arguments[0];
    Column second = arguments[arguments.length - 1];
    boolean pair = shape == Shape.PAIR;
    for (int k = 0; k < rows.size(); k++) {
      int row = rows.row(k);
      if (first.isNull(row) || second.isNull(row)) {
        continue;
      }
      Moments moments = (Moments) groups[places[k]];
      long weight = LinearLoop.weight(weights, row, 1);
      if (pair) {
        moments.add(first.doubleAt(row), second.doubleAt(row), weight);
      } else {
        moments.add(first.doubleAt(row), weight);
      }
    }
  }

  @Override
  public Column emit(EvaluationContext context, Sketch[] groups, int count) {
    Statistic wanted = statistic;
    return wanted == null
        ? SketchResults.bytes(context, groups, count)
        : SketchResults.column(
            context,
            SimpleType.DOUBLE,
            groups,
            count,
            (sketch, out) -> append(wanted, (Moments) sketch, out));
  }

  public static void append(Statistic statistic, Moments moments, ColumnWriter out) {
    if (statistic.isNull(moments)) {
      out.appendNull();
    } else if (moments.isSpecial()) {
      out.appendDouble(Double.NaN);
    } else {
      SketchResults.appendReal(statistic.of(moments), out);
    }
  }
}
