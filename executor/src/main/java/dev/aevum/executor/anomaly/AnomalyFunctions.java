package dev.aevum.executor.anomaly;

import static dev.aevum.executor.anomaly.DetectorDefaults.choice;
import static dev.aevum.executor.anomaly.DetectorDefaults.integer;
import static dev.aevum.executor.anomaly.DetectorDefaults.number;
import static dev.aevum.executor.anomaly.DetectorDefaults.whole;

import dev.aevum.executor.forecast.Forecast;
import dev.aevum.executor.sequence.SequenceFunction;
import dev.aevum.planner.plan.function.SequenceSignature.Kind;
import dev.aevum.planner.plan.function.SequenceSignature.Option;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The anomaly detectors that SQL can name.
public final class AnomalyFunctions {
  private static final int TEXTBOOK_WARMUP = 30;

  /// Surprise of 3.3 standard deviations.
  private static final DetectorDefaults SIGMA = DetectorDefaults.of(3, TEXTBOOK_WARMUP);

  /// Of 3.5.
  private static final DetectorDefaults MEDIAN = DetectorDefaults.of(3.33, TEXTBOOK_WARMUP);

  private AnomalyFunctions() {}

  public static List<SequenceFunction> all() {
    return Stream.of(
            List.of(general(), seasonal(), spikeAndDip()), textbook(), ForestFunctions.all())
        .flatMap(List::stream)
        .toList();
  }

  private static SequenceFunction general() {
    DetectorDefaults defaults =
        DetectorDefaults.of(GeneralAnomaly.DEFAULT_THRESHOLD, GeneralAnomaly.DEFAULT_WARMUP);
    return new SequenceFunction(
        defaults
            .signature(
                "anomaly",
                "General anomaly detector: how rare are the value, its short-term mean, its change"
                    + " and its drift.",
                List.of(
                    new Option(
                        "half_life",
                        Kind.ROWS_OR_INTERVAL,
                        1,
                        1e15,
                        List.of(),
                        "none",
                        "rows or event time after which the past counts half"),
                    DetectorDefaults.seed("of the random sample")))
            .withLayout(GeneralAnomaly.LAYOUT),
        (options, arguments) -> new GeneralAnomaly(defaults.options(options)));
  }

  private static SequenceFunction seasonal() {
    DetectorDefaults defaults = DetectorDefaults.of(SeasonalAnomaly.DEFAULT_THRESHOLD, 30);
    List<String> models = new ArrayList<>(List.of("auto"));
    models.addAll(Forecast.models());
    return new SequenceFunction(
        defaults
            .signature(
                "anomaly_seasonal",
                "Deviation from the forecast of the row, seasons included: how rare is the error among"
                    + " those of the past.",
                List.of(
                    choice("model", models, "auto", "which model forecasts"),
                    integer(
                        "period", 0, 10_000, "found from the rows", "rows of a season, 0 for none"),
                    integer("max_period", 2, 10_000, "336", "longest season looked for"),
                    number("half_life", 1, 1e15, "none", "rows after which the past counts half"),
                    DetectorDefaults.seed("of the random sample")))
            .withLayout(Forecast.LAYOUT),
        (options, arguments) ->
            new SeasonalAnomaly(
                defaults.options(options),
                Forecast.ofOneStep(
                    (String) options.getOrDefault("model", "auto"),
                    whole(options, "period", -1),
                    whole(options, "max_period", 336))));
  }

  private static SequenceFunction spikeAndDip() {
    DetectorDefaults defaults =
        DetectorDefaults.of(SpikeAndDip.threshold(SpikeAndDip.DEFAULT_CONFIDENCE), TEXTBOOK_WARMUP);
    return new SequenceFunction(
        defaults.signature(
            "spike_and_dip",
            1,
            "Spikes and dips among the last rows, by the density of these; confidence, history and"
                + " mode may follow the value without their names.",
            List.of(
                number("confidence", 1, 100, "95", "percent; sets the threshold"),
                integer("history", 3, 100_000, "120", "rows of the past"),
                choice(
                    "mode",
                    Arrays.stream(SpikeAndDip.Mode.values()).map(m -> m.label).toList(),
                    SpikeAndDip.Mode.SPIKES_AND_DIPS.label,
                    "what is looked for")),
            List.of("confidence", "history", "mode")),
        (options, arguments) -> spikeAndDip(defaults, options));
  }

  private static SpikeAndDip spikeAndDip(DetectorDefaults defaults, Map<String, Object> options) {
    double confidence = (Double) options.getOrDefault("confidence", SpikeAndDip.DEFAULT_CONFIDENCE);
    DetectorDefaults asked =
        new DetectorDefaults(
            SpikeAndDip.threshold(confidence),
            defaults.warmup(),
            defaults.cooldown(),
            defaults.calm());
    String mode = (String) options.getOrDefault("mode", SpikeAndDip.Mode.SPIKES_AND_DIPS.label);
    return new SpikeAndDip(
        asked.options(options), whole(options, "history", 120), SpikeAndDip.Mode.of(mode));
  }

  private static List<SequenceFunction> textbook() {
    return List.of(
        new SequenceFunction(
            SIGMA.signature(
                "anomaly_zscore",
                "Distance from the running mean in standard deviations, as surprise.",
                List.of()),
            (options, arguments) ->
                new Deviation(SIGMA.options(options), new Scales.MeanDeviation(0))),
        new SequenceFunction(
            SIGMA.signature(
                "anomaly_ewma",
                "Distance from the exponentially weighted mean in such deviations, as surprise.",
                List.of(number("alpha", 1e-6, 1, "0.05", "weight of a new row"))),
            (options, arguments) ->
                new Deviation(
                    SIGMA.options(options),
                    new Scales.MeanDeviation((Double) options.getOrDefault("alpha", 0.05)))),
        new SequenceFunction(
            MEDIAN.signature(
                "anomaly_mad",
                "Distance from the median in median absolute deviations, as surprise.",
                List.of(integer("window", 3, 100_000, "512", "rows of the past"))),
            (options, arguments) ->
                new Deviation(
                    MEDIAN.options(options),
                    new Scales.MedianDeviation(whole(options, "window", 512)))),
        new SequenceFunction(
            fences(1.5)
                .signature(
                    "anomaly_iqr",
                    "Distance beyond the quartiles in quartile ranges, as surprise.",
                    List.of(
                        integer("window", 4, 100_000, "512", "rows of the past"),
                        number(
                            "k", 0, 100, "1.5", "quartile ranges from the quartile to the fence"))),
            (options, arguments) ->
                new Deviation(
                    fences((Double) options.getOrDefault("k", 1.5)).options(options),
                    new Scales.QuartileFences(whole(options, "window", 512)))));
  }

  /// The default threshold is the surprise at Tukey's fence.
  private static DetectorDefaults fences(double k) {
    return DetectorDefaults.of(
        NormalTail.surprise(new Scales.QuartileFences(4).deviate(k)), TEXTBOOK_WARMUP);
  }
}
