package dev.aevum.executor.learning;

import dev.aevum.model.codec.ByteSink;
import java.util.Arrays;

/// Clusters by their nearest centre, which moves to the mean of its rows, older rows counting less:
/// `kmeans`.
///
/// The first rows that differ from one another are the first centres. Distances are in deviations
/// of the numbers; categories are coordinates of 0 and 1. Source: MacQueen 1967, with forgetting.
public final class Clusters implements Learner {
  private static final int MAX_TERMS = 512;

  private final boolean[] numeric;
  private final int k;
  private final double decay;
  private final Terms terms;
  private final Scaling scaling;
  private final Scaling unit;
  private final double[][] centres;
  private final double[] weights;
  private double[] point = new double[0];
  private int used;

  public Clusters(boolean[] numeric, int k, double halfLife, int maxCategories) {
    this.numeric = numeric.clone();
    this.k = k;
    this.decay = Math.pow(0.5, 1 / halfLife);
    this.terms = new Terms(this.numeric, maxCategories, MAX_TERMS);
    this.scaling = new Scaling(numeric.length);
    this.unit = new Scaling(numeric.length);
    this.centres = new double[k][0];
    this.weights = new double[k];
  }

  /// The row in its own units; missing numbers are NaN, and so at no distance.
  private void read(Features row) {
    int n = terms.count();
    if (point.length < n) {
      point = new double[n];
    }
    Arrays.fill(point, 0, n, 0);
    terms.read(row, unit);
    for (int i = 1; i < terms.size; i++) {
      point[terms.terms[i]] = terms.values[i];
    }
    for (int f = 0; f < numeric.length; f++) {
      if (numeric[f] && Double.isNaN(row.numbers[f])) {
        point[terms.ofNumber(f)] = Double.NaN;
      }
    }
  }

  private double distance(double[] centre) {
    double sum = 0;
    int n = terms.count();
    for (int f = 0; f < numeric.length; f++) {
      if (numeric[f]) {
        int t = terms.ofNumber(f);
        double d = (point[t] - centre[t]) / scaling.scale(f);
        sum += Double.isNaN(d) ? 0 : d * d;
      }
    }
    for (int t = 1; t < n; t++) {
      if (!isNumber(t)) {
        double d = point[t] - (t < centre.length ? centre[t] : 0);
        sum += d * d / 2;
      }
    }
    return Math.sqrt(sum);
  }

  private boolean isNumber(int term) {
    for (int f = 0; f < numeric.length; f++) {
      if (numeric[f] && terms.ofNumber(f) == term) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void predict(Features row, int classes, Prediction out) {
    read(row);
    out.cluster = -1;
    out.value = Double.NaN;
    for (int c = 0; c < used; c++) {
      double d = distance(centres[c]);
      if (out.cluster < 0 || d < out.value) {
        out.cluster = c;
        out.value = d;
      }
    }
  }

  @Override
  public void learn(Features row, double target) {
    scaling.learn(row);
    terms.grow(row);
    read(row);
    int nearest = -1;
    double least = Double.POSITIVE_INFINITY;
    for (int c = 0; c < used; c++) {
      double d = distance(centres[c]);
      if (nearest < 0 || d < least) {
        least = d;
        nearest = c;
      }
    }
    if (used < k && least > 0) {
      centres[used] = Arrays.copyOf(point, terms.count());
      for (int t = 0; t < centres[used].length; t++) {
        if (Double.isNaN(centres[used][t])) {
          centres[used][t] = 0;
        }
      }
      weights[used++] = 1;
      return;
    }
    for (int c = 0; c < used; c++) {
      weights[c] *= decay;
    }
    move(nearest);
  }

  private void move(int nearest) {
    int n = terms.count();
    if (centres[nearest].length < n) {
      centres[nearest] = Arrays.copyOf(centres[nearest], n);
    }
    weights[nearest] += 1;
    double share = 1 / weights[nearest];
    double[] centre = centres[nearest];
    for (int t = 1; t < n; t++) {
      if (!Double.isNaN(point[t])) {
        centre[t] += (point[t] - centre[t]) * share;
      }
    }
  }

  @Override
  public void encode(ByteSink out) {
    scaling.encode(out);
    terms.encode(out);
    out.appendInt(used);
    for (int c = 0; c < used; c++) {
      StateBytes.append(out, weights[c]);
      StateBytes.append(out, centres[c], centres[c].length);
    }
  }

  @Override
  public void decode(StateReader in) {
    scaling.decode(in);
    terms.decode(in);
    used = in.readCount(8);
    if (used > k) {
      throw StateReader.corrupt(used + " clusters");
    }
    for (int c = 0; c < used; c++) {
      weights[c] = in.readDouble();
      centres[c] = in.readDoubles();
    }
  }
}
