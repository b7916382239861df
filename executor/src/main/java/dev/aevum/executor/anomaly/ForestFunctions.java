package dev.aevum.executor.anomaly;

import static dev.aevum.executor.anomaly.DetectorDefaults.flag;
import static dev.aevum.executor.anomaly.DetectorDefaults.integer;
import static dev.aevum.executor.anomaly.DetectorDefaults.whole;

import dev.aevum.executor.sequence.SequenceFunction;
import dev.aevum.planner.plan.SequenceCall;
import java.util.List;
import java.util.Map;

/// The detectors of several columns that SQL can name.
final class ForestFunctions {
  private static final int MOST_COLUMNS = 32;

  private ForestFunctions() {}

  static List<SequenceFunction> all() {
    return List.of(randomCut(), halfSpace());
  }

  private static SequenceFunction randomCut() {
    DetectorDefaults defaults =
        DetectorDefaults.of(RandomCutForest.DEFAULT_THRESHOLD, RandomCutForest.DEFAULT_WARMUP);
    return new SequenceFunction(
        defaults.signature(
            "random_cut_forest",
            MOST_COLUMNS,
            "Rows of several columns that random cuts soon separate from the others, with what each"
                + " column adds to the score.",
            List.of(
                integer("trees", 1, 1000, "100", "of the forest"),
                integer("sample_size", 10, 1000, "256", "points of a tree"),
                integer(
                    "time_decay",
                    1,
                    Integer.MAX_VALUE,
                    "100000",
                    "rows after which the past counts for 1/e"),
                integer("shingle", 1, 30, "1", "rows that make a point"),
                flag("normalize", true, "columns count by their deviations"),
                flag("attribution", true, "the explanation tells what each column adds"),
                DetectorDefaults.seed("of cuts and samples")),
            List.of()),
        (options, arguments) ->
            new RandomCutForest(
                defaults.options(options),
                new ForestOptions(
                    whole(options, "trees", 100),
                    whole(options, "sample_size", 256),
                    (Long) options.getOrDefault("time_decay", 100_000L),
                    whole(options, "shingle", 1),
                    (Boolean) options.getOrDefault("normalize", true),
                    (Boolean) options.getOrDefault("attribution", true),
                    columns(options, arguments))));
  }

  private static SequenceFunction halfSpace() {
    DetectorDefaults defaults =
        DetectorDefaults.of(HalfSpaceTrees.DEFAULT_THRESHOLD, RandomCutForest.DEFAULT_WARMUP);
    return new SequenceFunction(
        defaults.signature(
            "half_space_trees",
            MOST_COLUMNS,
            "Rows of several columns that lie where few rows of the last window lay; cheaper than"
                + " random_cut_forest.",
            List.of(
                integer("trees", 1, 1000, "25", "of the forest"),
                integer("depth", 1, 14, "10", "levels of a tree"),
                integer("window", 10, 10_000, "250", "rows that are counted together"),
                DetectorDefaults.seed("of the trees")),
            List.of()),
        (options, arguments) ->
            new HalfSpaceTrees(
                defaults.options(options),
                new HalfSpaceTrees.Settings(
                    whole(options, "trees", 25),
                    whole(options, "depth", 10),
                    whole(options, "window", 250),
                    columns(options, arguments))));
  }

  private static List<String> columns(Map<String, Object> options, int arguments) {
    Object names = options.get(SequenceCall.COLUMNS);
    return Explanation.distinct(
        names instanceof List<?> list && list.size() == arguments
            ? list.stream().map(Object::toString).toList()
            : java.util.stream.IntStream.rangeClosed(1, arguments).mapToObj(i -> "v" + i).toList());
  }
}
