package dev.aevum.executor.learning;

import dev.aevum.model.codec.ByteSink;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Recursive least squares with forgetting: `linear`.
///
/// Numbers are scaled by figures that change when the count of rows reaches a power of two. The
/// first rows are kept, and learned anew in each new scale, so that `ridge` is in the unit of the
/// numbers; later the rows so far are turned into the new scale exactly ([Triangle]).
///
/// `ridge` pulls weights to 0 at first. At each new scale it is centred on the weights of that time
/// (iterated Tikhonov), so that it steadies the first rows and biases nothing later. Where nothing
/// new has been seen of a direction until forgetting has all but emptied it, it keeps its weight.
/// Cost: O(terms^2) a row.
public final class LeastSquares implements Learner {
  private static final int MAX_TERMS = 512;
  private static final int FIRST_ROWS = 32;

  /// The least that is known of a direction, in rows of deviation 1.
  private static final double LEAST_KNOWN = 1e-9;

  private final double forgetting;
  private final double ridge;
  private final boolean[] numeric;
  private final Terms terms;
  private final Scaling running;
  private final Scaling used;

  /// In which scale `ridge` was put in.
  private final Scaling origin;

  private final Triangle triangle;
  private double[] weights;

  /// By term: how much of the ridge is left, and where it pulls to, in the scale of `origin`.
  private double[] ridges;

  private double[] centre;
  private long rows;
  private final List<First> first = new ArrayList<>();

  /// One of the first rows.
  private record First(double[] numbers, long[] categories, double target) {}

  public LeastSquares(boolean[] numeric, double forgetting, double ridge, int maxCategories) {
    this.forgetting = forgetting;
    this.ridge = ridge;
    this.numeric = numeric.clone();
    this.terms = new Terms(this.numeric, maxCategories, MAX_TERMS);
    this.running = new Scaling(numeric.length);
    this.used = new Scaling(numeric.length);
    this.origin = new Scaling(numeric.length);
    this.triangle = new Triangle(terms.count());
    this.weights = new double[terms.count()];
    this.ridges = new double[terms.count()];
    this.centre = new double[terms.count()];
    begin();
  }

  private void begin() {
    triangle.clear();
    Arrays.fill(weights, 0);
    Arrays.fill(centre, 0);
    pull(0, terms.count());
  }

  /// Puts the ridge of these terms in.
  private void pull(int from, int to) {
    double[] a = new double[numeric.length];
    double[] b = new double[numeric.length];
    between(origin, used, a, b);
    for (int i = from; i < to; i++) {
      ridges[i] = ridge;
      triangle.scratch()[i] = Math.sqrt(ridge);
      forward(triangle.scratch(), a, b);
      triangle.add(0);
    }
  }

  @Override
  public void predict(Features row, int classes, Prediction out) {
    terms.read(row, used);
    out.value = terms.dot(weights);
  }

  /// The slope of a numeric feature in its own unit.
  double coefficient(int feature) {
    return weights[terms.ofNumber(feature)] / used.scale(feature);
  }

  /// The value where all numbers are 0.
  double intercept() {
    double at = weights[0];
    for (int f = 0; f < numeric.length; f++) {
      if (numeric[f]) {
        at -= coefficient(f) * used.mean(f);
      }
    }
    return at;
  }

  @Override
  public void learn(Features row, double target) {
    running.learn(row);
    rows++;
    boolean rescales = Long.bitCount(rows) == 1;
    if (rows <= FIRST_ROWS) {
      first.add(new First(row.numbers.clone(), row.categories.clone(), target));
      if (rescales) {
        again();
        triangle.solve(weights);
        return;
      }
    } else if (rescales) {
      first.clear();
      rescale();
      recentre();
    }
    add(row, target);
    triangle.solve(weights);
  }

  /// Learns the first rows anew in the present scale.
  private void again() {
    used.copy(running);
    origin.copy(running);
    Features row = new Features(numeric);
    for (First f : first) {
      copy(f, row);
      grow(row);
    }
    begin();
    for (First f : first) {
      copy(f, row);
      add(row, f.target);
    }
  }

  private static void copy(First from, Features to) {
    System.arraycopy(from.numbers, 0, to.numbers, 0, from.numbers.length);
    System.arraycopy(from.categories, 0, to.categories, 0, from.categories.length);
  }

  private void grow(Features row) {
    int before = terms.count();
    terms.grow(row);
    int n = terms.count();
    if (n > before) {
      if (n > weights.length) {
        int larger = Math.max(n, 2 * weights.length);
        weights = Arrays.copyOf(weights, larger);
        ridges = Arrays.copyOf(ridges, larger);
        centre = Arrays.copyOf(centre, larger);
      }
      triangle.enlarge(n);
      pull(before, n);
    }
  }

