package dev.aevum.executor.anomaly;

import static dev.aevum.model.batch.Memory.DOUBLE;
import static dev.aevum.model.batch.Memory.INT;

import java.lang.foreign.MemorySegment;

/// The scales of the textbook detectors.
final class Scales {
  private Scales() {}

  /// Distance in units of `spread`; without spread any difference is infinitely far.
  static double distance(double difference, double spread) {
    if (difference == 0) {
      return 0;
    }
    return spread > 0 ? difference / spread : Math.copySign(Double.POSITIVE_INFINITY, difference);
  }

  /// Mean and standard deviation of all rows (Welford), or with exponential weights: `(mean,
  /// spread)` where spread is the sum of squares, or the variance.
  static final class MeanDeviation implements Deviation.Scale {
    private final double alpha;
    private MemorySegment block = MemorySegment.NULL;
    private long base;

    /// @param alpha weight of a new row; 0: all rows weigh the same
    MeanDeviation(double alpha) {
      this.alpha = alpha;
    }

    @Override
    public int width() {
      return 24;
    }

    @Override
    public void open(MemorySegment opened, long at) {
      block = opened;
      base = at;
    }

    @Override
    public double expected() {
      return block.get(DOUBLE, base);
    }

    private double deviation() {
      double spread = block.get(DOUBLE, base + 8);
      double rows = block.get(DOUBLE, base + 16);
      double variance = alpha > 0 ? spread : rows > 1 ? spread / (rows - 1) : 0;
      return Math.sqrt(variance);
    }

    @Override
    public double raw(double x) {
      return distance(x - expected(), deviation());
    }

    @Override
    public double deviate(double raw) {
      return raw;
    }

    @Override
    public double value(double z) {
      return expected() + z * deviation();
    }

    @Override
    public void learn(double x, long learned) {
      if (learned == 0) {
        block.set(DOUBLE, base, x);
        block.set(DOUBLE, base + 16, 1);
        return;
      }
      double mean = expected();
      double spread = block.get(DOUBLE, base + 8);
      double rows = block.get(DOUBLE, base + 16) + 1;
      double change =
          Math.clamp(x - mean, -Math.sqrt(Double.MAX_VALUE), Math.sqrt(Double.MAX_VALUE));
      double next = mean + change * (alpha > 0 ? alpha : 1 / rows);
      double grown =
          alpha > 0
              ? (1 - alpha) * (spread + alpha * change * change)
              : spread + change * (x - next);
      block.set(DOUBLE, base, next);
      block.set(DOUBLE, base + 8, Math.min(grown, Double.MAX_VALUE));
      block.set(DOUBLE, base + 16, rows);
    }
  }

  /// The last `window` values: in order of arrival (a ring) and sorted.
  abstract static class Windowed implements Deviation.Scale {
    private final int window;
    private MemorySegment block = MemorySegment.NULL;
    private long base;

    Windowed(int window) {
      this.window = window;
    }

    @Override
    public int width() {
      return 8 + 16 * window;
    }

    @Override
    public void open(MemorySegment opened, long at) {
      block = opened;
      base = at;
    }

    int size() {
      return block.get(INT, base);
    }

    double sorted(int index) {
      return block.get(DOUBLE, base + 8 + 8L * window + 8L * index);
    }

    private long sortedAt(int index) {
      return base + 8 + 8L * window + 8L * index;
    }

    /// How many of the sorted values are below `x`.
    int rank(double x) {
      int low = 0;
      int high = size();
      while (low < high) {
        int middle = low + high >>> 1;
        if (sorted(middle) < x) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low;
    }

    /// Linear between the neighbours, as percentile_cont.
    double quantile(double q) {
      double place = q * (size() - 1);
      int below = (int) place;
      double low = sorted(below);
      return below + 1 < size() ? low + (place - below) * (sorted(below + 1) - low) : low;
    }

    @Override
    public void learn(double x, long learned) {
      int size = size();
      long slot = base + 8 + 8 * (learned % window);
      if (size == window) {
        int out = rank(block.get(DOUBLE, slot));
        MemorySegment.copy(block, sortedAt(out + 1), block, sortedAt(out), 8L * (size - 1 - out));
        block.set(INT, base, --size);
      }
      int place = rank(x);
      MemorySegment.copy(block, sortedAt(place), block, sortedAt(place + 1), 8L * (size - place));
      block.set(DOUBLE, sortedAt(place), x);
      block.set(INT, base, size + 1);
      block.set(DOUBLE, slot, x);
    }
  }

