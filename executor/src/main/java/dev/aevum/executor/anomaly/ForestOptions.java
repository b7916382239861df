package dev.aevum.executor.anomaly;

import java.util.List;

/// What a forest of random cut trees can be told beside the options of all detectors.
///
/// @param trees of the forest
/// @param sampleSize points of a tree
/// @param timeDecay points after which the past counts for 1/e
/// @param shingle rows that make a point
/// @param normalize whether columns count by their deviations
/// @param attribution whether the explanation tells what each column adds
/// @param columns names, each once
record ForestOptions(
    int trees,
    int sampleSize,
    long timeDecay,
    int shingle,
    boolean normalize,
    boolean attribution,
    List<String> columns) {
  ForestOptions {
    columns = List.copyOf(columns);
  }

  static ForestOptions defaults(List<String> columns) {
    return new ForestOptions(100, 256, 100_000, 1, true, true, columns);
  }
}
