package dev.aevum.executor.anomaly;

/// The surprise of a standard normal deviate: -log10 of the two-sided tail, without underflow.
/// Rational approximations of the error function and of the scaled complementary one: W. J. Cody,
/// Mathematics of Computation 23 (1969), to about 16 digits.
@SuppressWarnings("FloatingPointLiteralPrecision") // the coefficients as they were published
final class NormalTail {
  private static final double LOG_10 = Math.log(10);
  private static final double SQRT_2 = Math.sqrt(2);
  private static final double SQRT_PI = Math.sqrt(Math.PI);

  private NormalTail() {}

  /// -log10 P(|Z| > z), at most 30.
  static double surprise(double z) {
    double t = Math.abs(z) / SQRT_2;
    double log =
        t <= 0.46875
            ? Math.log(1 - erf(t))
            : -t * t + Math.log(t <= 4 ? scaledMiddle(t) : scaledFar(t));
    return Math.clamp(-log / LOG_10, 0, AnomalyResult.MAXIMAL_SCORE);
  }

  /// The z >= 0 of that surprise: bisection, as it grows steadily. For constants: costs as much as
  /// 60 rows.
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

  private static double erf(double t) {
    double y = t * t;
    double over = 1.85777706184603153e-1 * y;
    over = (over + 3.16112374387056560) * y;
    over = (over + 1.13864154151050156e2) * y;
    over = (over + 3.77485237685302021e2) * y;
    double under = (y + 2.36012909523441209e1) * y;
    under = (under + 2.44024637934444173e2) * y;
    under = (under + 1.28261652607737228e3) * y;
    return t * (over + 3.20937758913846947e3) / (under + 2.84423683343917062e3);
  }

  /// erfc(t) * exp(t * t), 0.46875 < t <= 4.
  private static double scaledMiddle(double t) {
    double over = 2.15311535474403846e-8 * t;
    over = (over + 5.64188496988670089e-1) * t;
    over = (over + 8.88314979438837594) * t;
    over = (over + 6.61191906371416295e1) * t;
    over = (over + 2.98635138197400131e2) * t;
    over = (over + 8.81952221241769090e2) * t;
    over = (over + 1.71204761263407058e3) * t;
    over = (over + 2.05107837782607147e3) * t;
    double under = (t + 1.57449261107098347e1) * t;
    under = (under + 1.17693950891312499e2) * t;
    under = (under + 5.37181101862009858e2) * t;
    under = (under + 1.62138957456669019e3) * t;
    under = (under + 3.29079923573345963e3) * t;
    under = (under + 4.36261909014324716e3) * t;
    under = (under + 3.43936767414372164e3) * t;
    return (over + 1.23033935479799725e3) / (under + 1.23033935480374942e3);
  }

  /// erfc(t) * exp(t * t), t > 4.
  private static double scaledFar(double t) {
    double y = 1 / (t * t);
    double over = 1.63153871373020978e-2 * y;
    over = (over + 3.05326634961232344e-1) * y;
    over = (over + 3.60344899949804439e-1) * y;
    over = (over + 1.25781726111229246e-1) * y;
    over = (over + 1.60837851487422766e-2) * y;
    double under = (y + 2.56852019228982242) * y;
    under = (under + 1.87295284992346725) * y;
    under = (under + 5.27905102951428412e-1) * y;
    under = (under + 6.05183413124413191e-2) * y;
    double rest = y * (over + 6.58749161529837803e-4) / (under + 2.33520497626869185e-3);
    return (1 / SQRT_PI - rest) / t;
  }
}
