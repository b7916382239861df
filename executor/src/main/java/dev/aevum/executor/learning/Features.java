package dev.aevum.executor.learning;

/// One row's features, reused from row to row. Which features are numbers does not change.
///
/// A missing number is NaN. A category is the 64-bit hash of its text, [#MISSING] for NULL, so that
/// no text is kept.
public final class Features {
  /// The category of NULL.
  public static final long MISSING = 0;

  private static final double MOST = 1e100;

  private final boolean[] numeric;

  /// Values of numeric features; others are not used.
  public final double[] numbers;

  /// Categories of the other features.
  public final long[] categories;

  public Features(boolean[] numeric) {
    this.numeric = numeric.clone();
    this.numbers = new double[numeric.length];
    this.categories = new long[numeric.length];
  }

  /// Sets a numeric feature; what is not finite is missing, and what is larger than 1e100 counts as
  /// that, so that squares stay finite.
  public void number(int feature, double x) {
    numbers[feature] = Double.isFinite(x) ? bounded(x) : Double.NaN;
  }

  static double bounded(double x) {
    return Math.clamp(x, -MOST, MOST);
  }

  public int count() {
    return numeric.length;
  }

  public boolean isNumber(int feature) {
    return numeric[feature];
  }

  boolean[] kinds() {
    return numeric;
  }
}
