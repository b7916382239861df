package dev.aevum.executor.anomaly;

/// The surprise of a standard normal deviate: -log10 of the two-sided tail, without underflow.
final class NormalTail {
  private static final double LOG_10 = Math.log(10);
  private static final double SQRT_2 = Math.sqrt(2);
  private static final double SQRT_PI = Math.sqrt(Math.PI);
  private static final int TERMS = 120;

  private NormalTail() {}

  /// -log10 P(|Z| > z), at most 30.
  static double surprise(double z) {
    double t = Math.abs(z) / SQRT_2;
    double log = t < 1 ? Math.log(1 - erf(t)) : logErfc(t);
    return Math.clamp(-log / LOG_10, 0, AnomalyResult.MAXIMAL_SCORE);
  }

  /// The z >= 0 of that surprise: bisection, as it is asked once per row at most and grows
  /// steadily.
  static double deviate(double surprise) {
    double low = 0;
    double high = 40;
    for (int i = 0; i < 60; i++) {
      double middle = (low + high) / 2;
      if (surprise(middle) < surprise) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high;
  }

  /// Maclaurin series: Abramowitz and Stegun 7.1.6.
  private static double erf(double t) {
    double term = t;
    double sum = t;
    for (int n = 1; n < TERMS; n++) {
      term *= 2 * t * t / (2 * n + 1);
      sum += term;
    }
    return 2 / SQRT_PI * Math.exp(-t * t) * sum;
  }

  /// Continued fraction: Abramowitz and Stegun 7.1.14, from the end.
  private static double logErfc(double t) {
    double fraction = t;
    for (int n = TERMS; n > 0; n--) {
      fraction = t + n / 2.0 / fraction;
    }
    return -t * t - Math.log(fraction * SQRT_PI);
  }
}
