package dev.aevum.executor.anomaly;

/// What all detectors can be told.
///
/// @param threshold score from which a row is an anomaly
/// @param warmup rows learned before the first score
/// @param direction +1 only high values count, -1 only low ones, 0 both
/// @param cooldownRows rows for which only a higher score raises an alert again; [#AUTOMATIC]: 10 %
///   of the rows learned, at least 100; 0: none
/// @param cooldownMicros the same as event time, -1: by rows
/// @param calm rows under half the threshold that end an episode
/// @param minDeviation no alert unless the value is so far from the expected one
/// @param minRatio the same as a share of the expected value
/// @param halfLife rows after which the past counts half; infinite: never forgets
/// @param halfLifeMicros the same as event time, -1: by rows
/// @param seed of random choices, with the key's hash
public record DetectorOptions(
    double threshold,
    int warmup,
    int direction,
    long cooldownRows,
    long cooldownMicros,
    int calm,
    double minDeviation,
    double minRatio,
    double halfLife,
    long halfLifeMicros,
    long seed) {
  public static final long AUTOMATIC = -1;

  public static DetectorOptions defaults(double threshold, int warmup) {
    return new DetectorOptions(
        threshold, warmup, 0, AUTOMATIC, -1, 10, 0, 0, Double.POSITIVE_INFINITY, -1, 1);
  }

  /// The half-life in rows, where rows usually come so many microseconds apart.
  double halfLife(double usualStep) {
    return halfLifeMicros < 0 ? halfLife : Math.max(1, halfLifeMicros / Math.max(1, usualStep));
  }
}
