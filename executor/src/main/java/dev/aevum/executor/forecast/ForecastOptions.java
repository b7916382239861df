package dev.aevum.executor.forecast;

/// What a forecast can be told.
///
/// @param horizon steps ahead
/// @param model name of the one to use, or [#AUTO]
/// @param period rows of a season; 0: there is none; [#AUTOMATIC]: found from the rows
/// @param maxPeriod longest season looked for
/// @param confidence share of true values that the interval holds
/// @param minimum and `maximum`: bounds of forecasts, infinite where there are none
record ForecastOptions(
    int horizon,
    String model,
    int period,
    int maxPeriod,
    double confidence,
    double minimum,
    double maximum) {
  static final String AUTO = "auto";
  static final int AUTOMATIC = -1;

  /// Rows of history kept: two seasons.
  int history() {
    return Math.max(32, 2 * longestPeriod());
  }

  int longestPeriod() {
    return period == AUTOMATIC ? maxPeriod : Math.max(1, period);
  }
}
