package dev.aevum.executor.learning;

import dev.aevum.model.codec.ByteSink;
import java.util.Arrays;

/// What one set of rows says of each class: how many rows, and of each feature the distribution of
/// numbers or the counts of categories. Predicts by Bayes' rule as if features were independent.
final class ClassCounts {
  private static final int MAX_CATEGORIES = 10_000;

  final boolean[] numeric;
  private double[] rows = new double[2];
  private int classes;
  private double total;

  /// By feature: one a class.
  final Gaussian[][] numbers;

  final Numbering[] categories;

  /// By feature, category and class.
  private final double[][][] counts;

  ClassCounts(boolean[] numeric) {
    this.numeric = numeric;
    this.numbers = new Gaussian[numeric.length][0];
    this.categories = new Numbering[numeric.length];
    this.counts = new double[numeric.length][0][];
    for (int f = 0; f < numeric.length; f++) {
      categories[f] = new Numbering();
    }
  }

  int classes() {
    return classes;
  }

  double rows(int cls) {
    return cls < classes ? rows[cls] : 0;
  }

  double total() {
    return total;
  }

  double count(int feature, int category, int cls) {
    double[] of = counts[feature][category];
    return cls < of.length ? of[cls] : 0;
  }

  void learn(Features row, int cls) {
    addRows(cls, 1);
    for (int f = 0; f < numeric.length; f++) {
      if (numeric[f]) {
        if (!Double.isNaN(row.numbers[f])) {
          number(f, cls).add(row.numbers[f]);
        }
      } else {
        category(f, cls, row.categories[f]);
      }
    }
  }

  /// Counts rows of a class without their features.
  void addRows(int cls, double count) {
    if (cls >= rows.length) {
      rows = Arrays.copyOf(rows, Math.max(cls + 1, 2 * rows.length));
    }
    classes = Math.max(classes, cls + 1);
    rows[cls] += count;
    total += count;
  }

  private Gaussian number(int feature, int cls) {
    int there = numbers[feature].length;
    if (cls >= there) {
      numbers[feature] = Arrays.copyOf(numbers[feature], Math.max(cls + 1, classes));
      for (int c = there; c < numbers[feature].length; c++) {
        numbers[feature][c] = new Gaussian();
      }
    }
    return numbers[feature][cls];
  }

  private void category(int feature, int cls, long key) {
    int category = categories[feature].find(key);
    if (category < 0) {
      if (categories[feature].size() == MAX_CATEGORIES) {
        return;
      }
      category = categories[feature].add(key);
      if (category == counts[feature].length) {
        counts[feature] = Arrays.copyOf(counts[feature], Math.max(4, 2 * category));
      }
      counts[feature][category] = new double[Math.max(cls + 1, classes)];
    }
    double[] of = counts[feature][category];
    if (cls >= of.length) {
      of = Arrays.copyOf(of, Math.max(cls + 1, classes));
      counts[feature][category] = of;
    }
    of[cls]++;
  }

  /// The class of most rows, the first of equals.
  int majority() {
    int best = 0;
    for (int c = 1; c < classes; c++) {
      best = rows[c] > rows[best] ? c : best;
    }
    return best;
  }

  /// The shares of the classes, Laplace-smoothed.
  void shares(int known, Prediction out) {
    int n = Math.max(known, classes);
    double[] p = out.reset(n);
    for (int c = 0; c < n; c++) {
      p[c] = (rows(c) + 1) / (total + n);
    }
  }

  void bayes(Features row, int known, Prediction out) {
    int n = Math.max(known, classes);
    double[] p = out.reset(n);
    for (int c = 0; c < n; c++) {
      p[c] = Math.log((rows(c) + 1) / (total + n));
      for (int f = 0; f < numeric.length && rows(c) > 0; f++) {
        p[c] += evidence(row, f, c);
      }
    }
    if (n > 0) {
      out.normalizeLogs();
    }
  }

  private double evidence(Features row, int f, int c) {
    if (numeric[f]) {
      boolean known =
          c < numbers[f].length && numbers[f][c].count > 1 && !Double.isNaN(row.numbers[f]);
      return known ? numbers[f][c].logDensity(row.numbers[f]) : 0;
    }
    int category = categories[f].find(row.categories[f]);
    double seen = category < 0 ? 0 : count(f, category, c);
    return Math.log((seen + 1) / (rows(c) + categories[f].size() + 1));
  }

  void encode(ByteSink out) {
    StateBytes.append(out, rows, classes);
    StateBytes.append(out, total);
    for (int f = 0; f < numeric.length; f++) {
      if (numeric[f]) {
        out.appendInt(numbers[f].length);
        for (Gaussian g : numbers[f]) {
          g.encode(out);
        }
      } else {
        categories[f].encode(out);
        for (int c = 0; c < categories[f].size(); c++) {
          StateBytes.append(out, counts[f][c], counts[f][c].length);
        }
      }
    }
  }

  void decode(StateReader in) {
    double[] read = in.readDoubles();
    for (int c = 0; c < read.length; c++) {
      addRows(c, read[c]);
    }
    total = in.readDouble();
    for (int f = 0; f < numeric.length; f++) {
      if (numeric[f]) {
        numbers[f] = new Gaussian[in.readCount(40)];
        for (int c = 0; c < numbers[f].length; c++) {
          numbers[f][c] = new Gaussian();
          numbers[f][c].decode(in);
        }
      } else {
        categories[f].decode(in);
        counts[f] = new double[Math.max(4, categories[f].size())][];
        for (int c = 0; c < categories[f].size(); c++) {
          counts[f][c] = in.readDoubles();
        }
      }
    }
  }
}
