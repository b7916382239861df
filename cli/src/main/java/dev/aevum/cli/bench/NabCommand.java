package dev.aevum.cli.bench;

import dev.aevum.cli.bench.NabScorer.Profile;
import dev.aevum.cli.bench.NabScorer.Series;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `aevum bench nab DIR`: runs the detectors over labelled series through SQL, each over all series
/// in one view, prints their scores and holds them against the committed ones (`DIR/scores.csv`).
/// `DIR` holds `data/*/*.csv` (timestamp,value) and `labels.json`.
@Command(
    name = "nab",
    description = "Accuracy of anomaly detection on labelled series.",
    mixinStandardHelpOptions = true)
public final class NabCommand implements Callable<Integer> {
  /// A figure that falls by more is a loss.
  public static final double TOLERANCE = 1;

  private static final List<String> DETECTORS =
      List.of(
          "anomaly",
          "anomaly_seasonal",
          "random_cut_forest",
          "half_space_trees",
          "anomaly_zscore",
          "anomaly_ewma",
          "anomaly_mad",
          "anomaly_iqr",
          "spike_and_dip");

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Parameters(index = "0", description = "The folder of the series.")
  private Path folder = Path.of(".");

  @Option(
      names = "--function",
      split = ",",
      description = "The detectors, with a result of the anomaly family (default: all).")
  private List<String> functions = DETECTORS;

  @Option(names = "--options", defaultValue = "", description = "Their options, as in SQL.")
  private String options = "";

  @Option(names = "--files", description = "Also each series.")
  private boolean files;

  @Option(
      names = "--picture",
      arity = "2",
      paramLabel = "SERIES FILE",
      description = "Only draws a series with the first detector's range and alerts, as SVG.")
  private List<String> picture = List.of();

  @Option(names = "--write", description = "Writes DIR/scores.csv anew.")
  private boolean write;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try {
      Path file = folder.resolve("scores.csv");
      Map<String, NabScores> committed = new LinkedHashMap<>(NabScores.read(file));
      NabSeries data = NabSeries.load(folder);
      if (!picture.isEmpty()) {
        Path drawing = Path.of(picture.getLast());
        NabPicture.draw(folder, data, picture.getFirst(), functions.getFirst(), drawing);
        return 0;
      }
      out.printf("%d series; NAB scores, 100 is perfect, 0 is silent%n", data.series().size());
      out.println(
          "detector            standard  low_FP  low_FN | best threshold |     raw | quiet");
      List<String> lost = new ArrayList<>();
      for (String function : functions) {
        NabRun run = NabRun.of(data, function, options);
        NabScores scores = print(out, function, run);
        NabScores before = committed.put(function, scores);
        if (before != null && options.isBlank()) {
          scores.lostAgainst(before, TOLERANCE).forEach(l -> lost.add(function + ": " + l));
        }
        if (files) {
          data.series().forEach(s -> print(out, s, run));
        }
      }
      if (write) {
        NabScores.write(file, committed);
        return 0;
      }
      lost.forEach(l -> out.println("lost: " + l));
      return lost.isEmpty() ? 0 : 1;
    } catch (IOException e) {
      throw new SqlException(ErrorCode.IO_ERROR, "cannot read " + folder + ": " + e.getMessage());
    } finally {
      out.flush();
    }
  }

  private static NabScores print(PrintWriter out, String function, NabRun run) {
    NabScores scores = NabScores.of(run);
    out.printf(
        Locale.ROOT,
        "%-18s    %6.2f  %6.2f  %6.2f | %6.2f at %5.3f | %7.2f | %5d%n",
        function,
        scores.standard(),
        scores.lowFp(),
        scores.lowFn(),
        scores.best(),
        run.best(Profile.STANDARD)[1],
        scores.raw(),
        scores.quietAlerts());
    out.flush();
    return scores;
  }

  private static void print(PrintWriter out, Series series, NabRun run) {
    out.printf(
        Locale.ROOT,
        "    %-62s alerts %3d  %6.2f%n",
        series.name,
        run.alerts(series),
        run.score(series));
  }

  /// The figures of a detector with its defaults.
  public static NabScores measure(Path folder, String function) throws IOException {
    return NabScores.of(NabRun.of(NabSeries.load(folder), function, ""));
  }
}
