package dev.aevum.cli.bench;

import java.util.List;

/// Scores detections by the rules of the Numenta Anomaly Benchmark: 0 is a silent detector, 100 a
/// perfect one.
///
/// The first min(15 %, 750) rows of a series are not scored. The earliest detection inside an
/// anomaly window earns up to 1, less the later it comes; a window without one costs `miss`. Each
/// detected row outside of the windows costs `falseAlarm`, less when it comes shortly after a
/// window.
///
/// Source: A. Lavin, S. Ahmad, "Evaluating Real-time Anomaly Detection Algorithms", 2015.
final class NabScorer {
  enum Profile {
    STANDARD("standard", 1, 0.11),
    REWARD_LOW_FP("reward_low_FP", 1, 0.22),
    REWARD_LOW_FN("reward_low_FN", 2, 0.11);

    final String label;
    private final double miss;
    private final double falseAlarm;

    Profile(String label, double miss, double falseAlarm) {
      this.label = label;
      this.miss = miss;
      this.falseAlarm = falseAlarm;
    }
  }

  /// A series' rows: which window each lies in (-1: none) and what a detection there is worth.
  static final class Series {
    final String name;
    private final int start;
    private final int[] window;
    private final double[] worth;
    private final int windows;
    private final int reachable;

    /// @param spans of the windows: positions of first and last row, both inside
    Series(String name, int rows, List<int[]> spans) {
      this.name = name;
      this.start = Math.min(rows * 15 / 100, 750);
      this.window = new int[rows];
      this.worth = new double[rows];
      this.windows = spans.size();
      java.util.Arrays.fill(window, -1);
      java.util.Arrays.fill(worth, -1);
      for (int k = 0; k < spans.size(); k++) {
        int first = spans.get(k)[0];
        int last = spans.get(k)[1];
        for (int i = first; i <= last; i++) {
          window[i] = k;
          worth[i] = slope((i - last - 1.0) / (last - first + 1)) / slope(-1);
        }
      }
      int before = -1;
      for (int i = 0; i < rows; i++) {
        if (window[i] >= 0) {
          before = window[i];
        } else if (before >= 0) {
          int first = spans.get(before)[0];
          int last = spans.get(before)[1];
          worth[i] = slope((i - last) / (double) (last - first));
        }
      }
      this.reachable = (int) spans.stream().filter(s -> s[1] >= start).count();
    }

    int rows() {
      return window.length;
    }

    private double raw(double[] scores, double threshold, Profile profile) {
      double total = 0;
      double[] best = new double[windows];
      boolean[] found = new boolean[windows];
      for (int i = start; i < window.length; i++) {
        if (scores[i] < threshold) {
          continue;
        }
        int k = window[i];
        if (k < 0) {
          total += profile.falseAlarm * worth[i];
        } else {
          best[k] = found[k] ? Math.max(best[k], worth[i]) : Math.max(-profile.miss, worth[i]);
          found[k] = true;
        }
      }
      int missed = reachable;
      for (int k = 0; k < windows; k++) {
        if (found[k]) {
          total += best[k];
          missed--;
        }
      }
      return total - profile.miss * missed;
    }

    /// Rows at or over the threshold after the unscored start.
    int detections(double[] scores, double threshold) {
      int count = 0;
      for (int i = start; i < scores.length; i++) {
        count += scores[i] >= threshold ? 1 : 0;
      }
      return count;
    }

    boolean isInWindow(int row) {
      return window[row] >= 0;
    }

    boolean isAnomalous() {
      return windows > 0;
    }
  }

  private NabScorer() {}

  /// The scaled sigmoid: 1 at -1 and before, 0 at 0, -1 far behind.
  private static double slope(double x) {
    return x > 3 ? -1 : 2 / (1 + Math.exp(5 * x)) - 1;
  }

  static double score(
      List<Series> series, List<double[]> scores, double threshold, Profile profile) {
    double raw = 0;
    double silent = 0;
    int perfect = 0;
    for (int i = 0; i < series.size(); i++) {
      raw += series.get(i).raw(scores.get(i), threshold, profile);
      silent -= profile.miss * series.get(i).reachable;
      perfect += series.get(i).windows;
    }
    return 100 * (raw - silent) / (perfect - silent);
  }

  /// The score at the one threshold that is best for all series together, and that threshold.
  static double[] best(List<Series> series, List<double[]> scores, Profile profile) {
    double best = Double.NEGATIVE_INFINITY;
    double where = 0;
    double[] candidates =
        scores.stream()
            .flatMapToDouble(java.util.Arrays::stream)
            .filter(s -> s > 0)
            .sorted()
            .toArray();
    int step = Math.max(1, candidates.length / 2000);
    for (int i = candidates.length - 1; i >= 0; i -= i > candidates.length - 2000 ? 1 : step) {
      double score = score(series, scores, candidates[i], profile);
      if (score > best) {
        best = score;
        where = candidates[i];
      }
    }
    return new double[] {best, where};
  }
}
