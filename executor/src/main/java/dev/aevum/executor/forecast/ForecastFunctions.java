package dev.aevum.executor.forecast;

import dev.aevum.executor.sequence.SequenceFunction;
import dev.aevum.executor.sequence.SequenceModel;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.IntervalValue;
import dev.aevum.planner.plan.function.SequenceSignature;
import dev.aevum.planner.plan.function.SequenceSignature.Kind;
import dev.aevum.planner.plan.function.SequenceSignature.Option;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The forecast that SQL can name.
public final class ForecastFunctions {
  private ForecastFunctions() {}

  public static List<SequenceFunction> all() {
    return List.of(
        new SequenceFunction(
            new SequenceSignature(
                    "forecast",
                    1,
                    1,
                    Forecast.COLUMNS,
                    options(),
                    "The next values of a series, as arrays, with the interval that its past errors"
                        + " give; a row is a step, unless step says how long one is.")
                .withLayout(Forecast.LAYOUT),
            (options, arguments) -> model(options)));
  }

  private static List<Option> options() {
    List<String> models = new ArrayList<>(List.of(ForecastOptions.AUTO));
    models.addAll(List.of(Bank.names()));
    return List.of(
        integer("horizon", 1, 1000, "24", "steps ahead"),
        new Option("model", Kind.TEXT, 0, 0, models, "'auto'", "which model forecasts"),
        integer("period", 0, 10_000, "found from the rows", "rows of a season, 0 for none"),
        integer("max_period", 2, 10_000, "336", "longest season looked for"),
        number("confidence", 0.5, 0.999, "0.95", "share of true values within the interval"),
        number("min_value", -Double.MAX_VALUE, Double.MAX_VALUE, "none", "least forecast"),
        number("max_value", -Double.MAX_VALUE, Double.MAX_VALUE, "none", "largest forecast"),
        new Option(
            "half_life",
            Kind.ROWS_OR_INTERVAL,
            0,
            1_000_000,
            List.of(),
            "none",
            "after so many rows (an interval: steps) one counts half; by itself, to 'ar' after 693"
                + " and to the choice of models after 8 horizons"),
        interval("step", "length of a step: rows are put on that grid of event time"),
        new Option(
            "combine",
            Kind.TEXT,
            0,
            0,
            List.of("avg", "sum", "last"),
            "'avg'",
            "how the rows of one step become its value"),
        interval("reset_after", "a key starts anew after so long a silence"),
        interval("idle_ttl", "a key's state is freed after so long a silence"));
  }

  private static Option number(
      String name, double minimum, double maximum, String fallback, String description) {
    return new Option(name, Kind.NUMBER, minimum, maximum, List.of(), fallback, description);
  }

  private static Option integer(
      String name, double minimum, double maximum, String fallback, String description) {
    return new Option(name, Kind.INTEGER, minimum, maximum, List.of(), fallback, description);
  }

  private static Option interval(String name, String description) {
    return new Option(name, Kind.INTERVAL, 0, 0, List.of(), "none", description);
  }

  private static SequenceModel model(Map<String, Object> given) {
    return given.get("step") instanceof IntervalValue step
        ? new GridForecast(
            options(given),
            step.fixedMicros(),
            GridForecast.Combine.valueOf(
                ((String) given.getOrDefault("combine", "avg")).toUpperCase(Locale.ROOT)))
        : new Forecast(options(given));
  }

  private static ForecastOptions options(Map<String, Object> given) {
    double minimum = (Double) given.getOrDefault("min_value", Double.NEGATIVE_INFINITY);
    double maximum = (Double) given.getOrDefault("max_value", Double.POSITIVE_INFINITY);
    if (minimum > maximum) {
      throw new SqlException(
          ErrorCode.INVALID_PARAMETER_VALUE,
          "option \"min_value\" of forecast must not be above \"max_value\"");
    }
    return new ForecastOptions(
        Math.toIntExact((Long) given.getOrDefault("horizon", 24L)),
        (String) given.getOrDefault("model", ForecastOptions.AUTO),
        Math.toIntExact((Long) given.getOrDefault("period", (long) ForecastOptions.AUTOMATIC)),
        Math.toIntExact((Long) given.getOrDefault("max_period", 336L)),
        (Double) given.getOrDefault("confidence", 0.95),
        minimum,
        maximum,
        halfLife(given));
  }

  /// In rows; 0: the default. Errors: 22023 for an interval where rows are no steps.
  private static double halfLife(Map<String, Object> given) {
    if (!(given.get("half_life") instanceof IntervalValue interval)) {
      return (Long) given.getOrDefault("half_life", 0L);
    }
    if (given.get("step") instanceof IntervalValue step) {
      return (double) interval.fixedMicros() / step.fixedMicros();
    }
    throw new SqlException(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "option \"half_life\" of forecast must be rows, 0 to 1000000, where step is not given",
        null,
        "With step => INTERVAL '1 hour' it may be an interval.",
        null,
        null);
  }
}
