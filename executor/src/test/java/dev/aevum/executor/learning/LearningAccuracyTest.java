package dev.aevum.executor.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.aevum.model.batch.Field;
import dev.aevum.model.type.SimpleType;
import dev.aevum.planner.plan.ModelSpec;
import dev.aevum.planner.plan.function.LearningSignature.Task;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How well the algorithms learn what is known. The bars are the project's own.
class LearningAccuracyTest {
  private static final LearningAlgorithms ALGORITHMS = new LearningAlgorithms();

  static Learner learner(String algorithm, Task task, int numbers, Map<String, String> options) {
    return ALGORITHMS.learner(spec(algorithm, task, numbers, options));
  }

  static ModelSpec spec(String algorithm, Task task, int numbers, Map<String, String> options) {
    List<Field> features =
        java.util.stream.IntStream.range(0, numbers)
            .mapToObj(i -> new Field("x" + i, SimpleType.DOUBLE, true))
            .toList();
    Field target = new Field("y", SimpleType.DOUBLE, true);
    return new ModelSpec(algorithm, task, options, target, List.of(), features);
  }

  static boolean[] numeric(int numbers) {
    boolean[] numeric = new boolean[numbers];
    java.util.Arrays.fill(numeric, true);
    return numeric;
  }

  @Test
  void linearRecoversCoefficients() {
    double[] slopes = {3, -0.5, 1e-2, 4e-3, 0};
    LeastSquares model = new LeastSquares(numeric(5), 0.999, 1, 100);
    Features row = new Features(numeric(5));
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < 10_000; i++) {
      double y = 17;
      for (int f = 0; f < 5; f++) {
        row.numbers[f] = random.nextDouble() * Math.pow(10, f) + 100 * f;
        y += slopes[f] * row.numbers[f];
      }
      model.learn(row, y);
    }
    for (int f = 0; f < 5; f++) {
      assertThat(model.coefficient(f)).isCloseTo(slopes[f], within(1e-6));
    }
    assertThat(model.intercept()).isCloseTo(17, within(1e-3));
  }

  @Test
  void linearStandsLargeNumbers() {
    LeastSquares model = new LeastSquares(numeric(1), 1, 1e-6, 100);
    Features row = new Features(numeric(1));
    SplittableRandom random = new SplittableRandom(8);
    for (int i = 0; i < 5000; i++) {
      double noise = random.nextDouble();
      row.numbers[0] = 1e9 + noise;
      model.learn(row, 2 * noise);
    }
    assertThat(model.coefficient(0)).isCloseTo(2, within(1e-3));
  }

  @Test
  void linearForgetsWithoutBlowingUp() {
    LeastSquares model = new LeastSquares(numeric(2), 0.99, 1, 100);
    Features row = new Features(numeric(2));
    Prediction said = new Prediction();
    for (int i = 0; i < 100_000; i++) {
      row.numbers[0] = i % 7;
      row.numbers[1] = 5;
      model.learn(row, 2 * row.numbers[0]);
    }
    row.numbers[0] = 3;
    row.numbers[1] = 6;
    model.predict(row, 0, said);
    assertThat(said.value).isCloseTo(6, within(1.0));
  }

  /// Accuracy on rows that were not learned, of a model and of a batch fit by Newton's method.
  @ParameterizedTest
  @ValueSource(strings = {"logistic", "ftrl"})
  void twoClassesAreAsGoodAsABatchFit(String algorithm) {
    int d = 6;
    int n = 20_000;
    SplittableRandom random = new SplittableRandom(11);
    double[] truth = random.doubles(d, -2, 2).toArray();
    double[][] x = new double[n + 5000][d];
    int[] y = new int[n + 5000];
    for (int i = 0; i < x.length; i++) {
      double score = 0.3 + random.nextGaussian();
      for (int f = 0; f < d; f++) {
        x[i][f] = random.nextGaussian();
        score += truth[f] * x[i][f];
      }
      y[i] = score > 0 ? 1 : 0;
    }
    Learner model = learner(algorithm, Task.TWO_CLASSES, d, Map.of());
    Features row = new Features(numeric(d));
    for (int i = 0; i < n; i++) {
      System.arraycopy(x[i], 0, row.numbers, 0, d);
      model.learn(row, y[i]);
    }
    double[] batch = newton(x, y, n, d);
    Prediction said = new Prediction();
    int right = 0;
    int batchRight = 0;
    for (int i = n; i < x.length; i++) {
      System.arraycopy(x[i], 0, row.numbers, 0, d);
      model.predict(row, 2, said);
      right += said.best() == y[i] ? 1 : 0;
      batchRight += (score(batch, x[i], d) > 0 ? 1 : 0) == y[i] ? 1 : 0;
    }
    double behind = (batchRight - right) / 5000.0;
    assertThat(behind).as(algorithm + " " + right + " of " + batchRight).isLessThan(0.02);
  }

  private static double score(double[] w, double[] x, int d) {
    double sum = w[d];
    for (int f = 0; f < d; f++) {
      sum += w[f] * x[f];
    }
    return sum;
  }

  /// Logistic regression by 20 steps of Newton's method, weights then the constant.
  private static double[] newton(double[][] x, int[] y, int n, int d) {
    double[] w = new double[d + 1];
    for (int step = 0; step < 20; step++) {
      double[][] h = new double[d + 1][d + 2];
      for (int i = 0; i < n; i++) {
        double p = Gradient.sigmoid(score(w, x[i], d));
        for (int a = 0; a <= d; a++) {
          double xa = a < d ? x[i][a] : 1;
          for (int b = 0; b <= d; b++) {
            h[a][b] += p * (1 - p) * xa * (b < d ? x[i][b] : 1);
          }
          h[a][d + 1] += (y[i] - p) * xa;
        }
      }
      for (int a = 0; a <= d; a++) {
        h[a][a] += 1e-9;
        for (int r = 0; r <= d; r++) {
          if (r != a) {
            double by = h[r][a] / h[a][a];
            for (int c = a; c <= d + 1; c++) {
              h[r][c] -= by * h[a][c];
            }
          }
        }
      }
      for (int a = 0; a <= d; a++) {
        w[a] += h[a][d + 1] / h[a][a];
      }
    }
    return w;
  }

  /// Fifteen trees of depth 3 with random labels, among them some that no single split helps.
  @Test
  void aTreeLearnsAConceptOfDepthThree() {
    double sum = 0;
    for (long seed = 1; seed <= 15; seed++) {
      double accuracy = prequential(seed);
      assertThat(accuracy).as("seed " + seed).isGreaterThan(0.88);
      sum += accuracy;
    }
    assertThat(sum / 15).isGreaterThan(0.95);
  }

  private static double prequential(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int d = 5;
    int[] feature = random.ints(7, 0, d).toArray();
    double[] threshold = random.doubles(7, 0.3, 0.7).toArray();
    int[] label = {0, 1, 1, 0, 1, 0, 0, 1};
    for (int i = 7; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = label[i];
      label[i] = label[j];
      label[j] = swapped;
    }
    Learner model = learner("hoeffding_tree", Task.CLASSES, d, Map.of());
    Features row = new Features(numeric(d));
    Prediction said = new Prediction();
    int right = 0;
    for (int i = 0; i < 50_000; i++) {
      for (int f = 0; f < d; f++) {
        row.numbers[f] = random.nextDouble();
      }
      int node = 0;
      for (int depth = 0; depth < 3; depth++) {
        node = 2 * node + (row.numbers[feature[node]] <= threshold[node] ? 1 : 2);
      }
      int truth = label[node - 7];
      model.predict(row, 2, said);
      right += said.best() == truth ? 1 : 0;
      model.learn(row, truth);
    }
    return right / 50_000.0;
  }

  @Test
  void naiveBayesComesNearTheBestPossible() {
    SplittableRandom random = new SplittableRandom(3);
    Learner model = learner("naive_bayes", Task.CLASSES, 2, Map.of());
    Features row = new Features(numeric(2));
    Prediction said = new Prediction();
    int right = 0;
    int best = 0;
    for (int i = 0; i < 20_000; i++) {
      int truth = random.nextInt(3);
      row.numbers[0] = 2 * truth + random.nextGaussian();
      row.numbers[1] = (truth == 1 ? 2 : 0) + random.nextGaussian();
      int nearest = 0;
      double least = Double.POSITIVE_INFINITY;
      for (int c = 0; c < 3; c++) {
        double a = row.numbers[0] - 2 * c;
        double b = row.numbers[1] - (c == 1 ? 2 : 0);
        if (a * a + b * b < least) {
          least = a * a + b * b;
          nearest = c;
        }
      }
      model.predict(row, 3, said);
      right += said.best() == truth ? 1 : 0;
      best += nearest == truth ? 1 : 0;
      model.learn(row, truth);
    }
    assertThat((best - right) / 20_000.0).isLessThan(0.01);
  }

  @Test
  void clustersAreFound() {
    SplittableRandom random = new SplittableRandom(5);
    Learner model = learner("kmeans", Task.CLUSTERS, 2, Map.of("k", "3"));
    Features row = new Features(numeric(2));
    Prediction said = new Prediction();
    double[][] centres = {{0, 0}, {100, 0}, {0, 100}};
    int[][] seen = new int[3][3];
    for (int i = 0; i < 6000; i++) {
      int from = i < 3 ? i : random.nextInt(3);
      row.numbers[0] = centres[from][0] + random.nextGaussian();
      row.numbers[1] = centres[from][1] + random.nextGaussian();
      model.learn(row, 0);
      model.predict(row, 0, said);
      seen[from][said.cluster] += i < 1000 ? 0 : 1;
    }
    for (int[] of : seen) {
      assertThat(of).containsOnlyOnce(java.util.Arrays.stream(of).sum());
    }
  }

  @Test
  void gradientDescentFindsALine() {
    SplittableRandom random = new SplittableRandom(6);
    Learner model = learner("sgd", Task.REGRESSION, 2, Map.of());
    Features row = new Features(numeric(2));
    Prediction said = new Prediction();
    double squared = 0;
    double spread = 0;
    for (int i = 0; i < 20_000; i++) {
      row.numbers[0] = 1000 * random.nextDouble();
      row.numbers[1] = random.nextDouble();
      double y = 0.01 * row.numbers[0] - 20 * row.numbers[1] + 5;
      model.predict(row, 0, said);
      if (i >= 10_000) {
        squared += (y - said.value) * (y - said.value);
        spread += (y + 0.0) * y;
      }
      model.learn(row, y);
    }
    assertThat(squared / spread).isLessThan(1e-4);
  }
}
