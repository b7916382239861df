package dev.aevum.executor.operator;

/// An operator that keeps changes back until its inputs are complete for the step, so that it emits
/// one net change per touched key.
public interface Flushing {
  /// Emits what the pushes of this step have changed. Called once a step, also without pushes.
  void flush();
}
