package dev.aevum.executor.learning;

import dev.aevum.model.codec.ByteSink;

/// An algorithm that learns a row at a time. Same rows in the same order: same bytes. One thread.
///
/// Classes are numbered in the order of their first row; class numbers come as `target`.
public interface Learner {
  /// What is known of a row. Changes nothing that [#encode] writes.
  ///
  /// @param classes how many classes were seen so far
  void predict(Features row, int classes, Prediction out);

  /// @param target the value, or the number of the class; 0 for clusters
  void learn(Features row, double target);

  /// All that it knows; the form belongs to the version of [ModelState].
  void encode(ByteSink out);

  /// Takes up what [#encode] wrote, in a new learner of the same options.
  void decode(StateReader in);
}
