package dev.aevum.cli.bench;

import dev.aevum.cli.bench.NabScorer.Profile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A detector's figures, and the file that keeps those of all: `scores.csv`.
///
/// @param standard and the others: `is_anomaly` as it is, by profile
/// @param best of `score` with the best common threshold
/// @param raw of `raw` in the explanation with the best common threshold, 0 where there is none
/// @param quietAlerts on the series without anomalies
public record NabScores(
    double standard, double lowFp, double lowFn, double best, double raw, int quietAlerts) {
  private static final String HEADER =
      "detector,standard,reward_low_FP,reward_low_FN,best_threshold,raw_best_threshold,quiet_alerts";

  static NabScores of(NabRun run) {
    Map<Profile, Double> alerts = run.alerts();
    return new NabScores(
        alerts.getOrDefault(Profile.STANDARD, 0.0),
        alerts.getOrDefault(Profile.REWARD_LOW_FP, 0.0),
        alerts.getOrDefault(Profile.REWARD_LOW_FN, 0.0),
        run.best(Profile.STANDARD)[0],
        run.raw(Profile.STANDARD),
        run.quietAlerts());
  }

  private double[] figures() {
    return new double[] {standard, lowFp, lowFn, best, raw};
  }

  /// What has fallen by more than `most` against `committed`.
  public List<String> lostAgainst(NabScores committed, double most) {
    String[] names = HEADER.split(",");
    List<String> lost = new ArrayList<>();
    for (int i = 0; i < figures().length; i++) {
      if (figures()[i] < committed.figures()[i] - most) {
        lost.add(
            String.format(
                Locale.ROOT,
                "%s %.2f, committed %.2f",
                names[i + 1],
                figures()[i],
                committed.figures()[i]));
      }
    }
    return lost;
  }

  private String line(String detector) {
    return String.format(
        Locale.ROOT,
        "%s,%.2f,%.2f,%.2f,%.2f,%.2f,%d",
        detector,
        standard,
        lowFp,
        lowFn,
        best,
        raw,
        quietAlerts);
  }

  /// The committed figures by detector; none where there is no file.
  public static Map<String, NabScores> read(Path file) throws IOException {
    Map<String, NabScores> all = new LinkedHashMap<>();
    if (!Files.exists(file)) {
      return all;
    }
    for (String line : Files.readAllLines(file).stream().skip(1).toList()) {
      String[] cells = line.split(",");
      double[] f = Arrays.stream(cells, 1, cells.length).mapToDouble(Double::parseDouble).toArray();
      all.put(cells[0], new NabScores(f[0], f[1], f[2], f[3], f[4], (int) f[5]));
    }
    return all;
  }

  static void write(Path file, Map<String, NabScores> all) throws IOException {
    List<String> lines = new ArrayList<>(List.of(HEADER));
    all.forEach((detector, scores) -> lines.add(scores.line(detector)));
    Files.write(file, lines);
  }
}
