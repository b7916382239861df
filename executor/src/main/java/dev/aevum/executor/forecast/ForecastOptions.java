package dev.aevum.executor.forecast;

/// What a forecast can be told.
///
/// @param horizon steps ahead
/// @param model name of the one to use, or [#AUTO]
/// @param period rows of a season; 0: there is none; [#AUTOMATIC]: found from the rows
/// @param maxPeriod longest season looked for
/// @param confidence share of true values that the interval holds
/// @param minimum and `maximum`: bounds of forecasts, infinite where there are none
/// @param halfLife rows after which one counts half, to regressions and judgements; 0: see below
record ForecastOptions(
    int horizon,
    String model,
    int period,
    int maxPeriod,
    double confidence,
    double minimum,
    double maximum,
    double halfLife) {
  static final String AUTO = "auto";
  static final int AUTOMATIC = -1;

  private static final double FORGETTING = 0.999;

  /// Horizons after which a judgement counts for 1/e.
  private static final double MEMORY = 12;

  /// Rows of history kept: two seasons.
  int history() {
    return Math.max(32, 2 * longestPeriod());
  }

  /// Cells of a model's seasons: of the short one, and with a long one of both.
  int seasonCells(boolean both) {
    return both ? longestPeriod() + longestPeriod() / 2 + 1 : longestPeriod();
  }

  /// What a row counts as a share of the next one.
  double forgetting() {
    return halfLife > 0 ? Math.pow(0.5, 1 / halfLife) : FORGETTING;
  }

  /// What a judgement counts after one more: there are about four a row.
  double judgementsKept() {
    return halfLife > 0 ? Math.pow(forgetting(), 0.25) : 1 - 1 / (MEMORY * horizon);
  }

  int longestPeriod() {
    return period == AUTOMATIC ? maxPeriod : Math.max(1, period);
  }
}
