package dev.aevum.executor.operator;

import static dev.aevum.model.batch.Memory.DOUBLE;

import dev.aevum.model.batch.BatchWriter;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.codec.ArrayBytes;
import dev.aevum.model.type.SimpleType;
import dev.aevum.planner.plan.PlanNode.ForecastNode;
import java.lang.foreign.MemorySegment;

/// The layout of a [ForecastNode]'s input, and its rows made of one input row.
public final class ForecastRows {
  private final int keys;
  private final long step;
  private final long every;

  public ForecastRows(ForecastNode node) {
    this.keys = node.keys();
    this.step = node.stepMicros();
    this.every = node.everyMicros();
  }

  /// Whether the input row says something.
  public boolean isForecast(DeltaBatch batch, int row) {
    return !batch.column(keys).isNull(row) && !batch.column(keys + 1).isNull(row);
  }

  /// When the input row's forecasts were made, microseconds.
  public long madeAt(DeltaBatch batch, int row) {
    return batch.column(keys).longAt(row);
  }

  /// Whether forecasts made at `next` are wanted after those made at `last` of the same key.
  public boolean isDue(long last, long next) {
    return next == last || next - last >= every;
  }

  /// Appends the input row's forecasts, a row for each step ahead.
  public void append(DeltaBatch batch, int row, long weight, BatchWriter out) {
    Column forecasts = batch.column(keys + 1);
    MemorySegment s = forecasts.segmentAt(row);
    long at = forecasts.offsetAt(row);
    int horizon = ArrayBytes.count(s, at);
    long made = madeAt(batch, row);
    for (int k = 1; k <= horizon; k++) {
      for (int i = 0; i <= keys; i++) {
        out.column(i).appendFrom(batch.column(i), row);
      }
      out.column(keys + 1).appendInt(k);
      out.column(keys + 2).appendLong(made + k * step);
      for (int bound = 0; bound < 3; bound++) {
        element(batch.column(keys + 1 + bound), row, k - 1, out.column(keys + 3 + bound));
      }
      out.column(keys + 6).appendFrom(batch.column(keys + 4), row);
      out.endRow(weight);
    }
  }

  private static void element(Column arrays, int row, int index, ColumnWriter out) {
    if (arrays.isNull(row)) {
      out.appendNull();
      return;
    }
    MemorySegment s = arrays.segmentAt(row);
    out.appendDouble(
        s.get(DOUBLE, ArrayBytes.elementOffset(s, arrays.offsetAt(row), SimpleType.DOUBLE, index)));
  }
}
