package dev.aevum.executor.forecast;

import java.util.Arrays;
import java.util.List;

/// A model of the bank: its name in SQL and its fixed settings.
///
/// @param alpha gain of the level
/// @param beta gain of the trend
/// @param damping of the trend, by step
/// @param shortGain of the short season, 0: there is none
/// @param longGain of the long season, 0: there is none
/// @param logarithmic on the logarithm of the values: seasons and trends are factors
record Setting(
    String name,
    Kind kind,
    double alpha,
    double beta,
    double damping,
    double shortGain,
    double longGain,
    boolean logarithmic) {
  enum Kind {
    /// The value of a season ago.
    SEASONAL_NAIVE,
    /// Level, damped trend and seasons, each moved by a share of a row's error (Hyndman and others
    /// 2008; two seasons and an error that lasts: Taylor 2003).
    SMOOTHING,
    /// See [Autoregression].
    REGRESSION
  }

  private static final List<Setting> ALL =
      List.of(
          smooth("naive", 1, 0, 0),
          new Setting("seasonal_naive", Kind.SEASONAL_NAIVE, 0, 0, 0, 1, 0, false),
          new Setting("seasonal_naive", Kind.SEASONAL_NAIVE, 0, 0, 0, 0, 1, false),
          smooth("ses", 0.05, 0, 0),
          smooth("ses", 0.2, 0, 0),
          smooth("ses", 0.5, 0, 0),
          smooth("holt", 0.2, 0.02, 0.98),
          smooth("holt", 0.5, 0.05, 0.95),
          smooth("holt", 0.8, 0.3, 0.9),
          smooth("holt", 0.9, 0.005, 0.995),
          seasonal(0.02, 0.0002, 0.98, 0.08, 0, false),
          seasonal(0.1, 0.001, 0.9, 0.2, 0, false),
          seasonal(0.2, 0, 0, 0.45, 0, false),
          seasonal(0.05, 0.0002, 0.98, 0.15, 0, true),
          seasonal(0.01, 0.0001, 0.98, 0.03, 0.1, false),
          seasonal(0.1, 0, 0, 0.1, 0.2, false),
          seasonal(0.02, 0.0001, 0.98, 0.05, 0.12, true),
          new Setting("ar", Kind.REGRESSION, 0, 0, 0, 0, 0, false),
          new Setting("ar", Kind.REGRESSION, 0, 0, 0, 0, 0, true));

  private static Setting smooth(String name, double alpha, double beta, double damping) {
    return new Setting(name, Kind.SMOOTHING, alpha, beta, damping, 0, 0, false);
  }

  private static Setting seasonal(
      double alpha,
      double beta,
      double damping,
      double shortGain,
      double longGain,
      boolean logarithmic) {
    return new Setting(
        "holt_winters", Kind.SMOOTHING, alpha, beta, damping, shortGain, longGain, logarithmic);
  }

  /// Those that the options want.
  static Setting[] of(ForecastOptions options) {
    return ALL.stream()
        .filter(s -> options.model().equals(ForecastOptions.AUTO) || s.name.equals(options.model()))
        .filter(s -> s.longGain == 0 || options.period() == ForecastOptions.AUTOMATIC)
        .toArray(Setting[]::new);
  }

  static String[] names() {
    return ALL.stream().map(Setting::name).distinct().toArray(String[]::new);
  }

  /// Whether it needs a season.
  boolean isSeasonal() {
    return shortGain > 0 || longGain > 0;
  }

  /// Whether it has a table of a season.
  boolean hasSeason() {
    return kind == Kind.SMOOTHING && isSeasonal();
  }

  /// The factors of the trend of steps ahead, from 0 on.
  double[] dampedSums(int horizon) {
    double[] sums = new double[horizon + 1];
    double power = 1;
    for (int k = 1; k <= horizon; k++) {
      power *= damping;
      sums[k] = sums[k - 1] + power;
    }
    return sums;
  }

  static int regressions(Setting[] settings) {
    return (int) Arrays.stream(settings).filter(s -> s.kind == Kind.REGRESSION).count();
  }
}
