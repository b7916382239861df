package dev.aevum.executor.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.aevum.executor.sequence.SequenceModel;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GeneralAnomalyTest {
  private static final long MINUTE = 60_000_000L;

  /// Scores (NaN: NULL) and alerts of one key.
  private record Run(double[] scores, boolean[] alerts, int tier) {}

  private static DetectorOptions defaults() {
    return DetectorOptions.defaults(
        GeneralAnomaly.DEFAULT_THRESHOLD, GeneralAnomaly.DEFAULT_WARMUP);
  }

  /// Folds the values as a table would: blocks that move up through the tiers.
  private static Run run(SequenceModel model, SequenceModel spare, double[] values, long step) {
    try (RootAllocator allocator = new RootAllocator()) {
      ColumnWriter[] out = new ColumnWriter[AnomalyResult.COLUMNS.size()];
      for (int i = 0; i < out.length; i++) {
        out[i] = new ColumnWriter(allocator, AnomalyResult.COLUMNS.get(i).type(), values.length);
      }
      int[] widths = model.widths();
      int tier = 0;
      byte[] block = new byte[widths[0]];
      model.open(MemorySegment.ofArray(block), 0, 0);
      model.begin(7);
      for (int i = 0; i < values.length; i++) {
        model.open(MemorySegment.ofArray(block), 0, tier);
        while (model.isFull()) {
          spare.open(MemorySegment.ofArray(block), 0, tier);
          block = new byte[widths[++tier]];
          model.open(MemorySegment.ofArray(block), 0, tier);
          model.moveFrom(spare);
        }
        model.fold(i * step, new double[] {values[i]}, out);
      }
      List<Column> columns = new ArrayList<>();
      for (ColumnWriter writer : out) {
        columns.add(writer.finish());
        writer.close();
      }
      double[] scores = new double[values.length];
      boolean[] alerts = new boolean[values.length];
      for (int i = 0; i < values.length; i++) {
        scores[i] = columns.get(0).isNull(i) ? Double.NaN : columns.get(0).doubleAt(i);
        alerts[i] = columns.get(1).booleanAt(i);
      }
      columns.forEach(Column::close);
      return new Run(scores, alerts, tier);
    }
  }

  private static Run run(double[] values, long step) {
    return run(new GeneralAnomaly(defaults()), new GeneralAnomaly(defaults()), values, step);
  }

  private static double[] noise(int rows, long seed) {
    Random random = new Random(seed);
    double[] values = new double[rows];
    for (int i = 0; i < rows; i++) {
      values[i] = 10 + random.nextGaussian();
    }
    return values;
  }

  private static double[] mapped(double[] values, java.util.function.DoubleUnaryOperator f) {
    return java.util.Arrays.stream(values).map(f).toArray();
  }

  @Test
  void scalingByAPowerOfTwoChangesNoScore() {
    double[] values = noise(2000, 1);
    assertThat(run(mapped(values, v -> v * 1024), MINUTE).scores)
        .isEqualTo(run(values, MINUTE).scores);
  }

  @Test
  void addingAConstantChangesScoresByRoundingOnly() {
    double[] values = noise(1500, 2);
    double[] moved = run(mapped(values, v -> v + 64), MINUTE).scores;
    double[] plain = run(values, MINUTE).scores;
    for (int i = 0; i < plain.length; i++) {
      if (!Double.isNaN(plain[i])) {
        assertThat(moved[i]).as("row %d", i).isCloseTo(plain[i], within(1e-6));
      }
    }
  }

  @Test
  void aSpikeIsAlertedOnceAndALevelShiftTooOnce() {
    double[] values = noise(1000, 3);
    values[600] += 40;
    for (int i = 800; i < 1000; i++) {
      values[i] += 30;
    }
    boolean[] alerts = run(values, MINUTE).alerts;
    assertThat(alerts[600]).isTrue();
    int shift = 0;
    for (int i = 760; i < 1000; i++) {
      shift += alerts[i] ? 1 : 0;
    }
    assertThat(shift).as("alerts of the shift").isBetween(1, 12);
    for (int i = 601; i < 700; i++) {
      assertThat(alerts[i]).as("row %d", i).isFalse();
    }
  }

  @Test
  void aConstantSeriesScoresZeroAndItsFirstChangeIsFinite() {
    double[] values = new double[300];
    java.util.Arrays.fill(values, 0.1);
    values[299] = 0.2;
    double[] scores = run(values, MINUTE).scores;
    for (int i = 30; i < 299; i++) {
      assertThat(scores[i]).as("row %d", i).isZero();
    }
    assertThat(scores[299]).isBetween(2.0, 30.0);
  }

  @Test
  void theLargestDoublesGiveFiniteResults() {
    double[] values = noise(400, 4);
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 2 == 0 ? 1e308 : -1e308;
    }
    for (double score : run(values, MINUTE).scores) {
      assertThat(Double.isInfinite(score)).isFalse();
    }
  }

  @Test
  void aMissingValueIsNotLearned() {
    double[] values = noise(200, 5);
    double[] with = new double[201];
    System.arraycopy(values, 0, with, 0, 100);
    with[100] = Double.NaN;
    System.arraycopy(values, 100, with, 101, 100);
    double[] plain = run(values, 0).scores;
    double[] gaps = run(with, 0).scores;
    assertThat(gaps[100]).isNaN();
    for (int i = 101; i < 201; i++) {
      assertThat(gaps[i]).isEqualTo(plain[i - 1]);
    }
  }

  @Test
  void aFallToTheNightsLevelByDayIsSeenWhereTheDayIsKnown() {
    Random random = new Random(6);
    double[] values = new double[12 * 24 * 10];
    for (int i = 0; i < values.length; i++) {
      int hour = i / 12 % 24;
      values[i] = (hour >= 8 && hour < 18 ? 80 : 20) + random.nextGaussian();
    }
    int noon = 12 * (24 * 8 + 12);
    for (int i = noon; i < noon + 12; i++) {
      values[i] = 20;
    }
    Run run = run(values, 5 * MINUTE);
    assertThat(run.tier).isEqualTo(3);
    boolean seen = false;
    for (int i = noon; i < noon + 12; i++) {
      seen |= run.alerts[i];
    }
    assertThat(seen).isTrue();
  }

  @Test
  void scoresAreThoseOfOneMemoryWhenADailyProfileIsBelieved() {
    Random random = new Random(9);
    double[] values = new double[24 * 60];
    for (int i = 0; i < values.length; i++) {
      int hour = i % 24;
      values[i] = (hour >= 8 && hour < 18 ? 80 : 20) + random.nextGaussian();
    }
    Run run = run(values, 60 * MINUTE);
    assertThat(run.tier).isEqualTo(3);
    for (int i = 200; i < values.length; i++) {
      assertThat(run.scores[i]).as("row %d", i).isLessThan(4);
    }
  }

  @Test
  void aSlowClimbIsADrift() {
    double[] values = noise(3000, 10);
    for (int i = 2000; i < 3000; i++) {
      values[i] += 0.75;
    }
    Run run = run(values, MINUTE);
    boolean seen = false;
    for (int i = 2000; i < 2200; i++) {
      seen |= run.alerts[i];
    }
    assertThat(seen).as("mean of many rows moved by less than a deviation").isTrue();
    Run forgetting =
        run(new GeneralAnomaly(halfLife(300)), new GeneralAnomaly(halfLife(300)), values, MINUTE);
    assertThat(forgetting.scores).hasSameSizeAs(values);
  }

  private static DetectorOptions halfLife(double rows) {
    return new DetectorOptions(2.2, 30, 0, DetectorOptions.AUTOMATIC, -1, 10, 0, 0, rows, -1, 1);
  }

  @Test
  void whatIsNoExtremeHasTheExtremesBeyondIt() {
    Random random = new Random(11);
    TailMemory memory = new TailMemory(64);
    memory.open(MemorySegment.ofArray(new byte[TailMemory.width(64, 64)]), 0, 64);
    double[] past = new double[5000];
    for (int i = 0; i < past.length; i++) {
      past[i] = random.nextGaussian();
      memory.learn(past[i], Double.POSITIVE_INFINITY);
    }
    java.util.Arrays.sort(past);
    for (double x : new double[] {past[4999 - 63], past[4999 - 80], past[4999 - 200]}) {
      assertThat(memory.rarity(x, 1)).isLessThanOrEqualTo(-Math.log10(2 * 63.5 / 5001) + 1e-9);
    }
    assertThat(memory.rarity(past[4999 - 10], 1))
        .isCloseTo(-Math.log10(2 * 11.0 / 5001), within(1e-9));
  }

  @Test
  void aSlopeOfRisingScoresAlertsOnlyWhenItHasOutdoneItselfClearly() {
    double[] values = noise(1500, 12);
    for (int i = 0; i < 60; i++) {
      values[1200 + i] += 6 + 0.2 * i;
    }
    boolean[] alerts = run(values, MINUTE).alerts;
    int found = 0;
    for (int i = 1200; i < 1300; i++) {
      found += alerts[i] ? 1 : 0;
    }
    assertThat(found).isBetween(1, 3);
  }

  @Test
  void aKeyOfTwentyRowsTakesHalfAKilobyte() {
    int[] widths = new GeneralAnomaly(defaults()).widths();
    assertThat(widths[0]).isLessThanOrEqualTo(512);
    assertThat(widths[2]).isLessThanOrEqualTo(17 * 1024);
  }

  @Test
  void tailsAreThoseOfTheSortedPast() {
    Random random = new Random(8);
    TailMemory memory = new TailMemory(TailMemory.SAMPLE);
    byte[] block = new byte[TailMemory.width(128, TailMemory.SAMPLE)];
    memory.open(MemorySegment.ofArray(block), 0, 128);
    List<Double> past = new ArrayList<>();
    for (int i = 0; i < 128; i++) {
      double x = random.nextInt(40);
      if (i > 0) {
        double above = past.stream().mapToDouble(p -> p > x ? 1 : p == x ? 0.5 : 0).sum();
        double below = past.size() - above;
        double share = (Math.min(above, below) + 0.5) / (past.size() + 1);
        double rarity = -Math.log10(Math.min(1, 2 * share));
        boolean outside = past.stream().allMatch(p -> p < x) || past.stream().allMatch(p -> p > x);
        double found = memory.rarity(x, 0);
        if (outside) {
          assertThat(found).isGreaterThan(rarity - 1e-12);
        } else {
          assertThat(found).as("row %d", i).isCloseTo(rarity, within(1e-12));
        }
      }
      memory.learn(x, Double.POSITIVE_INFINITY);
      past.add(x);
    }
  }

  @Test
  void textbookFiguresOfTheNormalTail() {
    assertThat(NormalTail.surprise(0)).isZero();
    assertThat(NormalTail.surprise(1.959963984540054)).isCloseTo(1.3010299957, within(1e-9));
    assertThat(NormalTail.surprise(3)).isCloseTo(-Math.log10(0.002699796063260), within(1e-9));
    assertThat(NormalTail.surprise(8)).isCloseTo(-Math.log10(1.244192114854357e-15), within(1e-9));
    assertThat(NormalTail.surprise(1e9)).isEqualTo(30);
    assertThat(NormalTail.deviate(NormalTail.surprise(2.5))).isCloseTo(2.5, within(1e-9));
  }

  @Test
  void deviationsKeepNoMoreThanTheyMust() {
    @Nullable SequenceModel model = new Deviation(defaults(), new Scales.MeanDeviation(0.05));
    assertThat(model.widths()).hasSize(1);
    assertThat(model.widths()[0]).isLessThanOrEqualTo(400);
  }
}
