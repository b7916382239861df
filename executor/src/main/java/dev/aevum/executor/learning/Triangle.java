package dev.aevum.executor.learning;

import dev.aevum.model.codec.ByteSink;
import java.util.Arrays;

/// Least squares as the triangle `R` and the vector `z` of a QR factorization, a row at a time by
/// Givens rotations: `R' R` is the sum of the rows' squares, the weights solve `R w = z`. Unlike a
/// covariance it loses no digits where columns are of unlike size or nearly dependent. Source:
/// Golub and Van Loan, Matrix Computations, 6.5.
final class Triangle {
  private int size;
  private int capacity;
  private double[] upper;
  private double[] z;
  private double[] row;

  Triangle(int size) {
    this.size = size;
    this.capacity = Math.max(4, size);
    this.upper = new double[capacity * capacity];
    this.z = new double[capacity];
    this.row = new double[capacity];
  }

  int size() {
    return size;
  }

  void clear() {
    Arrays.fill(upper, 0);
    Arrays.fill(z, 0);
  }

  /// Columns of zeros at the end.
  void enlarge(int larger) {
    if (larger > capacity) {
      int more = Math.max(larger, capacity + capacity / 2);
      double[] copy = new double[more * more];
      for (int i = 0; i < size; i++) {
        System.arraycopy(upper, i * capacity, copy, i * more, size);
      }
      upper = copy;
      z = Arrays.copyOf(z, more);
      row = new double[more];
      capacity = more;
    }
    size = larger;
  }

  /// All that was added counts `weight` as much.
  void fade(double weight) {
    double by = Math.sqrt(weight);
    for (int i = 0; i < size; i++) {
      for (int j = i; j < size; j++) {
        upper[i * capacity + j] *= by;
      }
      z[i] *= by;
    }
  }

  double diagonal(int i) {
    return upper[i * capacity + i];
  }

  /// Adds the row that a caller has put into [#scratch], and leaves zeros there.
  void add(double target) {
    double t = target;
    for (int i = 0; i < size; i++) {
      double x = row[i];
      if (x == 0) {
        continue;
      }
      int at = i * capacity;
      double r = upper[at + i];
      double h = Math.sqrt(r * r + x * x);
      if (!(h > 1e-150 && h < 1e150)) {
        h = Math.hypot(r, x);
      }
      double c = r / h;
      double s = x / h;
      upper[at + i] = h;
      row[i] = 0;
      for (int j = i + 1; j < size; j++) {
        double u = upper[at + j];
        double v = row[j];
        upper[at + j] = c * u + s * v;
        row[j] = c * v - s * u;
      }
      double u = z[i];
      z[i] = c * u + s * t;
      t = c * t - s * u;
    }
  }

  /// Zeros, to be filled before [#add].
  double[] scratch() {
    return row;
  }

  /// Weights into `w`; 0 for what nothing is known of.
  void solve(double[] w) {
    for (int i = size - 1; i >= 0; i--) {
      double d = upper[i * capacity + i];
      double sum = z[i];
      for (int j = i + 1; j < size; j++) {
        sum -= upper[i * capacity + j] * w[j];
      }
      w[i] = d == 0 ? 0 : sum / d;
    }
  }

  /// Adds `v` to the right side of the normal equations: `R' z` grows by it.
  void push(double[] v) {
    for (int i = 0; i < size; i++) {
      double d = upper[i * capacity + i];
      double sum = v[i];
      for (int j = 0; j < i; j++) {
        sum -= upper[j * capacity + i] * row[j];
      }
      row[i] = d == 0 ? 0 : sum / d;
    }
    for (int i = 0; i < size; i++) {
      z[i] += row[i];
      row[i] = 0;
    }
  }

  /// What changes a row of numbers: `columns` in place.
  @FunctionalInterface
  interface Change {
    void apply(double[] columns);
  }

  /// Changes the columns of all rows so far.
  void turn(Change change) {
    double[] before = upper;
    double[] targets = z;
    upper = new double[before.length];
    z = new double[targets.length];
    for (int i = 0; i < size; i++) {
      System.arraycopy(before, i * capacity, row, 0, size);
      change.apply(row);
      add(targets[i]);
    }
  }

  /// From the covariance of a recursive filter and its weights: the inverse's factor.
  ///
  /// @param covariance symmetric, `size` by `size`; is overwritten
  void ofCovariance(double[] covariance, double[] weights) {
    clear();
    double[] inverse = new double[size * size];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = covariance[i * size + j];
        for (int k = 0; k < j; k++) {
          sum -= covariance[i * size + k] * covariance[j * size + k];
        }
        covariance[i * size + j] =
            i == j ? Math.sqrt(Math.max(sum, 1e-300)) : sum / covariance[j * size + j];
      }
    }
    for (int c = 0; c < size; c++) {
      for (int i = c; i < size; i++) {
        double sum = i == c ? 1 : 0;
        for (int k = c; k < i; k++) {
          sum -= covariance[i * size + k] * inverse[k * size + c];
        }
        inverse[i * size + c] = sum / covariance[i * size + i];
      }
    }
    for (int i = 0; i < size; i++) {
      double target = 0;
      for (int j = 0; j <= i; j++) {
        row[j] = inverse[i * size + j];
        target += row[j] * weights[j];
      }
      add(target);
    }
  }

  void encode(ByteSink out) {
    StateBytes.append(out, z, size);
    for (int i = 0; i < size; i++) {
      for (int j = i; j < size; j++) {
        StateBytes.append(out, upper[i * capacity + j]);
      }
    }
  }

  void decode(StateReader in) {
    double[] read = in.readDoubles();
    enlarge(read.length);
    System.arraycopy(read, 0, z, 0, read.length);
    for (int i = 0; i < size; i++) {
      for (int j = i; j < size; j++) {
        upper[i * capacity + j] = in.readDouble();
      }
    }
  }
}
