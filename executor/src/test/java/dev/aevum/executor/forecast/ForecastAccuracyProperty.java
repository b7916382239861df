package dev.aevum.executor.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aevum.model.batch.ColumnWriter;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Forecasts of seeded series made to be like those of the M4 competition (hourly: days, weeks,
/// noise, levels that move; weekly: walks, trends, years), judged as there: the mean of the ratios
/// of sMAPE and MASE to those of naive2, the last value on the multiplicative season.
class ForecastAccuracyProperty {
  private static final int SEEDS = 8;
  private static final String[] HOURLY = {
    "load", "count", "days", "drift", "shift", "wander", "noisy"
  };
  private static final String[] WEEKLY = {"walk", "level", "damped", "yearly", "calm", "bumpy"};

  /// Sums over series: sMAPE and MASE of the forecast, then of naive2.
  private static final class Score {
    private final int horizon;
    private final int season;
    private final double[] sums = new double[4];
    private int held;
    private int intervals;

    Score(int horizon, int season) {
      this.horizon = horizon;
      this.season = season;
    }

    void take(double[] series) {
      double[] past = Arrays.copyOf(series, series.length - horizon);
      Forecast model = learned(past);
      add(0, model.forecasts(), series);
      add(2, naive2(past), series);
      for (int k = 1; model.errors().isKnown() && k <= horizon; k++) {
        double error = series[past.length + k - 1] - model.forecasts()[k - 1];
        held += error >= model.errors().low(k) && error <= model.errors().high(k) ? 1 : 0;
        intervals++;
      }
    }

    private Forecast create() {
      return new Forecast(
          new ForecastOptions(
              horizon,
              ForecastOptions.AUTO,
              ForecastOptions.AUTOMATIC,
              336,
              0.95,
              Double.NEGATIVE_INFINITY,
              Double.POSITIVE_INFINITY,
              0));
    }

    private Forecast learned(double[] past) {
      Forecast model = create();
      MemorySegment block = MemorySegment.ofArray(new byte[model.widths()[0]]);
      model.open(block, 0, 0);
      model.begin(1);
      @Nullable ColumnWriter[] nowhere = new ColumnWriter[Forecast.COLUMNS.size()];
      for (int i = 0; i < past.length; i++) {
        if (model.isFull()) {
          Forecast smaller = create();
          smaller.open(block, 0, 0);
          block = MemorySegment.ofArray(new byte[model.widths()[1]]);
          model.open(block, 0, 1);
          model.moveFrom(smaller);
        }
        model.fold(i, new double[] {past[i]}, nowhere);
      }
      return model;
    }

    private void add(int to, double[] said, double[] series) {
      int n = series.length - horizon;
      double usual = 0;
      for (int i = season; i < n; i++) {
        usual += Math.abs(series[i] - series[i - season]) / (n - season);
      }
      for (int k = 0; k < horizon; k++) {
        double error = Math.abs(said[k] - series[n + k]);
        sums[to] += 2 * error / (Math.abs(said[k]) + Math.abs(series[n + k])) / horizon;
        sums[to + 1] += error / usual / horizon;
      }
    }

    /// Classical decomposition; the last value without its season, with those to come.
    private double[] naive2(double[] past) {
      double[] index = new double[season];
      Arrays.fill(index, 1);
      if (season > 1) {
        double[] sums = new double[season];
        int[] counts = new int[season];
        for (int t = season / 2; t + season / 2 < past.length; t++) {
          double mean = (past[t - season / 2] + past[t + season / 2]) / 2;
          for (int i = t - season / 2 + 1; i < t + season / 2; i++) {
            mean += past[i];
          }
          sums[t % season] += past[t] / mean * season;
          counts[t % season]++;
        }
        Arrays.setAll(index, i -> sums[i] / counts[i]);
      }
      double[] out = new double[horizon];
      int last = past.length - 1;
      for (int k = 0; k < horizon; k++) {
        out[k] = past[last] / index[last % season] * index[(last + 1 + k) % season];
      }
      return out;
    }

    double average() {
      return 0.5 * (sums[0] / sums[2] + sums[1] / sums[3]);
    }

    double coverage() {
      return (double) held / intervals;
    }
  }

  /// A smooth shape of variance 1.
  private static double[] shape(SplittableRandom random, int length, int waves) {
    double[] shape = new double[length];
    for (int wave = 1; wave <= waves; wave++) {
      double a = random.nextGaussian() / wave;
      double b = random.nextGaussian() / wave;
      for (int i = 0; i < length; i++) {
        double turn = 2 * Math.PI * wave * i / length;
        shape[i] += a * Math.sin(turn) + b * Math.cos(turn);
      }
    }
    double squares = Arrays.stream(shape).map(v -> v * v / length).sum();
    return Arrays.stream(shape).map(v -> v / Math.sqrt(squares)).toArray();
  }

  private static double[] hourly(String kind, SplittableRandom random, int length) {
    double level = Math.exp(2.5 + 6 * random.nextDouble());
    double[] day = shape(random, 24, 4);
    double[] week = shape(random, 168, 40);
    double swing = 0.1 + 0.25 * random.nextDouble();
    double noise = 0.01 + 0.05 * random.nextDouble();
    double lasting = 0.6 + 0.35 * random.nextDouble();
    double weekend = 0.05 + 0.3 * random.nextDouble();
    int start = random.nextInt(168);
    double error = 0;
    double walk = 0;
    double[] series = new double[length];
    for (int t = 0; t < length; t++) {
      double ofDay = swing * day[(t + start) % 24];
      double off = (t + start) / 24 % 7 >= 5 ? weekend : 0;
      double white = random.nextGaussian();
      error = lasting * error + Math.sqrt(1 - lasting * lasting) * noise * white;
      double step = random.nextGaussian();
      double factor =
          switch (kind) {
            case "load" ->
                Math.max(0.05, 1 + ofDay - off) * Math.exp((walk += 0.002 * step) + error);
            case "count" ->
                count(Math.min(level, 500) * Math.exp(2.5 * ofDay), noise, step, white) / level;
            case "days" ->
                Math.max(0.05, 1 + swing * week[(t + start) % 168] + ofDay) * Math.exp(error);
            case "drift" -> {
              walk = 0.995 * walk + 0.04 * step;
              yield Math.max(0.05, 1 + Math.exp(walk) * ofDay + 0.1 * walk) * (1 + error);
            }
            case "shift" -> {
              walk += random.nextInt(400) == 0 ? 0.4 * step : 0;
              yield Math.exp(walk) * Math.max(0.05, 1 + ofDay - off / 2) * (1 + error);
            }
            case "wander" ->
                Math.max(0.05, 1 + ofDay / 2 + 0.6 * (walk = 0.997 * walk + 0.03 * step) + error);
            default ->
                Math.max(0.05, Math.max(0.05, 1 + ofDay - off) * (1 + 3 * noise * step + error));
          };
      series[t] = level * factor;
    }
    return series;
  }

  private static double count(double mean, double noise, double a, double b) {
    return Math.max(1, Math.rint(10 + mean + Math.sqrt(mean) * a + 2 * noise * mean * b));
  }

  private static double[] weekly(String kind, SplittableRandom random) {
    double level = 1000 + 5000 * random.nextDouble();
    double moves = 0.005 + 0.03 * random.nextDouble();
    double blur = 0.05 * random.nextDouble();
    double drift = 0.001 * random.nextGaussian();
    double swing = 0.05 + 0.2 * random.nextDouble();
    double[] year = shape(random, 52, 6);
    double walk = 0;
    double slope = 0;
    double[] series = new double[13 + (int) Math.exp(Math.log(80) + 3.48 * random.nextDouble())];
    for (int t = 0; t < series.length; t++) {
      double step = random.nextGaussian();
      double seen = 1 + blur * random.nextGaussian();
      double factor =
          switch (kind) {
            case "walk" -> Math.exp(walk += drift + moves * step);
            case "level" -> Math.exp(walk += drift + 0.3 * moves * step) * seen;
            case "damped" ->
                Math.exp(walk += slope = 0.9 * slope + 0.4 * moves * step) * (0.8 + 0.2 * seen);
            case "yearly" ->
                Math.exp(walk += drift + 0.3 * moves * step) * (1 + swing * year[t % 52]) * seen;
            case "calm" -> 1 + drift * t + seen / 10;
            default -> Math.exp((walk = 0.95 * walk + 2 * moves * step) + drift * t);
          };
      series[t] = level * factor;
    }
    return series;
  }

  @Test
  void hoursTwoDaysAhead() {
    Score score = new Score(48, 24);
    for (int seed = 0; seed < SEEDS; seed++) {
      for (int kind = 0; kind < HOURLY.length; kind++) {
        SplittableRandom random = new SplittableRandom(100L * kind + seed);
        score.take(hourly(HOURLY[kind], random, (seed % 2 == 0 ? 700 : 960) + 48));
      }
    }
    assertThat(score.average()).as("seeds 0 to %d", SEEDS - 1).isLessThan(0.60);
    assertThat(score.coverage()).isBetween(0.90, 0.98);
  }

  @Test
  void weeksAQuarterAhead() {
    Score score = new Score(13, 1);
    for (int seed = 0; seed < 2 * SEEDS; seed++) {
      for (int kind = 0; kind < WEEKLY.length; kind++) {
        score.take(weekly(WEEKLY[kind], new SplittableRandom(100L * kind + seed)));
      }
    }
    assertThat(score.average()).as("seeds 0 to %d", 2 * SEEDS - 1).isLessThan(0.93);
    assertThat(score.coverage()).isBetween(0.90, 0.98);
  }
}
