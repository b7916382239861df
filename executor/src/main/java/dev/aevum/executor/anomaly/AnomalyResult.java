package dev.aevum.executor.anomaly;

import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.batch.Field;
import dev.aevum.model.type.SimpleType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The columns that every detector gives, and the row under way. Reused; one thread.
public final class AnomalyResult {
  public static final List<Field> COLUMNS =
      List.of(
          new Field("score", SimpleType.DOUBLE, true),
          new Field("is_anomaly", SimpleType.BOOLEAN, false),
          new Field("in_anomaly", SimpleType.BOOLEAN, false),
          new Field("expected", SimpleType.DOUBLE, true),
          new Field("lower", SimpleType.DOUBLE, true),
          new Field("upper", SimpleType.DOUBLE, true),
          new Field("direction", SimpleType.SMALLINT, false),
          new Field("explanation", SimpleType.JSONB, true),
          new Field("warming_up", SimpleType.BOOLEAN, false));

  static final double MAXIMAL_SCORE = 30;

  double score;
  boolean isAnomaly;
  boolean inAnomaly;
  double expected;
  double lower;
  double upper;
  int direction;
  boolean warmingUp;

  /// A row of which nothing is known: NaN is NULL.
  void clear(boolean inAnomaly, boolean warmingUp) {
    score = Double.NaN;
    isAnomaly = false;
    this.inAnomaly = inAnomaly;
    expected = Double.NaN;
    lower = Double.NaN;
    upper = Double.NaN;
    direction = 0;
    this.warmingUp = warmingUp;
  }

  /// Appends the row, without the explanation (column 7).
  void append(@Nullable ColumnWriter[] out) {
    number(out[0], score);
    flag(out[1], isAnomaly);
    flag(out[2], inAnomaly);
    number(out[3], expected);
    number(out[4], lower);
    number(out[5], upper);
    ColumnWriter sign = out[6];
    if (sign != null) {
      sign.appendShort((short) direction);
    }
    flag(out[8], warmingUp);
  }

  /// What a row is measured by, as a JSON object.
  static String range(double threshold, double expected, double lower, double upper) {
    return "{\"threshold\": %s, \"expected\": %s, \"lower\": %s, \"upper\": %s}"
        .formatted(threshold, json(expected), json(lower), json(upper));
  }

  private static String json(double value) {
    return Double.isFinite(value) ? Double.toString(value) : "null";
  }

  private static void number(@Nullable ColumnWriter out, double value) {
    if (out != null && Double.isNaN(value)) {
      out.appendNull();
    } else if (out != null) {
      out.appendDouble(value);
    }
  }

  private static void flag(@Nullable ColumnWriter out, boolean value) {
    if (out != null) {
      out.appendBoolean(value);
    }
  }
}
