package dev.aevum.executor.learning;

import dev.aevum.model.codec.ByteSink;
import dev.aevum.planner.plan.function.LearningSignature.Task;
import java.util.Arrays;

/// How good predictions were that were made before the row was learned, over all rows and over the
/// last 1,000, beside those of the trivial predictor: the mean so far, the share of each class so
/// far, or the mean of all rows as the only cluster.
///
/// AUC is that of the scores in 256 buckets. Source: Dawid 1984.
final class Prequential {
  static final int WINDOW = 1000;
  private static final int BUCKETS = 256;
  private static final double LEAST_PROBABILITY = 1e-15;

  private final Task task;
  private long rows;

  /// Sums over all rows, at the positions of [Sum].
  private final double[] sums = new double[Sum.values().length];

  private final double[] positives;
  private final double[] negatives;

  /// The last rows: loss, right, score, truth and the trivial predictor's loss and right.
  private double[] ring = new double[0];

  private static final int WIDTH = 6;
  private double[] classRows = new double[2];
  private final Gaussian target = new Gaussian();

  private enum Sum {
    LOSS,
    RIGHT,
    ABSOLUTE,
    SQUARED,
    TRIVIAL_LOSS,
    TRIVIAL_RIGHT,
    TRIVIAL_ABSOLUTE,
    TRIVIAL_SQUARED
  }

  Prequential(Task task) {
    this.task = task;
    this.positives = new double[task == Task.TWO_CLASSES ? BUCKETS : 0];
    this.negatives = new double[positives.length];
  }

  @SuppressWarnings("EnumOrdinal")
  private void add(Sum sum, double value) {
    sums[sum.ordinal()] += value;
  }

  @SuppressWarnings("EnumOrdinal")
  private double of(Sum sum) {
    return sums[sum.ordinal()];
  }

  /// Scores a prediction against what came true; `classes` is the count before this row's own.
  void judge(Prediction said, double truth, int classes) {
    switch (task) {
      case REGRESSION -> judgeNumber(said.value, truth);
      case TWO_CLASSES, CLASSES -> judgeClass(said, (int) truth, classes);
      case CLUSTERS -> {
        if (said.cluster >= 0) {
          add(Sum.ABSOLUTE, said.value);
          add(Sum.SQUARED, said.value * said.value);
          keep(said.value, 0, 0, 0, 0, 0);
          rows++;
        }
      }
    }
  }

  private void judgeNumber(double said, double truth) {
    double error = truth - said;
    double trivial = truth - target.mean;
    add(Sum.ABSOLUTE, Math.abs(error));
    add(Sum.SQUARED, error * error);
    add(Sum.TRIVIAL_ABSOLUTE, Math.abs(trivial));
    add(Sum.TRIVIAL_SQUARED, trivial * trivial);
    keep(error, 0, 0, truth, trivial, 0);
    target.add(truth);
    rows++;
  }

  private void judgeClass(Prediction said, int truth, int classes) {
    if (truth >= classRows.length) {
      classRows = Arrays.copyOf(classRows, Math.max(truth + 1, 2 * classRows.length));
    }
    double total = 0;
    int majority = 0;
    for (int c = 0; c < classRows.length; c++) {
      total += classRows[c];
      majority = classRows[c] > classRows[majority] ? c : majority;
    }
    int known = Math.max(classes, truth + 1);
    double loss = -Math.log(clamp(said.probability(truth)));
    double right = said.best() == truth ? 1 : 0;
    double trivialLoss = -Math.log(clamp((classRows[truth] + 1) / (total + known)));
    double trivialRight = majority == truth ? 1 : 0;
    double score = said.probability(1);
    add(Sum.LOSS, loss);
    add(Sum.RIGHT, right);
    add(Sum.TRIVIAL_LOSS, trivialLoss);
    add(Sum.TRIVIAL_RIGHT, trivialRight);
    if (task == Task.TWO_CLASSES) {
      (truth == 1 ? positives : negatives)[bucket(score)]++;
    }
    keep(loss, right, score, truth, trivialLoss, trivialRight);
    classRows[truth]++;
    rows++;
  }

  private static double clamp(double p) {
    return Math.clamp(p, LEAST_PROBABILITY, 1 - LEAST_PROBABILITY);
  }

  private static int bucket(double score) {
    return Math.clamp((int) (score * BUCKETS), 0, BUCKETS - 1);
  }

  private void keep(double a, double b, double c, double d, double e, double f) {
    int at = (int) (rows % WINDOW) * WIDTH;
    if (at >= ring.length) {
      ring = Arrays.copyOf(ring, Math.min(WINDOW * WIDTH, Math.max(8 * WIDTH, 2 * ring.length)));
    }
    ring[at] = a;
    ring[at + 1] = b;
    ring[at + 2] = c;
    ring[at + 3] = d;
    ring[at + 4] = e;
    ring[at + 5] = f;
  }

