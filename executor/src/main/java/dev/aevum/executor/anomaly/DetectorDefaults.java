package dev.aevum.executor.anomaly;

import dev.aevum.model.type.IntervalValue;
import dev.aevum.planner.plan.function.SequenceSignature;
import dev.aevum.planner.plan.function.SequenceSignature.Kind;
import dev.aevum.planner.plan.function.SequenceSignature.Option;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What SQL may say to detectors: the options that all of them have, with the defaults of each.
///
/// @param threshold score from which a row is an anomaly
/// @param warmup rows learned before the first score
/// @param cooldown as in [DetectorOptions#cooldownRows]
/// @param calm quiet rows that end an episode
record DetectorDefaults(double threshold, int warmup, long cooldown, int calm) {
  static DetectorDefaults of(double threshold, int warmup) {
    return new DetectorDefaults(threshold, warmup, DetectorOptions.AUTOMATIC, 10);
  }

  SequenceSignature signature(String name, String description, List<Option> own) {
    return signature(name, 1, description, own, List.of());
  }

  /// @param values it takes at most
  /// @param positional own options that may also be given behind the values
  SequenceSignature signature(
      String name, int values, String description, List<Option> own, List<String> positional) {
    List<Option> options = new ArrayList<>();
    options.add(
        number("threshold", 0, 30, shown(threshold), "score from which a row is an anomaly"));
    options.add(
        integer(
            "warmup",
            0,
            1_000_000,
            Integer.toString(warmup),
            "rows learned before the first score"));
    options.add(choice("direction", List.of("both", "up", "down"), "both", "which side counts"));
    options.add(
        new Option(
            "cooldown",
            Kind.ROWS_OR_INTERVAL,
            0,
            1e15,
            List.of(),
            cooldown == DetectorOptions.AUTOMATIC
                ? "10 % of the rows learned, at least 100"
                : Long.toString(cooldown),
            "for so long only a higher score alerts again, in an episode one 30 % higher"));
    options.add(
        integer("calm", 1, 1_000_000, Integer.toString(calm), "quiet rows that end an episode"));
    options.add(
        number(
            "min_deviation", 0, Double.MAX_VALUE, "0", "least distance from the expected value"));
    options.add(
        number("min_ratio", 0, Double.MAX_VALUE, "0", "the same as a share of the expected value"));
    options.addAll(own);
    return new SequenceSignature(
        name, 1, values, AnomalyResult.COLUMNS, options, positional, description);
  }

  static String shown(double value) {
    return Double.toString(Math.round(value * 100) / 100.0);
  }

  static Option number(
      String name, double minimum, double maximum, String fallback, String description) {
    return new Option(name, Kind.NUMBER, minimum, maximum, List.of(), fallback, description);
  }

  static Option integer(
      String name, double minimum, double maximum, String fallback, String description) {
    return new Option(name, Kind.INTEGER, minimum, maximum, List.of(), fallback, description);
  }

  static Option flag(String name, boolean fallback, String description) {
    return new Option(name, Kind.BOOLEAN, 0, 0, List.of(), Boolean.toString(fallback), description);
  }

  static Option choice(String name, List<String> choices, String fallback, String description) {
    return new Option(name, Kind.TEXT, 0, 0, choices, "'" + fallback + "'", description);
  }

  static Option seed(String what) {
    return integer("seed", 0, Integer.MAX_VALUE, "1", what);
  }

  static int whole(Map<String, Object> given, String option, long fallback) {
    return Math.toIntExact((Long) given.getOrDefault(option, fallback));
  }

  DetectorOptions options(Map<String, Object> given) {
    Object silence = given.getOrDefault("cooldown", cooldown);
    int direction =
        switch ((String) given.getOrDefault("direction", "both")) {
          case "up" -> 1;
          case "down" -> -1;
          default -> 0;
        };
    return new DetectorOptions(
        (Double) given.getOrDefault("threshold", threshold),
        whole(given, "warmup", warmup),
        direction,
        silence instanceof Long rows ? rows : 0,
        silence instanceof IntervalValue i ? i.fixedMicros() : -1,
        whole(given, "calm", calm),
        (Double) given.getOrDefault("min_deviation", 0.0),
        (Double) given.getOrDefault("min_ratio", 0.0),
        given.get("half_life") instanceof Number rows
            ? rows.doubleValue()
            : Double.POSITIVE_INFINITY,
        given.get("half_life") instanceof IntervalValue i ? i.fixedMicros() : -1,
        (Long) given.getOrDefault("seed", 1L));
  }
}
