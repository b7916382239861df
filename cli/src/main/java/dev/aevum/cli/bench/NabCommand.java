package dev.aevum.cli.bench;

import dev.aevum.cli.bench.NabScorer.Profile;
import dev.aevum.cli.bench.NabScorer.Series;
import dev.aevum.engine.runtime.DatabaseConfig;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.text.Utf8;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `aevum bench nab DIR`: runs a detector over labelled series through SQL, all in one view, and
/// prints its scores. `DIR` holds `data/*/*.csv` (timestamp,value) and `labels.json`.
@Command(
    name = "nab",
    description = "Accuracy of anomaly detection on labelled series.",
    mixinStandardHelpOptions = true)
public final class NabCommand implements Callable<Integer> {
  private static final Pattern LABELS =
      Pattern.compile("\"([\\w ]+/[^\"]+\\.csv)\"\\s*:\\s*\\{(.*?)\\}", Pattern.DOTALL);
  private static final Pattern TIME =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\d[ T]\\d\\d:\\d\\d:\\d\\d");

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Parameters(index = "0", description = "The folder of the series.")
  private Path folder = Path.of(".");

  @Option(
      names = "--function",
      defaultValue = "anomaly",
      description =
          "The detector, with a result of the anomaly family (default: ${DEFAULT-VALUE}).")
  private String function = "anomaly";

  @Option(names = "--options", defaultValue = "", description = "Its options, as in SQL.")
  private String options = "";

  @Option(names = "--files", description = "Also each series.")
  private boolean files;

