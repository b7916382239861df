package dev.aevum.executor.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.aevum.executor.anomaly.ModelRuns.Run;
import dev.aevum.executor.forecast.Forecast;
import dev.aevum.executor.sequence.SequenceModel;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class SpikeAndSeasonTest {
  private static SequenceModel spikes(double confidence, int history, SpikeAndDip.Mode mode) {
    return new SpikeAndDip(
        new DetectorDefaults(SpikeAndDip.threshold(confidence), 30, 0, 1)
            .options(java.util.Map.of()),
        history,
        mode);
  }

  private static SequenceModel seasonal() {
    return new SeasonalAnomaly(
        DetectorOptions.defaults(SeasonalAnomaly.DEFAULT_THRESHOLD, 30),
        Forecast.ofOneStep("auto", -1, 336));
  }

  private static double[][] rows(double... values) {
    return Arrays.stream(values).mapToObj(v -> new double[] {v}).toArray(double[][]::new);
  }

  private static double[] noise(int count, long seed) {
    Random random = new Random(seed);
    return random.doubles(count).map(x -> 10 + x).toArray();
  }

  @Test
  void densityIsThatByHand() {
    KernelDensity density = new KernelDensity(3);
    density.open(MemorySegment.ofArray(new byte[KernelDensity.width(3)]), 0);
    density.learn(99);
    density.learn(0);
    density.learn(2);
    density.learn(1);
    density.measure();
    // Of 0, 2 and 1: mean 1, deviation 1, bandwidth 1.06 x 3^-0.2 = 0.850906.
    assertThat(density.mean()).isCloseTo(1, within(1e-12));
    assertThat(density.above(1)).isCloseTo(0.5, within(1e-7));
    // P(Z > 3.525654), P(Z > 1.175218) and P(Z > 2.350436), their mean.
    assertThat(density.above(3))
        .isCloseTo((0.000211220 + 0.119953782 + 0.009375723) / 3, within(1e-6));
    assertThat(density.below(-1)).isCloseTo(density.above(3), within(1e-9));
    double high = density.quantile(0.05, 1);
    assertThat(density.above(high)).isCloseTo(0.05, within(1e-9));
  }

  @Test
  void spikesAndDipsByMode() {
    double[] values = noise(300, 1);
    values[200] = 14;
    values[250] = 7;
    for (SpikeAndDip.Mode mode : SpikeAndDip.Mode.values()) {
      Run run = ModelRuns.run(() -> spikes(99.9, 120, mode), rows(values), false);
      assertThat(run.alerts()[200]).isEqualTo(mode != SpikeAndDip.Mode.DIPS);
      assertThat(run.alerts()[250]).isEqualTo(mode != SpikeAndDip.Mode.SPIKES);
    }
    Run run =
        ModelRuns.run(
            () -> spikes(99.9, 120, SpikeAndDip.Mode.SPIKES_AND_DIPS), rows(values), false);
    assertThat(run.directions()[200]).isEqualTo(1);
    assertThat(run.directions()[250]).isEqualTo(-1);
    assertThat(run.number(200, "\"raw\"")).isGreaterThan(99.99);
    assertThat(SpikeAndDip.threshold(95)).isCloseTo(1.30103, within(1e-5));
    assertThat(SpikeAndDip.threshold(100)).isEqualTo(30);
  }

  @Test
  void aHistoryForgetsWhatIsOlder() {
    double[] values = noise(400, 2);
    for (int i = 200; i < 400; i++) {
      values[i] += 50;
    }
    Run run =
        ModelRuns.run(() -> spikes(99, 60, SpikeAndDip.Mode.SPIKES_AND_DIPS), rows(values), false);
    assertThat(run.alerts()[200]).isTrue();
    assertThat(run.expected()[399]).isCloseTo(60.5, within(0.3));
  }

  @Test
  void constantAndExtremeValuesAreFinite() {
    double[] values = new double[200];
    Arrays.fill(values, 3);
    values[150] = 4;
    double[] extreme = new double[200];
    for (int i = 0; i < 200; i++) {
      extreme[i] = i % 2 == 0 ? 1e308 : -1e308;
    }
    for (Supplier<SequenceModel> model :
        java.util.List.<Supplier<SequenceModel>>of(
            () -> spikes(95, 120, SpikeAndDip.Mode.SPIKES_AND_DIPS),
            SpikeAndSeasonTest::seasonal)) {
      Run run = ModelRuns.run(model, rows(values), false);
      assertThat(run.scores()[149]).isZero();
      assertThat(run.scores()[150]).isBetween(2.0, 30.0);
      assertThat(run.alerts()[150]).isTrue();
      for (double score : ModelRuns.run(model, rows(extreme), false).scores()) {
        assertThat(Double.isInfinite(score)).isFalse();
      }
    }
  }

  @Test
  void aDayOfTheWrongShapeIsSeenThoughItsValuesAreUsual() {
    Random random = new Random(3);
    double[] values = new double[24 * 40];
    for (int i = 0; i < values.length; i++) {
      values[i] = 50 + 40 * Math.sin(2 * Math.PI * i / 24) + random.nextGaussian();
    }
    values[24 * 35 + 6] = 50;
    Run run = ModelRuns.run(SpikeAndSeasonTest::seasonal, rows(values), false);
    assertThat(run.alerts()[24 * 35 + 6]).as(run.why()[24 * 35 + 6]).isTrue();
    assertThat(run.directions()[24 * 35 + 6]).isEqualTo(-1);
    assertThat(run.expected()[24 * 35 + 6]).isCloseTo(90, within(6.0));
    assertThat(run.why()[24 * 35 + 6]).contains("\"period\": 24");
    assertThat(run.alertCount(400, 24 * 35)).isLessThanOrEqualTo(3);
  }

  @Test
  void rawOfASeasonIsTheErrorInPastRootMeanSquares() {
    double[] values = noise(120, 4);
    Supplier<SequenceModel> naive =
        () ->
            new SeasonalAnomaly(
                DetectorOptions.defaults(3, 30), Forecast.ofOneStep("naive", 0, 336));
    Run run = ModelRuns.run(naive, rows(values), false);
    // The naive model expects the value before; errors are known from the seventeenth row on.
    double squares = 0;
    for (int i = 16; i < 119; i++) {
      squares += Math.pow(values[i] - values[i - 1], 2) / 103;
    }
    assertThat(run.expected()[119]).isEqualTo(values[118]);
    assertThat(run.number(119, "\"raw\""))
        .isCloseTo((values[119] - values[118]) / Math.sqrt(squares), within(1e-5));
  }

  @Test
  void restartsAtEveryRowChangeNothing() {
    double[] values = noise(500, 5);
    for (Supplier<SequenceModel> model :
        java.util.List.<Supplier<SequenceModel>>of(
            () -> spikes(95, 120, SpikeAndDip.Mode.SPIKES_AND_DIPS),
            SpikeAndSeasonTest::seasonal)) {
      Run straight = ModelRuns.run(model, rows(values), false);
      Run restarted = ModelRuns.run(model, rows(values), true);
      assertThat(restarted.scores()).isEqualTo(straight.scores());
      assertThat(restarted.block()).isEqualTo(straight.block());
    }
  }
}
