package dev.aevum.executor.changepoint;

/// What a method can be told. Those of other methods are not read.
///
/// @param warmup rows that set the scale before anything is judged
/// @param threshold bocpd: probability from which a change is known
/// @param hazard bocpd: probability that a row begins a new run
/// @param delay bocpd: rows up to which a run is young
/// @param maxRuns bocpd: run lengths kept
/// @param k cusum: allowance in deviations
/// @param h cusum: limit in deviations
/// @param delta page_hinkley: allowance in deviations; adwin: confidence
/// @param lambda page_hinkley: limit in deviations
public record ChangeOptions(
    int warmup,
    double threshold,
    double hazard,
    int delay,
    int maxRuns,
    double k,
    double h,
    double delta,
    double lambda) {
  static ChangeOptions defaults() {
    return new ChangeOptions(30, 0.5, 1.0 / 250, 10, 500, 0.5, 8, Double.NaN, 50);
  }
}
