package dev.aevum.executor.forecast;

/// Finds the seasons of a series: the lag at which it, without its straight trend, is most like
/// itself, and beside that another one, as days and weeks of hours are.
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

  /// Of what the found season leaves, at the lag of another one.
  private static final double LEAST_BESIDE = 0.2;

  /// Of the likeness at a longer season, at the lag of a shorter one that it is made of.
  private static final double SHARE = 0.4;

  /// Weeks are seven days.
  private static final int WEEK = 7;

  /// Short seasons in a long one, at least: fewer are the short one's own shape.
  private static final int FEWEST = 5;

  private static final double CLEARLY = 0.05;

  /// Mean deviations beyond which a value is an outlier.
  private static final double FAR = 3;

  private static final double LEAST_DIP = 0.2;
  private static final double LEAST_DIP_OF_FEW = 0.5;

  /// Seasons in the rows from which on they are not few, and are many.
  private static final int FULL = 4;

  private static final int MANY = 6;

  /// Standard errors that an autocorrelation of changes must have.
  private static final double MORE_SURE = 4;

  private static final double AS_GOOD = 0.95;

  private final double[] values;
  private final double[] similar;

  /// The least autocorrelation of all shorter lags.
  private final double[] lowest;

  private double prominence;
  private int shorter;
  private int longer;

  PeriodFinder(int history, int maxPeriod) {
    values = new double[history];
    similar = new double[maxPeriod + 2];
    lowest = new double[maxPeriod + 2];
  }

  /// The season that was found, 0: none. The shorter one of two.
  int shorter() {
    return shorter;
  }

  /// The longer one of two seasons, else 0; a multiple of the other.
  int longer() {
    return longer;
  }

  /// Finds the seasons of the rows from `first` on.
  ///
  /// @param present the season taken so far, the longer one of two
  void find(History history, long first, int count, int present) {
    double variance = detrend(history, first, count);
    int level = peak(count, variance, present, Math.max(LEAST, SURE / Math.sqrt(count)));
    double leastDip = FULL * level <= count ? LEAST_DIP : LEAST_DIP_OF_FEW;
    level = level > 0 && dip(level, count) >= leastDip ? level : 0;
    int divisor = level > 0 ? divisor(level) : 0;
    int change = divisor > 0 || MANY * level <= count && level > 0 ? 0 : changing(count, present);
    if (level > 0 && divisor == 0 && change > 0 && level % change == 0) {
      divisor = level >= FEWEST * change ? change : 0;
    }
    if (divisor > 0) {
      shorter = divisor;
      longer = level;
      return;
    }
    shorter = change > 0 ? change : level;
    longer = 0;
    if (shorter > 3) {
      detrend(history, first, count);
      longer = beside(shorter, count);
    }
  }

  /// The season of the changes, 0: none. A series that wanders hides its season from its values.
  private int changing(int count, int present) {
    double variance = 0;
    for (int i = count - 1; i > 0; i--) {
      values[i] -= values[i - 1];
      variance += values[i] * values[i] / count;
    }
    values[0] = 0;
    double least = Math.max(LEAST_BESIDE, MORE_SURE / Math.sqrt(count));
    int found = peak(count, variance, present, least);
    return MANY * found <= count ? found : 0;
  }

  /// A shorter season that the found one is made of, 0: none.
  private int divisor(int found) {
    int best = 0;
    for (int lag = 4; lag <= found / FEWEST; lag++) {
      if (found % lag == 0
          && isPeak(lag)
          && similar[lag] >= Math.max(LEAST, SHARE * similar[found])
          && (best == 0 || similar[lag] > similar[best] + CLEARLY)) {
        best = lag;
      }
    }
    return best;
  }

  /// A multiple of the season at which what it leaves is like itself, more than at the multiples
  /// beside it; 0: none.
  private int beside(int found, int count) {
    double variance = withoutSeason(found, count);
    int longest = Math.min(similar.length - 2, count / 2);
    if (!(variance > 0)) {
      return 0;
    }
    int best = 0;
    double most = 0;
    double least = likeness(found, count, variance);
    double before = least;
    for (int lag = 2 * found; lag <= longest; lag += found) {
      double here = likeness(lag, count, variance);
      double after = lag + found < count ? likeness(lag + found, count, variance) : 0;
      boolean prominent = here > before && here >= after && here - least >= PROMINENT;
      if (prominent
          && lag >= FEWEST * found
          && here >= Math.max(LEAST_BESIDE, SURE / Math.sqrt(count - lag))
          && here > (lag == WEEK * found ? NEARLY * most : most / NEARLY)) {
        most = here;
        best = lag;
      }
      least = Math.min(least, here);
      before = here;
    }
    return best;
  }

  private double likeness(int lag, int count, double variance) {
    double sum = 0;
    for (int i = lag; i < count; i++) {
      sum += values[i] * values[i - lag];
    }
    return sum / (count - lag) / variance;
  }

  /// Takes the mean of each step of the season away; gives the variance of what is left.
  private double withoutSeason(int period, int count) {
    double variance = 0;
    for (int step = 0; step < period; step++) {
      double sum = 0;
      int rows = 0;
      for (int i = step; i < count; i += period) {
        sum += values[i];
        rows++;
      }
      for (int i = step; i < count; i += period) {
        values[i] -= sum / rows;
        variance += values[i] * values[i] / count;
      }
    }
    return variance;
  }

  /// How much less a value differs from the one a lag ago than half a lag beside that: of a series
  /// that wanders, differences grow with the lag.
  private double dip(int lag, int count) {
    double here = difference(lag, count);
    double around = difference(lag - lag / 2, count) + difference(lag + lag / 2, count);
    return around > 0 ? 1 - 2 * here / around : 0;
  }

  private double difference(int lag, int count) {
    double sum = 0;
    for (int i = lag; i < count; i++) {
      double d = values[i] - values[i - lag];
      sum += d * d;
    }
    return sum / (count - lag);
  }

  private int peak(int count, double variance, int present, double least) {
    int longest = Math.min(similar.length - 2, count / 2);
    if (!(variance > 0) || longest < 2) {
      return 0;
    }
    for (int lag = 1; lag <= longest; lag++) {
      similar[lag] = likeness(lag, count, variance);
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
    if (best == 0 || similar[best] < least) {
      return 0;
    }
    boolean stays = present > 1 && present <= longest && Math.abs(present - best) > present / 10;
    if (stays && similar[present] >= NEARLY * similar[best]) {
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
          && Math.abs(lag - found) <= Math.max(1, BESIDE * lag)
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

  /// Gives the variance about the least-squares line; outliers are cut to a bearable size.
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
    double usual = 0;
    for (int i = 0; i < count; i++) {
      values[i] = history.get(first + i) - mean - slope * (i - centre);
      usual += Math.abs(values[i]) / count;
    }
    double variance = 0;
    for (int i = 0; i < count; i++) {
      values[i] = Math.clamp(values[i], -FAR * usual, FAR * usual);
      variance += values[i] * values[i] / count;
    }
    return variance;
  }
}
