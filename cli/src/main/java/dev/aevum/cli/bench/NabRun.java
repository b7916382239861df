package dev.aevum.cli.bench;

import dev.aevum.cli.bench.NabScorer.Profile;
import dev.aevum.cli.bench.NabScorer.Series;
import dev.aevum.engine.runtime.DatabaseConfig;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.text.Utf8;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A detector's results for all series, computed through SQL in one view.
final class NabRun {
  private static final Pattern RAW = Pattern.compile("\"raw\": (-?[0-9.E+-]+)");

  private final List<Series> series;
  private final Map<String, double[]> alerts = new HashMap<>();
  private final Map<String, double[]> scores = new HashMap<>();
  private final Map<String, double[]> raws = new HashMap<>();

  private NabRun(List<Series> series) {
    this.series = series;
    for (Series s : series) {
      alerts.put(s.name, new double[s.rows()]);
      scores.put(s.name, new double[s.rows()]);
      raws.put(s.name, new double[s.rows()]);
    }
  }

  /// @param call the detector's name and, behind a comma, its options
  static NabRun of(NabSeries data, String function, String options) throws IOException {
    NabRun run = new NabRun(data.series());
    Path merged = data.merge();
    try {
      run.detect(merged, function, options);
    } finally {
      Files.deleteIfExists(merged);
    }
    return run;
  }

  private void detect(Path merged, String function, String options) {
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
      session.query("SELECT series, place, score, alert, why FROM detected", this::take);
    }
  }

  private void take(DeltaBatch batch) {
    Column names = batch.column(0);
    Column explanations = batch.column(4);
    for (int row = 0; row < batch.rows(); row++) {
      String name = text(names, row);
      int place = batch.column(1).intAt(row);
      double score = batch.column(2).isNull(row) ? 0 : batch.column(2).doubleAt(row);
      String why = explanations.isNull(row) ? "" : text(explanations, row);
      of(scores, name)[place] = why.contains("\"suppressed\": true") ? 0 : score;
      of(alerts, name)[place] = batch.column(3).booleanAt(row) ? 1 : 0;
      Matcher raw = RAW.matcher(why);
      of(raws, name)[place] = raw.find() ? Math.abs(Double.parseDouble(raw.group(1))) : 0;
    }
  }

  private static String text(Column column, int row) {
    return Utf8.string(column.segmentAt(row), column.offsetAt(row), column.lengthAt(row));
  }

  private static double[] of(Map<String, double[]> all, String name) {
    return Objects.requireNonNull(all.get(name));
  }

  private List<double[]> ordered(Map<String, double[]> all) {
    return series.stream().map(s -> of(all, s.name)).toList();
  }

  /// The score of `is_anomaly` as it is.
  Map<Profile, Double> alerts() {
    Map<Profile, Double> found = new EnumMap<>(Profile.class);
    for (Profile profile : Profile.values()) {
      found.put(profile, NabScorer.score(series, ordered(alerts), 1, profile));
    }
    return found;
  }

  /// The score of `score` at the best common threshold (suppressed rows count as 0), and that.
  double[] best(Profile profile) {
    return NabScorer.best(series, ordered(scores), profile);
  }

  /// The same of `raw`, of every row; 0 where the detector has no such figure.
  double raw(Profile profile) {
    double best = NabScorer.best(series, ordered(raws), profile)[0];
    return Double.isInfinite(best) ? 0 : best;
  }

  /// Alerts on series that have no anomaly.
  int quietAlerts() {
    return series.stream()
        .filter(s -> !s.isAnomalous())
        .mapToInt(s -> s.detections(of(alerts, s.name), 1))
        .sum();
  }

  int alerts(Series one) {
    return one.detections(of(alerts, one.name), 1);
  }

  double score(Series one) {
    return NabScorer.score(List.of(one), List.of(of(alerts, one.name)), 1, Profile.STANDARD);
  }
}
