package dev.aevum.executor.learning;

import java.util.Arrays;

/// The best split of some rows, by what it takes off the entropy of their classes: every threshold
/// between two numbers, every category against the rest. One that helps only together with a second
/// split below it, as with exclusive or, is found by looking one step ahead.
///
/// Gains are bits over all rows. Cost: O(rows log rows) a feature; ahead O(features x 8 x rows) a
/// feature, left out where that is more than [#MOST_AHEAD].
final class LeafSplits {
  private static final int AHEAD = 8;
  private static final long MOST_AHEAD = 4_000_000;
  private static final int MOST_CATEGORIES = 64;

  /// Rows that each side has at least.
  private static final int LEAST_SIDE = 5;

  private final boolean[] numeric;
  private final int rows;
  private final int classes;
  private final int[] cls;

  /// By feature: rows in order of their numbers, missing ones left out; empty for categories.
  private final int[][] order;

  private final double[][] values;

  /// By feature: each row's category as a small number, and what it stands for.
  private final int[][] codes;

  private final long[][] categories;

  /// `x log2 x`.
  private final double[] bits;

  private final double none;

  /// A way to split.
  static final class Split {
    double gain;
    int feature = -1;
    double threshold;
    long category;
  }

  LeafSplits(boolean[] numeric, LeafRows leaf, int classes) {
    this.numeric = numeric;
    this.rows = leaf.size();
    this.classes = classes;
    this.cls = new int[rows];
    this.order = new int[numeric.length][0];
    this.values = new double[numeric.length][0];
    this.codes = new int[numeric.length][0];
    this.categories = new long[numeric.length][0];
    this.bits = new double[rows + 1];
    for (int i = 2; i <= rows; i++) {
      bits[i] = i * (Math.log(i) / Math.log(2));
    }
    for (int i = 0; i < rows; i++) {
      cls[i] = leaf.cls(i);
    }
    for (int f = 0; f < numeric.length; f++) {
      if (numeric[f]) {
        sort(leaf, f);
      } else {
        number(leaf, f);
      }
    }
    int[] all = new int[classes];
    for (int c : cls) {
      all[c]++;
    }
    this.none = impurity(all, rows);
  }

  private void sort(LeafRows leaf, int f) {
    double[] v = new double[rows];
    int[] rowsOf = new int[rows];
    int count = 0;
    for (int i = 0; i < rows; i++) {
      v[i] = leaf.number(i, f);
      if (!Double.isNaN(v[i])) {
        rowsOf[count++] = i;
      }
    }
    int[] from = Arrays.copyOf(rowsOf, count);
    int[] to = new int[count];
    for (int run = 1; run < count; run *= 2) {
      for (int at = 0; at < count; at += 2 * run) {
        merge(v, from, to, at, Math.min(at + run, count), Math.min(at + 2 * run, count));
      }
      int[] swapped = from;
      from = to;
      to = swapped;
    }
    order[f] = from;
    values[f] = v;
  }

  private static void merge(double[] v, int[] from, int[] to, int begin, int middle, int end) {
    int a = begin;
    int b = middle;
    for (int i = begin; i < end; i++) {
      boolean first = a < middle && (b >= end || v[from[a]] <= v[from[b]]);
      to[i] = first ? from[a++] : from[b++];
    }
  }

  private void number(LeafRows leaf, int f) {
    Numbering known = new Numbering();
    codes[f] = new int[rows];
    for (int i = 0; i < rows; i++) {
      long category = leaf.category(i, f);
      int code = known.find(category);
      codes[f][i] = code >= 0 ? code : known.add(category);
    }
    categories[f] = new long[known.size()];
    for (int c = 0; c < known.size(); c++) {
      categories[f][c] = known.key(c);
    }
  }

  /// How many numbers were compared to find the best split, for the judgement of how sure it is.
  double candidates() {
    double count = 1;
    for (int f = 0; f < numeric.length; f++) {
      count += numeric[f] ? order[f].length : categories[f].length;
    }
    return count;
  }

  private double impurity(int[] counts, int total) {
    double sum = bits[total];
    for (int count : counts) {
      sum -= bits[count];
    }
    return sum;
  }

  /// The best split on a feature.
  Split best(int f) {
    Split best = new Split();
    boolean[] everywhere = new boolean[rows];
    if (numeric[f]) {
      numbers(f, everywhere, false, best);
    } else {
      categories(f, everywhere, false, best);
    }
    return best;
  }

