package dev.aevum.executor.anomaly;

import java.util.Arrays;

/// The smallest box around some points, grown as a walk goes from a leaf to the root, and a point
/// that is held against it. Lengths are weighted by dimension, so that columns of different units
/// count alike. Reused; one thread.
final class CutBox {
  final float[] low;
  final float[] high;
  private final double[] weights;
  private final int dimensions;

  /// Of the last [#measure]: how far the point lies beyond the box, and the sides of the box with
  /// the point in it.
  private double beyond;

  private double sides;

  CutBox(int dimensions) {
    this.dimensions = dimensions;
    this.low = new float[dimensions];
    this.high = new float[dimensions];
    this.weights = new double[dimensions];
    Arrays.fill(weights, 1);
  }

  void weigh(int dimension, double weight) {
    weights[dimension] = weight;
  }

  void startAt(PointPool points, int slot) {
    for (int d = 0; d < dimensions; d++) {
      low[d] = points.get(slot, d);
      high[d] = low[d];
    }
  }

  /// Holds the point against the box; false where it lies inside.
  boolean measure(float[] point) {
    beyond = 0;
    sides = 0;
    for (int d = 0; d < dimensions; d++) {
      double side = (double) high[d] - low[d];
      double gap = Math.max(0, Math.max((double) low[d] - point[d], (double) point[d] - high[d]));
      beyond += weights[d] * gap;
      sides += weights[d] * (side + gap);
    }
    return beyond > 0;
  }

  /// The chance that a random cut of the box with the point in it separates the two.
  double separation() {
    return beyond / sides;
  }

  /// Adds to the attributions what a separation with that score owes to each dimension; of what was
  /// attributed before the share `kept` stays.
  void attribute(float[] point, double kept, double score, double[] above, double[] below) {
    for (int d = 0; d < dimensions; d++) {
      above[d] *= kept;
      below[d] *= kept;
      double over = (double) point[d] - high[d];
      double under = (double) low[d] - point[d];
      if (over > 0) {
        above[d] += score * weights[d] * over / sides;
      } else if (under > 0) {
        below[d] += score * weights[d] * under / sides;
      }
    }
  }

  // A random cut.

  private int cutDimension;
  private float cut;

  /// Cuts the box with the point in it at `place` (0 to 1) of all its sides; true where that
  /// separates the point from the box.
  boolean cut(float[] point, double place) {
    double left = place * sides;
    for (int d = 0; d < dimensions; d++) {
      double from = Math.min(low[d], point[d]);
      double length = weights[d] * (Math.max(high[d], point[d]) - from);
      if (left < length) {
        cutDimension = d;
        cut = (float) (from + left / weights[d]);
        return separates(point[d], low[d], high[d]);
      }
      left -= length;
    }
    return false;
  }

  /// Rounding must not put the cut on the wrong side: what is at it goes left.
  private boolean separates(float x, float least, float most) {
    if (x < least && cut < least) {
      cut = Math.max(cut, x);
      return true;
    }
    if (x > most && cut >= most) {
      cut = cut < x ? cut : most;
      return true;
    }
    return false;
  }

  /// Cuts between the point and the box, which is another point, in a dimension where they differ.
  void cutBeside(float[] point, int dimension) {
    cutDimension = dimension;
    cut = Math.min(point[dimension], low[dimension]);
  }

  int cutDimension() {
    return cutDimension;
  }

  float cut() {
    return cut;
  }
}
