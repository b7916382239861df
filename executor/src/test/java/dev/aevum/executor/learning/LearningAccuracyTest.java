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
import org.junit.jupiter.params.provider.EnumSource;
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

  /// Columns whose units and means differ by up to twelve powers of ten, without noise: slopes by
  /// what they make of a deviation of their column.
  @ParameterizedTest
  @ValueSource(doubles = {0.999, 1})
  void linearRecoversCoefficients(double forgetting) {
    for (long seed = 1; seed <= 20; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      int d = 1 + random.nextInt(8);
      double[] slopes = new double[d];
      double[] scales = new double[d];
      double[] means = new double[d];
      for (int f = 0; f < d; f++) {
        scales[f] = Math.pow(10, random.nextDouble(-6, 6));
        means[f] = scales[f] * random.nextDouble(-100, 100);
        slopes[f] = random.nextDouble(-5, 5) / scales[f];
      }
      LeastSquares model = new LeastSquares(numeric(d), forgetting, 1, 100);
      Features row = new Features(numeric(d));
      for (int i = 0; i < 10_000; i++) {
        double y = 17;
        double common = random.nextDouble();
        for (int f = 0; f < d; f++) {
          row.numbers[f] = means[f] + scales[f] * (random.nextDouble() + common);
          y += slopes[f] * row.numbers[f];
        }
        model.learn(row, y);
      }
      for (int f = 0; f < d; f++) {
        assertThat(model.coefficient(f) * scales[f])
            .as("seed " + seed)
            .isCloseTo(slopes[f] * scales[f], within(1e-9));
      }
    }
  }

  /// A number that never changes, and one that stops to change, leave the others free to follow.
  @Test
  void linearFollowsDriftBesideConstants() {
    LeastSquares model = new LeastSquares(numeric(3), 0.99, 1, 100);
    Features row = new Features(numeric(3));
    SplittableRandom random = new SplittableRandom(9);
    for (int i = 0; i < 60_000; i++) {
      row.numbers[0] = random.nextDouble();
      row.numbers[1] = 5;
      row.numbers[2] = i < 1000 ? random.nextDouble() : 0.5;
      model.learn(row, (i < 50_000 ? 2 : -3) * row.numbers[0] + 7 * row.numbers[2]);
    }
    assertThat(model.coefficient(0)).isCloseTo(-3, within(1e-6));
    assertThat(model.coefficient(2)).isCloseTo(7, within(1e-3));
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

  /// What the features of a concept are.
  private enum Mix {
    UNIFORM(5),
    SKEWED_AND_FAR_FROM_ZERO(8),
    HALF_CATEGORIES(6),
    THIRD_CATEGORIES(12);

    final int features;

    Mix(int features) {
      this.features = features;
    }

    boolean isNumber(int feature) {
      return switch (this) {
        case UNIFORM, SKEWED_AND_FAR_FROM_ZERO -> true;
        case HALF_CATEGORIES -> feature % 2 == 0;
        case THIRD_CATEGORIES -> feature % 3 != 0;
      };
    }

    /// A number by its place between 0 and 1: order stays.
    double number(int feature, double place) {
      if (this != SKEWED_AND_FAR_FROM_ZERO) {
        return place;
      }
      return feature % 2 == 0 ? 100 * Math.log(place + 1e-9) : 1e9 + 1e6 * place * place * place;
    }
  }

  /// Trees of depth 3 with random labels, among them some that no single split helps, over 50,000
  /// rows: 25 of each mix of features.
  @ParameterizedTest
  @EnumSource(Mix.class)
  void aTreeLearnsAConceptOfDepthThree(Mix mix) {
    double sum = 0;
    for (long seed = 1; seed <= 25; seed++) {
      double accuracy = prequential(mix, 100 * mix.features + seed);
      assertThat(accuracy).as(mix + ", seed " + seed).isGreaterThan(0.95);
      sum += accuracy;
    }
    assertThat(sum / 25).as(mix.name()).isGreaterThan(0.98);
  }

  private static double prequential(Mix mix, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int d = mix.features;
    boolean[] numeric = new boolean[d];
    for (int f = 0; f < d; f++) {
      numeric[f] = mix.isNumber(f);
    }
    int[] feature = random.ints(7, 0, d).toArray();
    double[] threshold = random.doubles(7, 0.3, 0.7).toArray();
    int[] label = {0, 1, 1, 0, 1, 0, 0, 1};
    for (int i = 7; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = label[i];
      label[i] = label[j];
      label[j] = swapped;
    }
    Learner model = new HoeffdingTree(numeric, 200, 1e-7, 0.05, 1000);
    Features row = new Features(numeric);
    Prediction said = new Prediction();
    int right = 0;
    for (int i = 0; i < 50_000; i++) {
      double[] place = new double[d];
      for (int f = 0; f < d; f++) {
        place[f] = random.nextDouble();
        if (numeric[f]) {
          row.numbers[f] = mix.number(f, place[f]);
        } else {
          row.categories[f] = 1 + (long) (4 * place[f]);
        }
      }
      int node = 0;
      for (int depth = 0; depth < 3; depth++) {
        int f = feature[node];
        boolean left =
            numeric[f]
                ? place[f] <= threshold[node]
                : row.categories[f] == 1 + (long) (4 * threshold[node]);
        node = 2 * node + (left ? 1 : 2);
      }
      int truth = label[node - 7];
      model.predict(row, 2, said);
      right += said.best() == truth ? 1 : 0;
      model.learn(row, truth);
    }
    return right / 50_000.0;
  }

  /// Labels that have nothing to do with the features: next to no splits.
  @Test
  void aTreeDoesNotGrowOnNoise() {
    SplittableRandom random = new SplittableRandom(4);
    HoeffdingTree model = new HoeffdingTree(numeric(10), 200, 1e-7, 0.05, 1000);
    Features row = new Features(numeric(10));
    for (int i = 0; i < 3000; i++) {
      for (int f = 0; f < 10; f++) {
        row.numbers[f] = random.nextDouble();
      }
      model.learn(row, random.nextInt(2));
    }
    assertThat(model.leaves()).isEqualTo(1);
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
