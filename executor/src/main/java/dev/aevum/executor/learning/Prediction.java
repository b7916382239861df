package dev.aevum.executor.learning;

import java.util.Arrays;

/// What a [Learner] says of a row, reused from row to row.
///
/// A regression sets `value`; a classifier the probability of each class it knows, which add up to
/// one; clusters set `cluster` and `value`, the distance.
public final class Prediction {
  public double value;
  public int cluster;
  private double[] probabilities = new double[2];
  private int classes;

  public int classes() {
    return classes;
  }

  public double probability(int index) {
    return index < classes ? probabilities[index] : 0;
  }

  /// Makes place for the probabilities of `count` classes, all 0.
  double[] reset(int count) {
    if (probabilities.length < count) {
      probabilities = new double[count];
    }
    Arrays.fill(probabilities, 0, count, 0);
    classes = count;
    return probabilities;
  }

  /// Turns logarithms of odds into probabilities.
  void normalizeLogs() {
    double most = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < classes; i++) {
      most = Math.max(most, probabilities[i]);
    }
    double sum = 0;
    for (int i = 0; i < classes; i++) {
      probabilities[i] = Math.exp(probabilities[i] - most);
      sum += probabilities[i];
    }
    for (int i = 0; i < classes; i++) {
      probabilities[i] /= sum;
    }
  }

  /// The most likely class, the first of equals; -1 when none is known.
  public int best() {
    int best = -1;
    for (int i = 0; i < classes; i++) {
      if (best < 0 || probabilities[i] > probabilities[best]) {
        best = i;
      }
    }
    return best;
  }
}
