package dev.aevum.executor.anomaly;

import dev.aevum.executor.sequence.SequenceFunction;
import dev.aevum.model.type.IntervalValue;
import dev.aevum.planner.plan.function.SequenceSignature;
import dev.aevum.planner.plan.function.SequenceSignature.Kind;
import dev.aevum.planner.plan.function.SequenceSignature.Option;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The anomaly detectors that SQL can name.
public final class AnomalyFunctions {
  private static final int TEXTBOOK_WARMUP = 30;

  /// Surprise of 3.3, 3.5 and (at Tukey's fence) 2.7 standard deviations.
  private static final double SIGMA_THRESHOLD = 3;

  private static final double MEDIAN_THRESHOLD = 3.33;

  private AnomalyFunctions() {}

  public static List<SequenceFunction> all() {
    return List.of(
        new SequenceFunction(
            signature(
                "anomaly",
                GeneralAnomaly.DEFAULT_THRESHOLD,
                "General anomaly detector: how rare are the value, its short-term mean and its change.",
                List.of(
                    number("half_life", 1, 1e15, "none", "rows after which the past counts half"),
                    integer("seed", 0, Integer.MAX_VALUE, "1", "of the random sample"))),
            (options, arguments) ->
                new GeneralAnomaly(options(options, GeneralAnomaly.DEFAULT_THRESHOLD))),
        new SequenceFunction(
            signature(
                "anomaly_zscore",
                SIGMA_THRESHOLD,
                "Distance from the running mean in standard deviations, as surprise.",
                List.of()),
            (options, arguments) ->
                new Deviation(options(options, SIGMA_THRESHOLD), new Scales.MeanDeviation(0))),
        new SequenceFunction(
            signature(
                "anomaly_ewma",
                SIGMA_THRESHOLD,
                "Distance from the exponentially weighted mean in such deviations, as surprise.",
                List.of(number("alpha", 1e-6, 1, "0.05", "weight of a new row"))),
            (options, arguments) ->
                new Deviation(
                    options(options, SIGMA_THRESHOLD),
                    new Scales.MeanDeviation((Double) options.getOrDefault("alpha", 0.05)))),
        new SequenceFunction(
            signature(
                "anomaly_mad",
                MEDIAN_THRESHOLD,
                "Distance from the median in median absolute deviations, as surprise.",
                List.of(integer("window", 3, 100_000, "512", "rows of the past"))),
            (options, arguments) ->
                new Deviation(
                    options(options, MEDIAN_THRESHOLD),
                    new Scales.MedianDeviation(window(options)))),
        new SequenceFunction(
            signature(
                "anomaly_iqr",
                fence(1.5),
                "Distance beyond the quartiles in quartile ranges, as surprise.",
                List.of(
                    integer("window", 4, 100_000, "512", "rows of the past"),
                    number("k", 0, 100, "1.5", "quartile ranges from the quartile to the fence"))),
            (options, arguments) ->
                new Deviation(
                    options(options, fence((Double) options.getOrDefault("k", 1.5))),
                    new Scales.QuartileFences(window(options)))));
  }

  /// The surprise at Tukey's fence: there the default threshold lies.
  private static double fence(double k) {
    return NormalTail.surprise(new Scales.QuartileFences(4).deviate(k));
  }

  private static int window(Map<String, Object> options) {
    return Math.toIntExact((Long) options.getOrDefault("window", 512L));
  }

  private static SequenceSignature signature(
      String name, double threshold, String description, List<Option> own) {
    List<Option> options = new ArrayList<>();
    options.add(
        number("threshold", 0, 30, shown(threshold), "score from which a row is an anomaly"));
    options.add(integer("warmup", 0, 1_000_000, "30", "rows learned before the first score"));
    options.add(
        new Option(
            "direction",
            Kind.TEXT,
            0,
            0,
            List.of("both", "up", "down"),
            "'both'",
            "which side counts"));
    options.add(
        new Option(
            "cooldown",
            Kind.ROWS_OR_INTERVAL,
            0,
            1e15,
            List.of(),
            "10 % of the rows learned, at least 100",
            "for so long only a higher score alerts again"));
    options.add(integer("calm", 1, 1_000_000, "10", "quiet rows that end an episode"));
    options.add(
        number(
            "min_deviation", 0, Double.MAX_VALUE, "0", "least distance from the expected value"));
    options.add(
        number("min_ratio", 0, Double.MAX_VALUE, "0", "the same as a share of the expected value"));
    options.addAll(own);
    return new SequenceSignature(name, 1, 1, AnomalyResult.COLUMNS, options, description);
  }

  private static String shown(double value) {
    return Double.toString(Math.round(value * 100) / 100.0);
  }

  private static Option number(
      String name, double minimum, double maximum, String fallback, String description) {
    return new Option(name, Kind.NUMBER, minimum, maximum, List.of(), fallback, description);
  }

  private static Option integer(
      String name, double minimum, double maximum, String fallback, String description) {
    return new Option(name, Kind.INTEGER, minimum, maximum, List.of(), fallback, description);
  }

  private static DetectorOptions options(Map<String, Object> given, double threshold) {
    Object cooldown = given.getOrDefault("cooldown", DetectorOptions.AUTOMATIC);
    int direction =
        switch ((String) given.getOrDefault("direction", "both")) {
          case "up" -> 1;
          case "down" -> -1;
          default -> 0;
        };
    return new DetectorOptions(
        (Double) given.getOrDefault("threshold", threshold),
        Math.toIntExact((Long) given.getOrDefault("warmup", (long) TEXTBOOK_WARMUP)),
        direction,
        cooldown instanceof Long rows ? rows : 0,
        cooldown instanceof IntervalValue i ? i.fixedMicros() : -1,
        Math.toIntExact((Long) given.getOrDefault("calm", 10L)),
        (Double) given.getOrDefault("min_deviation", 0.0),
        (Double) given.getOrDefault("min_ratio", 0.0),
        (Double) given.getOrDefault("half_life", Double.POSITIVE_INFINITY),
        (Long) given.getOrDefault("seed", 1L));
  }
}
