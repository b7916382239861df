package dev.aevum.executor.learning;

import dev.aevum.model.codec.ByteSink;

/// Two classes by follow-the-regularized-leader over hashed terms: `ftrl`. Terms that never came
/// cost nothing, terms that do not help have weight 0. Source: McMahan et al. 2013, "Ad click
/// prediction: a view from the trenches", algorithm 1.
public final class FollowTheLeader implements Learner {
  private static final int SLOTS = 1 << 18;
  private static final long SEED = 0xC2B2AE3D27D4EB4FL;

  private final double alpha;
  private final double beta;
  private final double l1;
  private final double l2;
  private final Scaling scaling;
  private final Numbering slots = new Numbering();
  private double[] sums = new double[8];
  private double[] squares = new double[8];
  private final int[] entries;
  private final double[] values;

  public FollowTheLeader(boolean[] numeric, double alpha, double beta, double l1, double l2) {
    this.alpha = alpha;
    this.beta = beta;
    this.l1 = l1;
    this.l2 = l2;
    this.scaling = new Scaling(numeric.length);
    this.entries = new int[numeric.length + 1];
    this.values = new double[numeric.length + 1];
  }

  /// The slot of a feature's category; numbers have one for being there and one for being missing.
  private static long slot(int feature, long category) {
    long mixed = (category ^ (feature + 1) * SEED) * 0x9E3779B97F4A7C15L;
    return (mixed ^ mixed >>> 29) * SEED >>> 46 & SLOTS - 1;
  }

  private void read(Features row, boolean grow) {
    entries[0] = entry(SLOTS, grow);
    values[0] = 1;
    for (int f = 0; f < row.count(); f++) {
      boolean present = row.isNumber(f) && !Double.isNaN(row.numbers[f]);
      long category = row.isNumber(f) ? present ? 1 : 2 : row.categories[f];
      entries[f + 1] = entry(slot(f, category), grow);
      values[f + 1] = present ? scaling.scaled(f, row.numbers[f]) : 1;
    }
  }

  private int entry(long slot, boolean grow) {
    int found = slots.find(slot);
    if (found < 0 && grow) {
      found = slots.add(slot);
      if (found == sums.length) {
        sums = java.util.Arrays.copyOf(sums, 2 * found);
        squares = java.util.Arrays.copyOf(squares, 2 * found);
      }
    }
    return found;
  }

  private double weight(int entry) {
    if (entry < 0 || Math.abs(sums[entry]) <= l1) {
      return 0;
    }
    double z = sums[entry] - Math.copySign(l1, sums[entry]);
    return -z / ((beta + Math.sqrt(squares[entry])) / alpha + l2);
  }

  private double probability() {
    double score = 0;
    for (int i = 0; i < entries.length; i++) {
      score += weight(entries[i]) * values[i];
    }
    return Gradient.sigmoid(score);
  }

  @Override
  public void predict(Features row, int classes, Prediction out) {
    read(row, false);
    double[] p = out.reset(2);
    p[1] = probability();
    p[0] = 1 - p[1];
  }

  @Override
  public void learn(Features row, double target) {
    scaling.learn(row);
    read(row, true);
    double error = probability() - target;
    for (int i = 0; i < entries.length; i++) {
      int e = entries[i];
      double g = error * values[i];
      double sigma = (Math.sqrt(squares[e] + g * g) - Math.sqrt(squares[e])) / alpha;
      sums[e] += g - sigma * weight(e);
      squares[e] += g * g;
    }
  }

  @Override
  public void encode(ByteSink out) {
    scaling.encode(out);
    slots.encode(out);
    StateBytes.append(out, sums, slots.size());
    StateBytes.append(out, squares, slots.size());
  }

  @Override
  public void decode(StateReader in) {
    scaling.decode(in);
    slots.decode(in);
    sums = java.util.Arrays.copyOf(in.readDoubles(), Math.max(8, slots.size()));
    squares = java.util.Arrays.copyOf(in.readDoubles(), Math.max(8, slots.size()));
  }
}
