package dev.aevum.executor.forecast;

import static dev.aevum.model.batch.Memory.DOUBLE;
import static dev.aevum.model.batch.Memory.LONG;

import java.lang.foreign.MemorySegment;

/// A linear model of a row's change by the rows before it: the last ones, those of a season ago and
/// beside them, and a slow mean, each as its difference to the last row, so that a series that
/// moves elsewhere as a whole is the same to it. Recursive least squares with forgetting; the
/// covariance is kept as U D U' (Bierman 1977), which stays positive where the plain recursion does
/// not. The prior is the value of a season ago, or the last one.
///
/// Block: `[rows learned i64][mean f64][usual change f64][weights f64 x MOST][D and U f64, upper
/// triangle by columns]`. A flyweight; one thread.
final class Autoregression {
  /// Regressors at most: a constant, the mean, last rows, and two by season.
  private static final int MOST = 8;

  static final int WIDTH = 24 + 8 * MOST + 4 * MOST * (MOST + 1);

  private static final int MEAN = 8;
  private static final int CHANGE = 16;
  private static final int WEIGHTS = 24;
  private static final int FACTORS = WEIGHTS + 8 * MOST;
  private static final double MEAN_GAIN = 0.005;
  private static final double CHANGE_GAIN = 0.01;

  /// Variance of the prior's weights; the constant's is less, as it adds up over a horizon.
  private static final double PRIOR = 0.1;

  private static final double PRIOR_OF_CONSTANT = 0.0002;

  /// Without news the covariance grows no further.
  private static final double MOST_VARIANCE = 10;

  /// Usual changes away from the last row beyond which nothing is forecast.
  private static final double FAR = 50;

  /// The largest logarithm of a forecast.
  private static final double LARGEST = 300;

  private final History history;
  private final boolean logarithmic;
  private final double forgetting;
  private final int[] lags = new int[MOST];
  private final double[] inputs = new double[MOST];
  private final double[] scaled = new double[MOST];
  private final double[] gains = new double[MOST];
  private final double[] path;

  /// Lags are those of regressors 2 and on.
  private int count;

  private int longest;
  private int seasonal;
  private MemorySegment block = MemorySegment.NULL;
  private long base;

  /// @param horizon steps ahead at most
  /// @param forgetting what a row counts, as a share of the next one
  Autoregression(History history, int horizon, boolean logarithmic, double forgetting) {
    this.history = history;
    this.logarithmic = logarithmic;
    this.forgetting = forgetting;
    this.path = new double[horizon + 1];
  }

  /// Works on this block, of a series with these seasons (0: none).
  void open(MemorySegment opened, long at, int shortPeriod, int longPeriod) {
    block = opened;
    base = at;
    count = 2;
    longest = 0;
    seasonal = 0;
    lag(2);
    lag(3);
    season(shortPeriod);
    season(longPeriod);
  }

  private void season(int period) {
    if (period > 3) {
      seasonal = count;
      lag(period);
      lag(period + 1);
    }
  }

  private void lag(int rows) {
    lags[count++] = rows;
    longest = Math.max(longest, rows);
  }

  /// Begins anew.
  void begin() {
    block.asSlice(base, WIDTH).fill((byte) 0);
    for (int i = 0; i < count; i++) {
      set(factor(i, i), i == 0 ? PRIOR_OF_CONSTANT : PRIOR);
    }
    if (seasonal > 0) {
      set(base + WEIGHTS + 8L * seasonal, 1);
    }
  }

  private double get(long at) {
    return block.get(DOUBLE, at);
  }

  private void set(long at, double value) {
    block.set(DOUBLE, at, value);
  }

  private long factor(int row, int column) {
    return base + FACTORS + 8L * (column * (column + 1) / 2 + row);
  }

  private double scaleOf(double x) {
    return logarithmic ? Math.log(x) : x;
  }

  private double value(long row) {
    return scaleOf(history.get(row));
  }

  private double weight(int i) {
    return get(base + WEIGHTS + 8L * i);
  }

  private long learned() {
    return block.get(LONG, base);
  }

  boolean isUsable() {
    return learned() > longest + 2L * count;
  }

  /// Learns the row's value.
  ///
  /// @param first oldest row that the history has
  void learn(long row, double x, long first) {
    if (row - 1 < first) {
      return;
    }
    long rows = learned() + 1;
    double last = value(row - 1);
    double change = scaleOf(x) - last;
    double usual = get(base + CHANGE);
    if (row - longest >= first && usual > 0) {
      inputs[0] = 1;
      inputs[1] = (get(base + MEAN) - last) / usual;
      double error = change / usual - weight(0) - weight(1) * inputs[1];
      for (int i = 2; i < count; i++) {
        inputs[i] = (value(row - lags[i]) - last) / usual;
        error -= weight(i) * inputs[i];
      }
      update(error);
    }
    block.set(LONG, base, rows);
    double mean = rows == 1 ? last : get(base + MEAN);
    set(base + MEAN, mean + Math.max(MEAN_GAIN, 1.0 / rows) * (last + change - mean));
    set(base + CHANGE, usual + Math.max(CHANGE_GAIN, 1.0 / rows) * (Math.abs(change) - usual));
  }

  /// Bierman's update with forgetting; gains are found on the way.
  private void update(double error) {
    for (int j = 0; j < count; j++) {
      double sum = inputs[j];
      for (int i = 0; i < j; i++) {
        sum += get(factor(i, j)) * inputs[i];
      }
      scaled[j] = sum;
    }
    double alpha = forgetting;
    for (int j = 0; j < count; j++) {
      double d = get(factor(j, j));
      double v = d * scaled[j];
      double before = alpha;
      alpha += v * scaled[j];
      set(factor(j, j), Math.min(MOST_VARIANCE, d * before / (alpha * forgetting)));
      gains[j] = v;
      double share = -scaled[j] / before;
      for (int i = 0; i < j; i++) {
        double u = get(factor(i, j));
        set(factor(i, j), u + share * gains[i]);
        gains[i] += v * u;
      }
    }
    for (int i = 0; i < count; i++) {
      set(base + WEIGHTS + 8L * i, weight(i) + gains[i] / alpha * error);
    }
  }

  /// Writes what follows `row`, each step from the steps before.
  void forecast(long row, double[] out, int horizon) {
    double usual = get(base + CHANGE);
    double mean = get(base + MEAN);
    double first = value(row);
    double last = first;
    for (int k = 1; k <= horizon; k++) {
      double next = last + weight(0) * usual + weight(1) * (mean - last);
      for (int i = 2; i < count; i++) {
        int lag = lags[i];
        next += weight(i) * ((k > lag ? path[k - lag] : value(row + k - lag)) - last);
      }
      path[k] = Math.clamp(next, first - FAR * usual, first + FAR * usual);
      last = path[k];
      out[k - 1] = logarithmic ? Math.exp(Math.min(last, LARGEST)) : last;
    }
  }
}
