package dev.aevum.executor.forecast;

/// Finds the season of a series: the lag at which it, without its straight trend, is most like
/// itself.
final class PeriodFinder {
  private static final double LEAST = 0.3;

  /// Standard errors that an autocorrelation must have.
  private static final double SURE = 3;

  /// A shorter lag, or the present one, is taken if it is nearly as good.
  private static final double NEARLY = 0.9;

  /// What a peak rises above the lowest autocorrelation before it: a slow series is like itself at
  /// every short lag.
  private static final double PROMINENT = 0.2;

  /// Days, weeks, months and quarters in usual steps.
  private static final int[] USUAL = {4, 7, 12, 24, 48, 52, 60, 96, 144, 168, 288, 336};

  private static final double BESIDE = 0.03;
  private static final double AS_GOOD = 0.95;

  private final double[] values;
  private final double[] similar;

  /// The least autocorrelation of all shorter lags.
  private final double[] lowest;

  private double prominence;

  PeriodFinder(int history, int maxPeriod) {
    values = new double[history];
    similar = new double[maxPeriod + 2];
    lowest = new double[maxPeriod + 2];
  }

  /// The season of the rows from `first` on, or 0.
  ///
  /// @param present the season taken so far
  int find(History history, long first, int count, int present) {
    double variance = detrend(history, first, count);
    int longest = Math.min(similar.length - 2, count / 2);
    if (!(variance > 0) || longest < 2) {
      return 0;
    }
    for (int lag = 1; lag <= longest; lag++) {
      double sum = 0;
      for (int i = lag; i < count; i++) {
        sum += values[i] * values[i - lag];
      }
      similar[lag] = sum / (count - lag) / variance;
    }
    similar[longest + 1] = Double.NEGATIVE_INFINITY;
    lowest[1] = 1;
    for (int lag = 2; lag <= longest; lag++) {
      lowest[lag] = Math.min(lowest[lag - 1], similar[lag - 1]);
    }
    prominence = Math.max(PROMINENT, 2 / Math.sqrt(count));
    int best = 0;
    for (int lag = 2; lag <= longest; lag++) {
      if (isPeak(lag) && (best == 0 || similar[lag] > similar[best])) {
        best = lag;
      }
    }
    if (best == 0 || similar[best] < Math.max(LEAST, SURE / Math.sqrt(count))) {
      return 0;
    }
    if (present > 1 && present <= longest && similar[present] >= NEARLY * similar[best]) {
      return present;
    }
    return usual(part(best), longest);
  }

  /// The shortest lag of which `best` is a multiple and that is nearly as good.
  private int part(int best) {
    for (int lag = 2; lag <= best / 2; lag++) {
      int times = Math.round((float) best / lag);
      boolean divides = Math.abs(best - times * lag) <= times / 2;
      if (divides && isPeak(lag) && similar[lag] >= NEARLY * similar[best]) {
        return lag;
      }
    }
    return best;
  }

  /// Noise moves the top of a wide peak by some lags: next to a season of the calendar it is that.
  private int usual(int found, int longest) {
    for (int lag : USUAL) {
      if (lag <= longest
          && Math.abs(lag - found) <= BESIDE * lag
          && similar[lag] >= AS_GOOD * similar[found]) {
        return lag;
      }
    }
    return found;
  }

  private boolean isPeak(int lag) {
    return similar[lag] > similar[lag - 1]
        && similar[lag] >= similar[lag + 1]
        && similar[lag] - lowest[lag] >= prominence;
  }

  /// Gives the variance about the least-squares line.
  private double detrend(History history, long first, int count) {
    double centre = (count - 1) / 2.0;
    double mean = 0;
    for (int i = 0; i < count; i++) {
      mean += history.get(first + i) / count;
    }
    double slope = 0;
    double squares = 0;
    for (int i = 0; i < count; i++) {
      slope += (i - centre) * (history.get(first + i) - mean);
      squares += (i - centre) * (i - centre);
    }
    slope /= squares;
    double variance = 0;
    for (int i = 0; i < count; i++) {
      values[i] = history.get(first + i) - mean - slope * (i - centre);
      variance += values[i] * values[i] / count;
    }
    return variance;
  }
}