  private void add(Features row, double target) {
    grow(row);
    terms.read(row, used);
    int n = terms.count();
    if (forgetting < 1) {
      triangle.fade(forgetting);
      for (int i = 0; i < n; i++) {
        ridges[i] *= forgetting;
      }
      hold(n);
    }
    double[] values = triangle.scratch();
    for (int k = 0; k < terms.size; k++) {
      values[terms.terms[k]] = terms.values[k];
    }
    triangle.add(target);
  }

  /// Directions of which next to nothing is known any more stay where they are.
  private void hold(int n) {
    for (int i = 0; i < n; i++) {
      double known = triangle.diagonal(i);
      if (known * known < LEAST_KNOWN / 2) {
        double lack = Math.sqrt(LEAST_KNOWN);
        triangle.scratch()[i] = lack;
        triangle.add(lack * weights[i]);
      }
    }
  }

  /// From `z` to `a z + b (1 - missing)`, which is the same number in another scale.
  private void rescale() {
    double[] a = new double[numeric.length];
    double[] b = new double[numeric.length];
    between(used, running, a, b);
    used.copy(running);
    triangle.turn(columns -> forward(columns, a, b));
    triangle.solve(weights);
  }

  private void between(Scaling from, Scaling to, double[] a, double[] b) {
    for (int f = 0; f < numeric.length; f++) {
      a[f] = from.scale(f) / to.scale(f);
      b[f] = (from.mean(f) - to.mean(f)) / to.scale(f);
    }
  }

  /// Numbers of rows into another scale.
  private void forward(double[] columns, double[] a, double[] b) {
    for (int f = 0; f < numeric.length; f++) {
      if (numeric[f]) {
        int missing = terms.ofMissing(f);
        double there = columns[0] - (missing < 0 ? 0 : columns[missing]);
        int at = terms.ofNumber(f);
        columns[at] = a[f] * columns[at] + b[f] * there;
      }
    }
  }

  /// Weights of a scale into those of the scale before it: the transpose of [#forward].
  private void backward(double[] v, double[] a, double[] b) {
    for (int f = 0; f < numeric.length; f++) {
      if (numeric[f]) {
        int at = terms.ofNumber(f);
        double t = v[at];
        v[at] = a[f] * t;
        v[0] += b[f] * t;
        if (terms.ofMissing(f) >= 0) {
          v[terms.ofMissing(f)] -= b[f] * t;
        }
      }
    }
  }

  /// The ridge pulls to the weights as they are now.
  private void recentre() {
    int n = terms.count();
    double[] a = new double[numeric.length];
    double[] b = new double[numeric.length];
    between(origin, used, a, b);
    double[] now = Arrays.copyOf(weights, n);
    backward(now, a, b);
    double[] change = new double[n];
    for (int i = 0; i < n; i++) {
      change[i] = ridges[i] * (now[i] - centre[i]);
      centre[i] = now[i];
    }
    forward(change, a, b);
    triangle.push(change);
    triangle.solve(weights);
  }

  @Override
  public void encode(ByteSink out) {
    out.appendLong(rows);
    out.appendInt(first.size());
    for (First f : first) {
      for (int i = 0; i < numeric.length; i++) {
        StateBytes.append(out, f.numbers[i]);
        out.appendLong(f.categories[i]);
      }
      StateBytes.append(out, f.target);
    }
    running.encode(out);
    used.encode(out);
    origin.encode(out);
    terms.encode(out);
    int n = terms.count();
    StateBytes.append(out, weights, n);
    StateBytes.append(out, ridges, n);
    StateBytes.append(out, centre, n);
    triangle.encode(out);
  }

  @Override
  public void decode(StateReader in) {
    rows = in.readLong();
    int kept = in.readCount(8);
    for (int k = 0; k < kept; k++) {
      double[] numbers = new double[numeric.length];
      long[] categories = new long[numeric.length];
      for (int i = 0; i < numeric.length; i++) {
        numbers[i] = in.readDouble();
        categories[i] = in.readLong();
      }
      first.add(new First(numbers, categories, in.readDouble()));
    }
    running.decode(in);
    used.decode(in);
    if (in.version() > 1) {
      origin.decode(in);
    }
    terms.decode(in);
    weights = in.readDoubles();
    if (in.version() > 1) {
      ridges = in.readDoubles();
      centre = in.readDoubles();
      triangle.decode(in);
    } else {
      decodeCovariance(in);
    }
  }

  /// Version 1. How much of its ridge is left is not known: it stays as it is.
  private void decodeCovariance(StateReader in) {
    int n = weights.length;
    double[] covariance = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = i; j < n; j++) {
        double p = in.readDouble();
        covariance[i * n + j] = p;
        covariance[j * n + i] = p;
      }
    }
    triangle.enlarge(n);
    triangle.ofCovariance(covariance, weights);
    origin.copy(used);
    ridges = new double[n];
    centre = new double[n];
  }
}
