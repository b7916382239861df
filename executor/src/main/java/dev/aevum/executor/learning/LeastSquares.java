package dev.aevum.executor.learning;

import dev.aevum.model.codec.ByteSink;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Recursive least squares with forgetting: `linear`.
///
/// Numbers are scaled by figures that change when the count of rows reaches a power of two. The
/// first rows are kept, and learned anew in each new scale, so that `ridge` is in the unit of the
/// numbers; later weights and covariance are turned into the new scale exactly. Forgetting rests
/// while a direction that no row has shown for long would make the covariance grow without bound.
/// Cost: O(terms^2) a row. Source: Ljung, System Identification, 11.2.
public final class LeastSquares implements Learner {
  private static final int MAX_TERMS = 512;
  private static final int FIRST_ROWS = 32;
  private static final double MOST_COVARIANCE = 1e6;

  private final double forgetting;
  private final double ridge;
  private final boolean[] numeric;
  private final Terms terms;
  private final Scaling running;
  private final Scaling used;
  private double[] weights;
  private double[] covariance;
  private double[] gain;
  private int capacity;
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
    this.capacity = terms.count();
    this.weights = new double[capacity];
    this.covariance = new double[capacity * capacity];
    this.gain = new double[capacity];
    begin();
  }

  private void begin() {
    Arrays.fill(weights, 0);
    Arrays.fill(covariance, 0);
    for (int i = 0; i < terms.count(); i++) {
      covariance[i * capacity + i] = 1 / ridge;
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
        return;
      }
    } else if (rescales) {
      first.clear();
      rescale();
    }
    add(row, target);
  }

  /// Learns the first rows anew in the present scale.
  private void again() {
    used.copy(running);
    begin();
    Features row = new Features(numeric);
    for (First f : first) {
      System.arraycopy(f.numbers, 0, row.numbers, 0, f.numbers.length);
      System.arraycopy(f.categories, 0, row.categories, 0, f.categories.length);
      add(row, f.target);
    }
  }

  private void add(Features row, double target) {
    int before = terms.count();
    terms.grow(row);
    if (terms.count() > before) {
      enlarge(before);
    }
    terms.read(row, used);
    update(target - terms.dot(weights));
  }

  private void update(double error) {
    int n = terms.count();
    double excited = 0;
    Arrays.fill(gain, 0, n, 0);
    for (int k = 0; k < terms.size; k++) {
      int row = terms.terms[k] * capacity;
      double v = terms.values[k];
      for (int i = 0; i < n; i++) {
        gain[i] += covariance[row + i] * v;
      }
    }
    for (int k = 0; k < terms.size; k++) {
      excited += gain[terms.terms[k]] * terms.values[k];
    }
    double forget = mayForget(n) ? forgetting : 1;
    double share = 1 / (forget + excited);
    for (int i = 0; i < n; i++) {
      double g = gain[i] * share;
      weights[i] += g * error;
      for (int j = i; j < n; j++) {
        double p = (covariance[i * capacity + j] - g * gain[j]) / forget;
        covariance[i * capacity + j] = p;
        covariance[j * capacity + i] = p;
      }
    }
  }

  private boolean mayForget(int n) {
    for (int i = 0; i < n; i++) {
      if (covariance[i * capacity + i] * ridge > MOST_COVARIANCE) {
        return false;
      }
    }
    return true;
  }

  private void enlarge(int before) {
    int n = terms.count();
    if (n > capacity) {
      int larger = Math.max(n, capacity + capacity / 2);
      double[] copy = new double[larger * larger];
      for (int i = 0; i < before; i++) {
        System.arraycopy(covariance, i * capacity, copy, i * larger, before);
      }
      covariance = copy;
      capacity = larger;
      weights = Arrays.copyOf(weights, larger);
      gain = new double[larger];
    }
    for (int i = before; i < n; i++) {
      covariance[i * capacity + i] = 1 / ridge;
    }
  }

  /// From `z` to `a z + b (1 - missing)`, which is the same number in another scale.
  private void rescale() {
    int n = terms.count();
    double[] a = new double[numeric.length];
    double[] b = new double[numeric.length];
    for (int f = 0; f < numeric.length; f++) {
      a[f] = used.scale(f) / running.scale(f);
      b[f] = (used.mean(f) - running.mean(f)) / running.scale(f);
    }
    used.copy(running);
    turn(weights, 0, 1, a, b);
    for (int i = 0; i < n; i++) {
      turn(covariance, i * capacity, 1, a, b);
    }
    for (int i = 0; i < n; i++) {
      turn(covariance, i, capacity, a, b);
    }
  }

  /// The transposed inverse of the change on a vector at `from`, `from + step`, ...
  private void turn(double[] v, int from, int step, double[] a, double[] b) {
    for (int f = 0; f < numeric.length; f++) {
      if (numeric[f]) {
        int at = from + terms.ofNumber(f) * step;
        double t = v[at] / a[f];
        v[at] = t;
        v[from] -= t * b[f];
        if (terms.ofMissing(f) >= 0) {
          v[from + terms.ofMissing(f) * step] += t * b[f];
        }
      }
    }
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
    terms.encode(out);
    int n = terms.count();
    StateBytes.append(out, weights, n);
    for (int i = 0; i < n; i++) {
      for (int j = i; j < n; j++) {
        StateBytes.append(out, covariance[i * capacity + j]);
      }
    }
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
    terms.decode(in);
    weights = in.readDoubles();
    capacity = weights.length;
    gain = new double[capacity];
    covariance = new double[capacity * capacity];
    for (int i = 0; i < capacity; i++) {
      for (int j = i; j < capacity; j++) {
        double p = in.readDouble();
        covariance[i * capacity + j] = p;
        covariance[j * capacity + i] = p;
      }
    }
  }
}
