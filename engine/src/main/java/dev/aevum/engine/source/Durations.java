package dev.aevum.engine.source;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.text.PgText;
import dev.aevum.model.text.TextStyle;
import dev.aevum.model.type.IntervalValue;
import dev.aevum.model.type.SimpleType;

/// Option values that are spans of time, written as PostgreSQL intervals.
public final class Durations {

  private Durations() {}

  /// Microseconds of an interval without months. Errors: 22023 naming the option.
  public static long micros(String option, String text) {
    Object value;
    try {
      value = PgText.parseValue(SimpleType.INTERVAL, text, TextStyle.DEFAULT);
    } catch (SqlException e) {
      throw invalid(option, text);
    }
    if (!(value instanceof IntervalValue interval) || interval.months() != 0) {
      throw invalid(option, text);
    }
    return interval.fixedMicros();
  }

  private static SqlException invalid(String option, String text) {
    return new SqlException(
            ErrorCode.INVALID_PARAMETER_VALUE,
            "invalid value for option \"" + option + "\": \"" + text + "\"")
        .withHint("Write an interval in days or less, such as '30 seconds'.");
  }
}