  /// What the run found; [#call] prints it.
  public record Scores(
      Map<String, Double> alerts, double bestThreshold, double bestScore, int quietAlerts) {}

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    measure(folder, function, options, files, out);
    out.flush();
    return 0;
  }

  public static Scores measure(
      Path folder, String function, String options, boolean files, PrintWriter out) {
    TreeMap<String, List<String>> rows = new TreeMap<>();
    List<Series> series = new ArrayList<>();
    try {
      load(folder, rows, series);
      Path merged = merge(rows);
      try {
        Map<String, double[]> alerts = new HashMap<>();
        Map<String, double[]> scores = new HashMap<>();
        for (Series s : series) {
          alerts.put(s.name, new double[s.rows()]);
          scores.put(s.name, new double[s.rows()]);
        }
        detect(merged, function, options, alerts, scores);
        return report(series, alerts, scores, files, function, out);
      } finally {
        Files.deleteIfExists(merged);
      }
    } catch (IOException e) {
      throw new SqlException(ErrorCode.IO_ERROR, "cannot read " + folder + ": " + e.getMessage());
    }
  }

  private static void load(Path folder, Map<String, List<String>> rows, List<Series> series)
      throws IOException {
    Matcher labels = LABELS.matcher(Files.readString(folder.resolve("labels.json")));
    TreeMap<String, List<String>> windows = new TreeMap<>();
    while (labels.find()) {
      String body = labels.group(2);
      int from = body.indexOf("\"windows\"");
      int to = body.indexOf("\"points\"");
      Matcher times = TIME.matcher(to > from ? body.substring(from, to) : body.substring(from));
      windows.put(labels.group(1), times.results().map(r -> r.group().replace('T', ' ')).toList());
    }
    for (Map.Entry<String, List<String>> entry : windows.entrySet()) {
      List<String> lines = new ArrayList<>();
      Map<String, Integer> place = new HashMap<>();
      try (Stream<String> all = Files.lines(folder.resolve("data").resolve(entry.getKey()))) {
        all.skip(1).filter(l -> !l.isBlank()).forEach(lines::add);
      }
      for (int i = 0; i < lines.size(); i++) {
        place.putIfAbsent(lines.get(i).substring(0, 19), i);
      }
      List<int[]> spans = new ArrayList<>();
      List<String> times = entry.getValue();
      for (int i = 0; i + 1 < times.size(); i += 2) {
        spans.add(new int[] {place.get(times.get(i)), place.get(times.get(i + 1))});
      }
      rows.put(entry.getKey(), lines);
      series.add(new Series(entry.getKey(), lines.size(), spans));
    }
  }

  /// All series in one file, by time: `series,place,timestamp,value`.
  private static Path merge(Map<String, List<String>> rows) throws IOException {
    record Row(String time, String line) {}
    List<Row> all = new ArrayList<>();
    rows.forEach((name, lines) -> {
      for (int i = 0; i < lines.size(); i++) {
        String line = lines.get(i);
        all.add(new Row(line.substring(0, 19), name + "," + i + "," + line));
      }
    });
    all.sort(Comparator.comparing(Row::time));
    Path merged = Files.createTempFile("series", ".csv");
    Files.write(
        merged,
        Stream.concat(Stream.of("series,place,ts,value"), all.stream().map(Row::line)).toList());
    return merged;
  }

  private static void detect(
      Path merged,
      String function,
      String options,
      Map<String, double[]> alerts,
      Map<String, double[]> scores) {
    DatabaseConfig config =
        new DatabaseConfig(null, 2, 4L << 30, InstantSource.system(), System::nanoTime, 1);
    try (EmbeddedSession session = new EmbeddedSession(config)) {
      session.run(
          "CREATE STREAM points (series TEXT, place INTEGER, ts TIMESTAMP, value DOUBLE PRECISION,"
              + " WATERMARK FOR ts AS ts - INTERVAL '1 hour') WITH (connector = 'file', path = '"
              + merged
              + "', format = 'csv')");
      session.run(
          "CREATE MATERIALIZED VIEW detected AS SELECT series, place, (a).score AS score,"
              + " (a).is_anomaly AS alert, CAST((a).explanation AS TEXT) AS why FROM (SELECT *, "
              + function
              + "(value"
              + (options.isBlank() ? "" : ", " + options)
              + ") OVER (PARTITION BY series ORDER BY ts) AS a FROM points) q");
      while (!session.runtime().isDrained()) {
        LockSupport.parkNanos(1_000_000L);
      }
      session.runtime().driver().exclusive(() -> 0);
      session.query(
          "SELECT series, place, score, alert, why FROM detected",
          batch -> take(batch, alerts, scores));
    }
  }

  private static void take(
      DeltaBatch batch, Map<String, double[]> alerts, Map<String, double[]> scores) {
    Column names = batch.column(0);
    Column why = batch.column(4);
    for (int row = 0; row < batch.rows(); row++) {
      String name = Utf8.string(names.segmentAt(row), names.offsetAt(row), names.lengthAt(row));
      int place = batch.column(1).intAt(row);
      double score = batch.column(2).isNull(row) ? 0 : batch.column(2).doubleAt(row);
      boolean suppressed =
          !why.isNull(row)
              && Utf8.string(why.segmentAt(row), why.offsetAt(row), why.lengthAt(row))
                  .contains("\"suppressed\": true");
      java.util.Objects.requireNonNull(scores.get(name))[place] = suppressed ? 0 : score;
      java.util.Objects.requireNonNull(alerts.get(name))[place] =
          batch.column(3).booleanAt(row) ? 1 : 0;
    }
  }

  private static Scores report(
      List<Series> series,
      Map<String, double[]> alerts,
      Map<String, double[]> scores,
      boolean files,
      String function,
      PrintWriter out) {
    List<double[]> flags = series.stream().map(s -> alerts.get(s.name)).toList();
    List<double[]> levels = series.stream().map(s -> scores.get(s.name)).toList();
    Map<String, Double> found = new TreeMap<>();
    out.printf(Locale.ROOT, "%d series, %s%n", series.size(), function);
    for (Profile profile : Profile.values()) {
      double alert = NabScorer.score(series, flags, 1, profile);
      found.put(profile.label, alert);
      double[] best = NabScorer.best(series, levels, profile);
      out.printf(
          Locale.ROOT,
          "%-14s is_anomaly %6.2f  best threshold %6.2f (at %.3f)%n",
          profile.label,
          alert,
          best[0],
          best[1]);
    }
    int quiet = 0;
    for (int i = 0; i < series.size(); i++) {
      int count = series.get(i).detections(flags.get(i), 1);
      quiet += series.get(i).isAnomalous() ? 0 : count;
      if (files) {
        out.printf(
            Locale.ROOT,
            "%-62s alerts %3d  %6.2f%n",
            series.get(i).name,
            count,
            NabScorer.score(List.of(series.get(i)), List.of(flags.get(i)), 1, Profile.STANDARD));
      }
    }
    out.printf(Locale.ROOT, "alerts on series without anomalies: %d%n", quiet);
    double[] best = NabScorer.best(series, levels, Profile.STANDARD);
    return new Scores(found, best[1], best[0], quiet);
  }
}