  /// The largest gain on a feature among the rows where `side` is `wanted`.
  private double gain(int f, boolean[] side, boolean wanted) {
    Split best = new Split();
    if (numeric[f]) {
      numbers(f, side, wanted, best);
    } else {
      categories(f, side, wanted, best);
    }
    return best.gain;
  }

  private void numbers(int f, boolean[] side, boolean wanted, Split best) {
    int[] left = new int[classes];
    int[] right = new int[classes];
    int total = count(side, wanted, right);
    double before = impurity(right, total);
    double onLeft = 0;
    double onRight = bits(right);
    int taken = 0;
    double last = 0;
    for (int i : order[f]) {
      if (side[i] != wanted) {
        continue;
      }
      double v = values[f][i];
      if (taken >= LEAST_SIDE && total - taken >= LEAST_SIDE && v > last) {
        double gain = before - (bits[taken] - onLeft) - (bits[total - taken] - onRight);
        if (gain > best.gain) {
          best.gain = gain;
          best.feature = f;
          best.threshold = between(last, v);
        }
      }
      int c = cls[i];
      onLeft += bits[left[c] + 1] - bits[left[c]];
      onRight += bits[right[c] - 1] - bits[right[c]];
      left[c]++;
      right[c]--;
      taken++;
      last = v;
    }
  }

  private static double between(double low, double high) {
    double middle = low + (high - low) / 2;
    return middle < high ? middle : low;
  }

  private double bits(int[] counts) {
    double sum = 0;
    for (int count : counts) {
      sum += bits[count];
    }
    return sum;
  }

  private int count(boolean[] side, boolean wanted, int[] counts) {
    int total = 0;
    for (int i = 0; i < rows; i++) {
      if (side[i] == wanted) {
        counts[cls[i]]++;
        total++;
      }
    }
    return total;
  }

  private void categories(int f, boolean[] side, boolean wanted, Split best) {
    int[] all = new int[classes];
    int total = count(side, wanted, all);
    int[][] counts = new int[categories[f].length][classes];
    int[] totals = new int[categories[f].length];
    for (int i = 0; i < rows; i++) {
      if (side[i] == wanted) {
        counts[codes[f][i]][cls[i]]++;
        totals[codes[f][i]]++;
      }
    }
    double before = impurity(all, total);
    int[] rest = new int[classes];
    for (int k = 0; k < counts.length; k++) {
      if (totals[k] < LEAST_SIDE || total - totals[k] < LEAST_SIDE) {
        continue;
      }
      for (int c = 0; c < classes; c++) {
        rest[c] = all[c] - counts[k][c];
      }
      double gain = before - impurity(counts[k], totals[k]) - impurity(rest, total - totals[k]);
      if (gain > best.gain) {
        best.gain = gain;
        best.feature = f;
        best.category = categories[f][k];
      }
    }
  }

  /// The split that is best together with one split of each side. Its gain is that of all three.
  Split ahead() {
    Split best = new Split();
    if ((long) numeric.length * numeric.length * AHEAD * rows > MOST_AHEAD || none == 0) {
      return best;
    }
    for (int f = 0; f < numeric.length; f++) {
      int tries = numeric[f] ? AHEAD : Math.min(MOST_CATEGORIES, categories[f].length);
      for (int t = 0; t < tries; t++) {
        boolean[] left = new boolean[rows];
        double threshold = numeric[f] ? quantile(f, t) : 0;
        int[] counts = new int[classes];
        for (int i = 0; i < rows; i++) {
          left[i] = numeric[f] ? values[f][i] <= threshold : codes[f][i] == t;
        }
        int onLeft = count(left, true, counts);
        double gain = none - impurity(counts, onLeft);
        Arrays.fill(counts, 0);
        int onRight = count(left, false, counts);
        gain -= impurity(counts, onRight);
        if (onLeft < LEAST_SIDE || onRight < LEAST_SIDE) {
          continue;
        }
        gain += ahead(left, true) + ahead(left, false);
        if (gain > best.gain) {
          best.gain = gain;
          best.feature = f;
          best.threshold = threshold;
          best.category = numeric[f] ? 0 : categories[f][t];
        }
      }
    }
    return best;
  }

  private double ahead(boolean[] side, boolean wanted) {
    double most = 0;
    for (int f = 0; f < numeric.length; f++) {
      most = Math.max(most, gain(f, side, wanted));
    }
    return most;
  }

  private double quantile(int f, int at) {
    int[] sorted = order[f];
    return sorted.length == 0 ? 0 : values[f][sorted[sorted.length * (at + 1) / (AHEAD + 1)]];
  }
}
