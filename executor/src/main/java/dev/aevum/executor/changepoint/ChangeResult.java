package dev.aevum.executor.changepoint;

import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.batch.Field;
import dev.aevum.model.type.SimpleType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The columns that every method gives, and the row under way. Reused; one thread.
final class ChangeResult {
  static final List<Field> COLUMNS =
      List.of(
          new Field("is_change", SimpleType.BOOLEAN, false),
          new Field("change_at", SimpleType.TIMESTAMPTZ, true),
          new Field("score", SimpleType.DOUBLE, true),
          new Field("run_length", SimpleType.BIGINT, true),
          new Field("mean_before", SimpleType.DOUBLE, true),
          new Field("mean_after", SimpleType.DOUBLE, true),
          new Field("deviation_before", SimpleType.DOUBLE, true),
          new Field("deviation_after", SimpleType.DOUBLE, true),
          new Field("direction", SimpleType.SMALLINT, false));

  /// Standard errors by which means differ that are said to have moved.
  private static final double MOVED = 2;

  boolean isChange;
  long changeAt;
  double score;
  long runLength;
  double meanBefore;
  double meanAfter;
  double deviationBefore;
  double deviationAfter;
  int direction;

  void clear() {
    isChange = false;
    score = Double.NaN;
    runLength = -1;
    direction = 0;
  }

  void change(long time, Moments before, Moments after) {
    isChange = true;
    changeAt = time;
    meanBefore = before.mean();
    meanAfter = after.mean();
    deviationBefore = before.deviation();
    deviationAfter = after.deviation();
    double error =
        Math.hypot(
            deviationBefore / Math.sqrt(before.count()), deviationAfter / Math.sqrt(after.count()));
    double moved = meanAfter - meanBefore;
    direction = Math.abs(moved) > MOVED * error ? (int) Math.signum(moved) : 0;
  }

  void append(@Nullable ColumnWriter[] out) {
    ColumnWriter change = out[0];
    if (change != null) {
      change.appendBoolean(isChange);
    }
    count(out[1], isChange, changeAt);
    number(out[2], !Double.isNaN(score), score);
    count(out[3], runLength >= 0, runLength);
    number(out[4], isChange, meanBefore);
    number(out[5], isChange, meanAfter);
    number(out[6], isChange, deviationBefore);
    number(out[7], isChange, deviationAfter);
    ColumnWriter sign = out[8];
    if (sign != null) {
      sign.appendShort((short) direction);
    }
  }

  private static void count(@Nullable ColumnWriter out, boolean known, long value) {
    if (out == null) {
      return;
    }
    if (known) {
      out.appendLong(value);
    } else {
      out.appendNull();
    }
  }

  private static void number(@Nullable ColumnWriter out, boolean known, double value) {
    if (out == null) {
      return;
    }
    if (known) {
      out.appendDouble(value);
    } else {
      out.appendNull();
    }
  }
}
