package dev.aevum.executor.operator;

/// An operator that keeps its state in a form of its own and hands changes of it to its tables once
/// a step.
public interface Sealing {
  /// The operator's part of the step is over: after [Flushing#flush] and [TimeDriven#advance],
  /// called also when neither was.
  void seal();
}
