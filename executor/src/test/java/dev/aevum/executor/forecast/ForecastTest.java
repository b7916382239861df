package dev.aevum.executor.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.aevum.model.batch.ColumnWriter;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.LongToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForecastTest {
  /// A model on blocks that grow as they must; what it says is held against what comes.
  private static final class Run {
    private final Forecast model;
    private final @Nullable ColumnWriter[] nowhere = new ColumnWriter[Forecast.COLUMNS.size()];
    private final int horizon;
    private MemorySegment block;
    private int tier;
    long row;
    long within;
    long intervals;
    double absoluteError;
    long judged;

    Run(Map<String, Object> options) {
      model = create(options);
      horizon = ((Long) options.getOrDefault("horizon", 24L)).intValue();
      block = MemorySegment.ofArray(new byte[model.widths()[0]]);
      model.open(block, 0, 0);
      model.begin(1);
      this.options = options;
    }

    private final Map<String, Object> options;

    private static Forecast create(Map<String, Object> options) {
      return (Forecast) ForecastFunctions.all().getFirst().factory().create(options, 1);
    }

    void take(double x) {
      while (model.isFull()) {
        Forecast smaller = create(options);
        smaller.open(block, 0, tier++);
        block = MemorySegment.ofArray(new byte[model.widths()[tier]]);
        model.open(block, 0, tier);
        model.moveFrom(smaller);
      }
      model.fold(row++, new double[] {x}, nowhere);
    }

    /// Takes rows; from time to time holds a whole horizon against the function.
    void check(LongToDoubleFunction series, int rows) {
      double[] values = new double[rows + horizon];
      long first = row;
      for (int i = 0; i < values.length; i++) {
        values[i] = series.applyAsDouble(first + i);
      }
      for (int i = 0; i < rows; i++) {
        take(values[i]);
        double[] said = model.forecasts();
        boolean known = tier > 0 && model.errors().isKnown();
        for (int k = 1; k <= horizon; k++) {
          double truth = values[i + k];
          absoluteError += Math.abs(truth - said[k - 1]);
          judged++;
          if (known) {
            intervals++;
            double error = truth - said[k - 1];
            within += error >= model.errors().low(k) && error <= model.errors().high(k) ? 1 : 0;
          }
        }
      }
    }

    double coverage() {
      return (double) within / intervals;
    }
  }

  private static double season(long row, int period) {
    double turn = 2 * Math.PI * row / period;
    return 10 * Math.sin(turn) + 4 * Math.cos(2 * turn);
  }

  @ParameterizedTest
  @CsvSource({"24, 1", "7, 5", "12, 2", "168, 3"})
  void intervalsHold(int period, int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    LongToDoubleFunction series =
        row -> 100 + 0.01 * row + season(row, period) + 2 * random.nextGaussian();
    Run run = new Run(Map.of());
    for (int i = 0; i < 1500; i++) {
      run.take(series.applyAsDouble(i));
    }
    run.check(series, 3000);
    assertThat(run.model.period()).isEqualTo(period);
    assertThat(run.coverage()).isBetween(0.90, 0.98);
    // The mean absolute error of a perfect forecast is 2 sqrt(2 / pi).
    assertThat(run.absoluteError / run.judged).isLessThan(1.15 * 2 * Math.sqrt(2 / Math.PI));
  }

  @Test
  void randomWalkIsForecastByItsLastValue() {
    SplittableRandom random = new SplittableRandom(11);
    double[] walk = new double[4000];
    for (int i = 1; i < walk.length; i++) {
      walk[i] = walk[i - 1] + random.nextGaussian();
    }
    Run auto = new Run(Map.of("horizon", 8L));
    Run naive = new Run(Map.of("horizon", 8L, "model", "naive"));
    auto.check(row -> walk[(int) row], 3900);
    naive.check(row -> walk[(int) row], 3900);
    assertThat(auto.absoluteError).isLessThan(1.05 * naive.absoluteError);
    assertThat(auto.coverage()).isBetween(0.90, 0.98);
  }

  @Test
  void confidenceIsTheShareThatIntervalsHold() {
    SplittableRandom random = new SplittableRandom(12);
    Run run = new Run(Map.of("horizon", 4L, "confidence", 0.8));
    run.check(row -> random.nextGaussian(), 4000);
    assertThat(run.coverage()).isBetween(0.77, 0.83);
  }

  @Test
  void exactSeriesAreForecastExactly() {
    Run run = new Run(Map.of("period", 4L, "horizon", 8L, "model", "seasonal_naive"));
    for (int i = 0; i < 100; i++) {
      run.take(i % 4 * 5);
    }
    assertThat(run.model.forecasts()).containsExactly(0, 5, 10, 15, 0, 5, 10, 15);
    Run straight = new Run(Map.of("horizon", 3L, "model", "holt", "period", 0L));
    for (int i = 0; i < 400; i++) {
      straight.take(7);
    }
    assertThat(straight.model.forecasts()[2]).isCloseTo(7, within(1e-9));
  }

  @Test
  void missingValuesKeepTheSeason() {
    Run run = new Run(Map.of("period", 6L, "horizon", 6L));
    for (int i = 0; i < 300; i++) {
      run.take(i > 100 && i % 50 < 3 ? Double.NaN : 50 + season(i, 6));
    }
    for (int k = 1; k <= 6; k++) {
      assertThat(run.model.forecasts()[k - 1]).isCloseTo(50 + season(299 + k, 6), within(0.5));
    }
  }

  @Test
  void noiseHasNoSeason() {
    int found = 0;
    for (int seed = 0; seed < 40; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Run run = new Run(Map.of("horizon", 1L));
      for (int i = 0; i < 700; i++) {
        run.take(random.nextGaussian());
      }
      found += run.model.period() > 0 ? 1 : 0;
    }
    assertThat(found).isLessThanOrEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "naive", "ses", "holt", "holt_winters", "ar"})
  void hugeValuesStayFinite(String model) {
    Run run = new Run(Map.of("model", model, "horizon", 5L, "period", 3L));
    for (int i = 0; i < 300; i++) {
      run.take(i % 7 == 0 ? 1e308 : i % 5 == 0 ? -1e308 : i);
      for (double forecast : run.model.forecasts()) {
        assertThat(forecast).isFinite();
      }
    }
    assertThat(run.model.errors().isKnown()).isTrue();
    assertThat(run.model.errors().high(5)).isFinite();
  }

  @Test
  void forecastsStayWithinTheirBounds() {
    Run run = new Run(Map.of("min_value", 0.0, "max_value", 3.0, "horizon", 12L));
    for (int i = 0; i < 200; i++) {
      run.take(5 - 0.05 * i);
    }
    assertThat(run.model.forecasts()).containsOnly(0.0);
  }

  @Test
  void sameRowsSameBytes() {
    Run one = new Run(Map.of());
    Run other = new Run(Map.of());
    SplittableRandom random = new SplittableRandom(8);
    for (int i = 0; i < 1000; i++) {
      double x = season(i, 24) + random.nextGaussian();
      one.take(x);
      other.take(x);
    }
    assertThat(one.block.mismatch(other.block)).isEqualTo(-1);
  }
}
