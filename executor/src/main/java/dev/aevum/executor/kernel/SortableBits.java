package dev.aevum.executor.kernel;

/// Floating-point numbers as integers of the same order: PostgreSQL's, NaN above all, extended by
/// -0 below 0.
public final class SortableBits {
  private SortableBits() {}

  public static long of(double value) {
    long bits = Double.doubleToLongBits(value);
    return bits ^ ((bits >> 63) & Long.MAX_VALUE);
  }

  public static double toDouble(long sortable) {
    return Double.longBitsToDouble(sortable ^ ((sortable >> 63) & Long.MAX_VALUE));
  }

  public static int of(float value) {
    int bits = Float.floatToIntBits(value);
    return bits ^ ((bits >> 31) & Integer.MAX_VALUE);
  }

  public static float toFloat(int sortable) {
    return Float.intBitsToFloat(sortable ^ ((sortable >> 31) & Integer.MAX_VALUE));
  }
}