  /// All rows.
  Metrics overall() {
    double n = Math.max(1, rows);
    return switch (task) {
      case REGRESSION ->
          numbers(
              rows,
              of(Sum.ABSOLUTE),
              of(Sum.SQUARED),
              of(Sum.TRIVIAL_ABSOLUTE),
              of(Sum.TRIVIAL_SQUARED),
              target.squares);
      case TWO_CLASSES, CLASSES ->
          classes(
              rows,
              of(Sum.LOSS) / n,
              of(Sum.RIGHT) / n,
              of(Sum.TRIVIAL_LOSS) / n,
              of(Sum.TRIVIAL_RIGHT) / n,
              positives,
              negatives);
      case CLUSTERS ->
          new Metrics(rows).with(Metric.MEAN_DISTANCE, of(Sum.ABSOLUTE) / n, Double.NaN);
    };
  }

  /// The last rows.
  Metrics recent() {
    int n = (int) Math.min(rows, WINDOW);
    double[] s = new double[WIDTH];
    double absolute = 0;
    double squared = 0;
    double trivialAbsolute = 0;
    double trivialSquared = 0;
    Gaussian truths = new Gaussian();
    double[] positive = new double[positives.length];
    double[] negative = new double[positives.length];
    for (int i = 0; i < n; i++) {
      int at = i * WIDTH;
      for (int j = 0; j < WIDTH; j++) {
        s[j] += ring[at + j];
      }
      absolute += Math.abs(ring[at]);
      squared += ring[at] * ring[at];
      trivialAbsolute += Math.abs(ring[at + 4]);
      trivialSquared += ring[at + 4] * ring[at + 4];
      truths.add(ring[at + 3]);
      if (positive.length > 0) {
        (ring[at + 3] == 1 ? positive : negative)[bucket(ring[at + 2])]++;
      }
    }
    double d = Math.max(1, n);
    return switch (task) {
      case REGRESSION ->
          numbers(n, absolute, squared, trivialAbsolute, trivialSquared, truths.squares);
      case TWO_CLASSES, CLASSES ->
          classes(n, s[0] / d, s[1] / d, s[4] / d, s[5] / d, positive, negative);
      case CLUSTERS -> new Metrics(n).with(Metric.MEAN_DISTANCE, s[0] / d, Double.NaN);
    };
  }

  private static Metrics numbers(
      long rows,
      double absolute,
      double squared,
      double trivialAbsolute,
      double trivialSquared,
      double spread) {
    double n = Math.max(1, rows);
    return new Metrics(rows)
        .with(Metric.MAE, absolute / n, trivialAbsolute / n)
        .with(Metric.RMSE, Math.sqrt(squared / n), Math.sqrt(trivialSquared / n))
        .with(
            Metric.R2,
            spread > 0 ? 1 - squared / spread : Double.NaN,
            spread > 0 ? 1 - trivialSquared / spread : Double.NaN);
  }

  private static Metrics classes(
      long rows,
      double loss,
      double right,
      double trivialLoss,
      double trivialRight,
      double[] positives,
      double[] negatives) {
    Metrics made =
        new Metrics(rows)
            .with(Metric.LOGLOSS, loss, trivialLoss)
            .with(Metric.ACCURACY, right, trivialRight);
    return positives.length == 0 ? made : made.with(Metric.AUC, auc(positives, negatives), 0.5);
  }

  /// The share of pairs of a positive and a negative row that the score puts in order, ties half.
  static double auc(double[] positives, double[] negatives) {
    double below = 0;
    double pairs = 0;
    double all = 0;
    for (int i = 0; i < positives.length; i++) {
      pairs += positives[i] * (below + negatives[i] / 2);
      below += negatives[i];
      all += positives[i];
    }
    return all > 0 && below > 0 ? pairs / (all * below) : Double.NaN;
  }

  void encode(ByteSink out) {
    out.appendLong(rows);
    StateBytes.append(out, sums, sums.length);
    StateBytes.append(out, positives, positives.length);
    StateBytes.append(out, negatives, negatives.length);
    StateBytes.append(out, ring, (int) Math.min(rows, WINDOW) * WIDTH);
    StateBytes.append(out, classRows, classRows.length);
    target.encode(out);
  }

  void decode(StateReader in) {
    rows = in.readLong();
    copy(in.readDoubles(), sums);
    copy(in.readDoubles(), positives);
    copy(in.readDoubles(), negatives);
    ring = in.readDoubles();
    classRows = in.readDoubles();
    target.decode(in);
  }

  private static void copy(double[] from, double[] to) {
    if (from.length != to.length) {
      throw StateReader.corrupt(from.length + " figures");
    }
    System.arraycopy(from, 0, to, 0, to.length);
  }
}
