package dev.aevum.executor.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.aevum.executor.anomaly.ModelRuns.Run;
import dev.aevum.executor.sequence.SequenceModel;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class ForestTest {
  private static final List<String> NAMES = List.of("cpu", "memory");

  private static DetectorOptions defaults() {
    return DetectorOptions.defaults(
        RandomCutForest.DEFAULT_THRESHOLD, RandomCutForest.DEFAULT_WARMUP);
  }

  private static SequenceModel cuts(List<String> names) {
    return new RandomCutForest(defaults(), ForestOptions.defaults(names));
  }

  private static SequenceModel shingles() {
    return new RandomCutForest(
        defaults(), new ForestOptions(50, 128, 500, 4, true, true, List.of("x")));
  }

  private static SequenceModel halves(List<String> names) {
    return new HalfSpaceTrees(defaults(), new HalfSpaceTrees.Settings(25, 10, 250, names));
  }

  private static double[][] noise(int rows, int columns, long seed) {
    Random random = new Random(seed);
    double[][] values = new double[rows][columns];
    for (double[] row : values) {
      for (int c = 0; c < columns; c++) {
        row[c] = 10 * (c + 1) + random.nextGaussian() * Math.pow(1000, c);
      }
    }
    return values;
  }

  @Test
  void aColumnThatDeviatesLeadsWhateverItsUnit() {
    double[][] rows = noise(700, 2, 1);
    rows[600][0] -= 12;
    rows[650][1] += 12_000;
    for (Supplier<SequenceModel> model :
        List.<Supplier<SequenceModel>>of(() -> cuts(NAMES), () -> halves(NAMES))) {
      Run run = ModelRuns.run(model, rows, false);
      assertThat(run.alerts()[600]).as(run.why()[600]).isTrue();
      assertThat(run.why()[600]).contains("\"leading\": \"cpu\"");
      assertThat(run.directions()[600]).isEqualTo(-1);
      assertThat(run.scores()[650]).as(run.why()[650]).isGreaterThan(1.5);
      assertThat(run.why()[650]).contains("\"leading\": \"memory\"");
      assertThat(run.directions()[650]).isEqualTo(1);
      assertThat(run.alertCount(256, 600)).isLessThanOrEqualTo(3);
    }
  }

  @Test
  void attributionsAddUpToTheRawScore() {
    double[][] rows = noise(600, 2, 2);
    rows[580][0] += 8;
    for (Supplier<SequenceModel> model :
        List.<Supplier<SequenceModel>>of(() -> cuts(NAMES), () -> halves(NAMES))) {
      Run run = ModelRuns.run(model, rows, false);
      for (int i = 300; i < 600; i++) {
        String text = run.why()[i];
        String rest = text.substring(text.indexOf("attribution") + 14);
        double first = Double.parseDouble(rest.substring(0, rest.indexOf('}')));
        rest = rest.substring(rest.indexOf("attribution") + 14);
        double second = Double.parseDouble(rest.substring(0, rest.indexOf('}')));
        assertThat(first + second).as(text).isCloseTo(run.number(i, "\"raw\""), within(3e-6));
      }
    }
  }

  @Test
  void restartsAtEveryRowChangeNothing() {
    double[][] two = noise(450, 2, 3);
    double[][] one = noise(1300, 1, 4);
    same(() -> cuts(NAMES), two);
    same(() -> halves(NAMES), two);
    same(ForestTest::shingles, one);
  }

  private static void same(Supplier<SequenceModel> model, double[][] rows) {
    Run straight = ModelRuns.run(model, rows, false);
    Run restarted = ModelRuns.run(model, rows, true);
    assertThat(restarted.scores()).isEqualTo(straight.scores());
    assertThat(restarted.why()).isEqualTo(straight.why());
    assertThat(restarted.block()).isEqualTo(straight.block());
  }

  @Test
  void treesOfAShingleSeeAChangedOrder() {
    double[][] rows = new double[1500][1];
    for (int i = 0; i < rows.length; i++) {
      rows[i][0] = Math.sin(i * 2 * Math.PI / 40);
    }
    // Backwards for some rows: each value is usual, their order is not.
    for (int i = 0; i < 10; i++) {
      rows[1200 + i][0] = Math.sin((1210 - i) * 2 * Math.PI / 40);
    }
    Run run = ModelRuns.run(ForestTest::shingles, rows, false);
    double most = 0;
    for (int i = 1200; i < 1213; i++) {
      most = Math.max(most, run.scores()[i]);
    }
    assertThat(most).isGreaterThan(3);
  }

  @Test
  void missingValuesAreNotScoredAndNotLearned() {
    double[][] rows = noise(400, 2, 5);
    double[][] with = new double[401][];
    System.arraycopy(rows, 0, with, 0, 300);
    with[300] = new double[] {1, Double.NaN};
    System.arraycopy(rows, 300, with, 301, 100);
    Run plain = ModelRuns.run(() -> cuts(NAMES), rows, false);
    Run gaps = ModelRuns.run(() -> cuts(NAMES), with, false);
    assertThat(gaps.scores()[300]).isNaN();
    assertThat(gaps.alerts()[300]).isFalse();
    assertThat(Arrays.copyOfRange(gaps.scores(), 301, 401))
        .isEqualTo(Arrays.copyOfRange(plain.scores(), 300, 400));
  }

  @Test
  void warmUpIsOfRowsLearned() {
    Run run = ModelRuns.run(() -> cuts(List.of("x")), noise(300, 1, 6), false);
    assertThat(run.warming()[255]).isTrue();
    assertThat(run.scores()[255]).isNaN();
    assertThat(run.warming()[256]).isFalse();
    assertThat(run.scores()[256]).isNotNaN();
  }

  @Test
  void extremeAndConstantValuesGiveFiniteScores() {
    double[][] rows = new double[600][2];
    for (int i = 0; i < rows.length; i++) {
      rows[i][0] = i % 2 == 0 ? 1e308 : -1e308;
      rows[i][1] = i < 500 ? 7 : i == 500 ? 8 : 7;
    }
    for (Supplier<SequenceModel> model :
        List.<Supplier<SequenceModel>>of(() -> cuts(NAMES), () -> halves(NAMES))) {
      Run run = ModelRuns.run(model, rows, false);
      for (int i = 260; i < 600; i++) {
        assertThat(run.scores()[i]).as("row %d", i).isBetween(0.0, 30.0);
        assertThat(run.why()[i]).doesNotContain("NaN").doesNotContain("Infinity");
      }
      assertThat(run.scores()[500]).as(run.why()[500]).isGreaterThan(2);
    }
  }

  @Test
  void aKeyGrowsWithItsRows() {
    int[] widths = cuts(List.of("x")).widths();
    assertThat(widths[0]).isLessThan(512);
    assertThat(widths[1]).isLessThan(40_000);
    assertThat(widths[3]).isBetween(200_000, 300_000);
    int perDimension = cuts(NAMES).widths()[3] - widths[3];
    assertThat(perDimension).isLessThan(9_000);
    assertThat(halves(NAMES).widths()[2]).isLessThan(400_000);
  }

  @Test
  void massOfHalfSpaces() {
    HalfSpaces spaces = new HalfSpaces(3, 4, 20, 1);
    spaces.open(MemorySegment.ofArray(new byte[spaces.width()]), 0);
    spaces.seed(5);
    for (int i = 0; i < 20; i++) {
      assertThat(spaces.isKnown()).isFalse();
      spaces.learn(new double[] {0.5});
    }
    assertThat(spaces.isKnown()).isTrue();
    // All 20 points in one leaf of each of 3 trees, at level 4.
    assertThat(spaces.mass(new double[] {0.5})).isEqualTo(3 * 20.5 * 16);
    assertThat(spaces.most()).isEqualTo(3 * 20.5 * 16);
    assertThat(spaces.mass(new double[] {5})).isBetween(3 * 0.5, 3 * 0.5 * 16);
    assertThat(spaces.mass(new double[] {-50})).isLessThanOrEqualTo(spaces.mass(new double[] {1}));
  }

  @Test
  void namesOfColumnsAreQuotedOrderedAndDistinct() {
    assertThat(Explanation.distinct(List.of("a", "b", "a", "a")))
        .containsExactly("a", "b", "a_2", "a_3");
    Explanation explanation = new Explanation(List.of("memory", "a\"b", "cpu"));
    explanation.begin(1.25);
    explanation.columns(
        new Explanation.Part() {
          @Override
          public double attribution(int column) {
            return column;
          }

          @Override
          public double side(int column) {
            return column - 1;
          }

          @Override
          public double strength(int column) {
            return 1e12;
          }
        });
    assertThat(explanation.end(9, 2, true))
        .isEqualTo(
            "{\"raw\": 1.250000, \"columns\": {"
                + "\"a\\\"b\": {\"strength\": 1000000000000, \"direction\": \"HIGH\", \"attribution\": 1.000000}, "
                + "\"cpu\": {\"strength\": 1000000000000, \"direction\": \"HIGH\", \"attribution\": 2.000000}, "
                + "\"memory\": {\"strength\": 1000000000000, \"direction\": \"LOW\", \"attribution\": 0.000000}}, "
                + "\"history\": 9, \"leading\": \"cpu\", \"suppressed\": true}");
  }
}
