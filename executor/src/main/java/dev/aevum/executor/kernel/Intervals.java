package dev.aevum.executor.kernel;

/// The order of intervals. An interval lies in 16 bytes: microseconds, then days (low int) and
/// months (high int) of the second long. PostgreSQL compares by a span in microseconds of 30-day
/// months and 24-hour days, which takes 128 bits.
public final class Intervals {
  public static final long MICROS_PER_DAY = 86_400_000_000L;

  private Intervals() {}

  public static int days(long high) {
    return (int) high;
  }

  public static int months(long high) {
    return (int) (high >>> 32);
  }

  public static long pack(int months, int days) {
    return ((long) months << 32) | (days & 0xFFFF_FFFFL);
  }

  /// Days of the span, so that with [#spanRest] spans order lexicographically.
  public static long spanDays(long micros, long high) {
    return months(high) * 30L + days(high) + Math.floorDiv(micros, MICROS_PER_DAY);
  }

  /// Microseconds of the span's last day, 0 to a day.
  public static long spanRest(long micros) {
    return Math.floorMod(micros, MICROS_PER_DAY);
  }

  public static int compare(long leftMicros, long leftHigh, long rightMicros, long rightHigh) {
    int byDays = Long.compare(spanDays(leftMicros, leftHigh), spanDays(rightMicros, rightHigh));
    return byDays != 0 ? byDays : Long.compare(spanRest(leftMicros), spanRest(rightMicros));
  }

  /// An interval divided by a number as PostgreSQL does it: fractions of months become days of 30
  /// to a month, fractions of days become time. Gives months, days, microseconds.
  public static long[] divide(int months, int days, long micros, double divisor) {
    return cascade(months / divisor, days / divisor, micros / divisor);
  }

  /// An interval multiplied by a number; see [#divide].
  public static long[] multiply(int months, int days, long micros, double factor) {
    return cascade(months * factor, days * factor, micros * factor);
  }

  private static long[] cascade(double months, double days, double micros) {
    long wholeMonths = (long) months;
    long wholeDays = (long) days;
    double restDays = roundToMicros((months - wholeMonths) * 30);
    double restSeconds = roundToMicros((days - wholeDays + restDays - (long) restDays) * 86_400);
    long carriedDays = 0;
    if (Math.abs(restSeconds) >= 86_400) {
      carriedDays = (long) (restSeconds / 86_400);
      restSeconds -= carriedDays * 86_400.0;
    }
    return new long[] {
      wholeMonths,
      wholeDays + (long) restDays + carriedDays,
      (long) Math.rint(micros + restSeconds * 1_000_000)
    };
  }

  private static double roundToMicros(double value) {
    return Math.rint(value * 1_000_000) / 1_000_000;
  }
}
