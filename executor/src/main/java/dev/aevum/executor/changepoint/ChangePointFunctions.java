package dev.aevum.executor.changepoint;

import dev.aevum.executor.sequence.SequenceFunction;
import dev.aevum.planner.plan.function.SequenceSignature;
import dev.aevum.planner.plan.function.SequenceSignature.Kind;
import dev.aevum.planner.plan.function.SequenceSignature.Option;
import java.util.List;
import java.util.Map;

/// The change point detector that SQL can name.
public final class ChangePointFunctions {
  private ChangePointFunctions() {}

  public static List<SequenceFunction> all() {
    return List.of(
        new SequenceFunction(
            new SequenceSignature(
                "change_point",
                1,
                1,
                ChangeResult.COLUMNS,
                options(),
                "Lasting changes of mean or spread: when one is known, when it began, and what was"
                    + " before and after."),
            (options, arguments) -> new ChangePoint(method(options))));
  }

  private static List<Option> options() {
    return List.of(
        new Option(
            "method",
            Kind.TEXT,
            0,
            0,
            List.of("bocpd", "cusum", "page_hinkley", "adwin"),
            "'bocpd'",
            "how changes are found"),
        integer("warmup", 2, 1_000_000, "30", "rows before anything is judged"),
        number("threshold", 0.01, 1, "0.5", "bocpd: probability from which a change is known"),
        number("hazard", 1e-9, 0.5, "0.004", "bocpd: probability that a row begins a new run"),
        integer("delay", 1, 100_000, "10", "bocpd, adwin: rows up to which a run is young"),
        integer("max_runs", 2, 100_000, "500", "bocpd: run lengths kept"),
        number("k", 0, 100, "0.5", "cusum: allowance in deviations"),
        number("h", 0.1, 1e6, "8", "cusum: limit in deviations"),
        number(
            "delta",
            1e-12,
            100,
            "0.005, adwin 0.002",
            "page_hinkley: allowance in deviations; adwin: chance of a false change"),
        number("lambda", 0.1, 1e9, "50", "page_hinkley: limit in deviations"),
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

  private static ChangeMethod method(Map<String, Object> given) {
    return switch ((String) given.getOrDefault("method", "bocpd")) {
      case "cusum" -> new Drift.Cusum(options(given, Double.NaN));
      case "page_hinkley" -> new Drift.PageHinkley(options(given, 0.005));
      case "adwin" -> new Adwin(options(given, 0.002));
      default -> new Bocpd(options(given, Double.NaN));
    };
  }

  private static ChangeOptions options(Map<String, Object> given, double delta) {
    ChangeOptions base = ChangeOptions.defaults();
    return new ChangeOptions(
        integer(given, "warmup", base.warmup()),
        (Double) given.getOrDefault("threshold", base.threshold()),
        (Double) given.getOrDefault("hazard", base.hazard()),
        integer(given, "delay", base.delay()),
        integer(given, "max_runs", base.maxRuns()),
        (Double) given.getOrDefault("k", base.k()),
        (Double) given.getOrDefault("h", base.h()),
        (Double) given.getOrDefault("delta", delta),
        (Double) given.getOrDefault("lambda", base.lambda()));
  }

  private static int integer(Map<String, Object> given, String name, int fallback) {
    return Math.toIntExact((Long) given.getOrDefault(name, (long) fallback));
  }
}
