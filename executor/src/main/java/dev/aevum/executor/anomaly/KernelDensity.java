package dev.aevum.executor.anomaly;

import static dev.aevum.model.batch.Memory.DOUBLE;
import static dev.aevum.model.batch.Memory.INT;

import java.lang.foreign.MemorySegment;

/// The density of the last values, estimated with normal kernels of one bandwidth: 1.06 deviations
/// by the fifth root of the count (B. Silverman 1986).
///
/// Block: `[rows i32][place i32][values f64 x capacity]`, a ring once there are `history` values. A
/// flyweight: [#open] first. One thread.
final class KernelDensity {
  private static final double SILVERMAN = 1.06;
  private static final double SQRT_2 = Math.sqrt(2);
  private static final int HALVINGS = 60;

  /// Bandwidths from the last value within which all of a tail lies.
  private static final double FAR = 12;

  /// Numerical Recipes, erfcc: within 1.2e-7 of the value, relatively, for any argument.
  private static final double[] CHEBYSHEV = {
    -1.26551223,
    1.00002368,
    0.37409196,
    0.09678418,
    -0.18628806,
    0.27886807,
    -1.13520398,
    1.48851587,
    -0.82215223,
    0.17087277
  };

  private final int history;
  private MemorySegment block = MemorySegment.NULL;
  private long base;

  // Of the values that are kept, taken by [#measure].
  private double mean;
  private double bandwidth;

  KernelDensity(int history) {
    this.history = history;
  }

  static int width(int capacity) {
    return 8 + 8 * capacity;
  }

  void open(MemorySegment opened, long at) {
    block = opened;
    base = at;
  }

  int count() {
    return block.get(INT, base);
  }

  private double value(int index) {
    return block.get(DOUBLE, base + 8 + 8L * index);
  }

  /// Fills this block, which is larger, from another.
  void copyFrom(KernelDensity from) {
    MemorySegment.copy(from.block, from.base, block, base, width(from.count()));
  }

  void learn(double x) {
    int count = count();
    int place = count < history ? count : block.get(INT, base + 4);
    block.set(DOUBLE, base + 8 + 8L * place, x);
    block.set(INT, base, Math.min(count + 1, history));
    block.set(INT, base + 4, (place + 1) % history);
  }

  /// Takes mean and bandwidth of the values; before [#above], [#below] and [#mean].
  void measure() {
    int count = count();
    mean = 0;
    for (int i = 0; i < count; i++) {
      mean += value(i) / count;
    }
    double largest = 0;
    for (int i = 0; i < count; i++) {
      largest = Math.max(largest, Math.abs(value(i) / 2 - mean / 2));
    }
    double squares = 0;
    for (int i = 0; largest > 0 && i < count; i++) {
      double share = (value(i) / 2 - mean / 2) / largest;
      squares += share * share;
    }
    double deviation = largest * Math.sqrt(squares / Math.max(1, count - 1));
    bandwidth = SILVERMAN * deviation * Math.pow(count, -0.2);
  }

  double mean() {
    return mean;
  }

  /// The share of the density above `x`; without spread, of the values, a tie by half.
  double above(double x) {
    return beyond(x, 1);
  }

  double below(double x) {
    return beyond(x, -1);
  }

  private double beyond(double x, int side) {
    int count = count();
    double sum = 0;
    for (int i = 0; i < count; i++) {
      double half = side * (x / 2 - value(i) / 2);
      sum += bandwidth > 0 ? tail(half / bandwidth) : half > 0 ? 0 : half < 0 ? 1 : 0.5;
    }
    return sum / count;
  }

  /// The value that the share `tail` lies beyond on that side, +1 or -1.
  double quantile(double tail, int side) {
    double far = mean;
    for (int i = 0; i < count(); i++) {
      far = side > 0 ? Math.max(far, value(i)) : Math.min(far, value(i));
    }
    far = Math.clamp(far + side * 2 * FAR * bandwidth, -Double.MAX_VALUE, Double.MAX_VALUE);
    double near = mean;
    for (int i = 0; i < HALVINGS; i++) {
      double middle = near / 2 + far / 2;
      if (beyond(middle, side) > tail) {
        near = middle;
      } else {
        far = middle;
      }
    }
    return far;
  }

  /// P(Z > z) of the standard normal distribution.
  static double tail(double z) {
    double x = Math.abs(z) / SQRT_2;
    double t = 1 / (1 + 0.5 * x);
    double sum = 0;
    for (int i = CHEBYSHEV.length - 1; i >= 0; i--) {
      sum = CHEBYSHEV[i] + t * sum;
    }
    double tail = t * Math.exp(-x * x + sum) / 2;
    return z >= 0 ? tail : 1 - tail;
  }
}
