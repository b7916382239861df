package dev.aevum.executor.spi;

/// Makes a finished step durable and then visible, in this order.
public interface CommitSink {
  /// Called by the step thread with steps in order. `published` runs after the step is visible (on
  /// any thread); a failure is thrown here or from a later call and is fatal for the process.
  void commit(StepOutput output, Runnable published);
}
