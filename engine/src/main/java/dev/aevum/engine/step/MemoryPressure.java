package dev.aevum.engine.step;

/// How short memory is, and what that means for steps. [#check] is the step thread's; the others
/// are for any thread.
public interface MemoryPressure {
  /// Called between steps. True when the next step has to run even without input: something is to
  /// be given up.
  boolean check();

  /// What a step takes from sources at most.
  long maxRows();

  /// Bytes of rows that a step takes at most, but for one batch or write.
  long maxBytes();

  /// Whether sources wait.
  boolean paused();

  /// Whether writes that add rows are refused.
  boolean full();

  /// For messages.
  String described();
}