  /// 0.6745 (x - median) / MAD: Iglewicz and Hoaglin's modified z-score.
  static final class MedianDeviation extends Windowed {
    private static final double CONSISTENT = 0.6745;

    /// The median distance of what [#open] gave and [#learn] has not changed.
    private double known;

    private boolean isKnown;

    MedianDeviation(int window) {
      super(window);
    }

    @Override
    public double expected() {
      return quantile(0.5);
    }

    @Override
    public void open(MemorySegment opened, long at) {
      super.open(opened, at);
      isKnown = false;
    }

    @Override
    public void learn(double x, long learned) {
      super.learn(x, learned);
      isKnown = false;
    }

    private double medianDistance(double median) {
      if (!isKnown) {
        known = findMedianDistance(median);
        isKnown = true;
      }
      return known;
    }

    /// The median of the distances from the median: the sorted values are two sorted runs of
    /// distances, to the left and to the right. How many of the smaller half are to the left is
    /// found by bisection.
    private double findMedianDistance(double median) {
      int size = size();
      int right = rank(median);
      int left = right - 1;
      int half = size / 2 + 1;
      int low = Math.max(0, half - (size - right));
      int high = Math.min(right, half);
      while (low < high) {
        int middle = low + high >>> 1;
        if (median - sorted(left - middle) < sorted(right + half - middle - 1) - median) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      double fromLeft = fromLeft(median, left, low);
      double fromRight = fromRight(median, right, half - low);
      if (size % 2 == 1) {
        return Math.max(fromLeft, fromRight);
      }
      return fromLeft > fromRight
          ? (Math.max(fromLeft(median, left, low - 1), fromRight) + fromLeft) / 2
          : (Math.max(fromLeft, fromRight(median, right, half - low - 1)) + fromRight) / 2;
    }

    /// The greatest of the `count` smallest distances to the left.
    private double fromLeft(double median, int left, int count) {
      return count == 0 ? -1 : median - sorted(left - count + 1);
    }

    private double fromRight(double median, int right, int count) {
      return count == 0 ? -1 : sorted(right + count - 1) - median;
    }

    @Override
    public double raw(double x) {
      double median = expected();
      return distance(CONSISTENT * (x - median), medianDistance(median));
    }

    @Override
    public double deviate(double raw) {
      return raw;
    }

    @Override
    public double value(double z) {
      double median = expected();
      return median + z * medianDistance(median) / CONSISTENT;
    }
  }

  /// Tukey's fences: the distance beyond the fence at `k` quartile ranges, in quartile ranges;
  /// inside of the fences it is negative, 0 at the fence. The sign of [#raw] here is the side, so
  /// that the figure is `k` more than the distance, from the nearer quartile.
  static final class QuartileFences extends Windowed {
    /// Of the normal distribution: the quartile, and the range between quartiles.
    private static final double NORMAL_QUARTILE = 0.674489750196082;

    QuartileFences(int window) {
      super(window);
    }

    @Override
    public double expected() {
      return quantile(0.5);
    }

    @Override
    public double raw(double x) {
      double low = quantile(0.25);
      double high = quantile(0.75);
      double beyond = x > high ? x - high : x < low ? x - low : 0;
      return distance(beyond, high - low);
    }

    @Override
    public double deviate(double raw) {
      return raw == 0 ? 0 : NORMAL_QUARTILE * (1 + 2 * Math.abs(raw));
    }

    @Override
    public double value(double z) {
      double low = quantile(0.25);
      double high = quantile(0.75);
      double ranges = Math.max(0, (Math.abs(z) / NORMAL_QUARTILE - 1) / 2);
      return z > 0 ? high + ranges * (high - low) : low - ranges * (high - low);
    }
  }
}
