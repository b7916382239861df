package dev.aevum.executor.spi;

/// The only source of time on the step path. The thread that runs steps calls it.
public interface StepClock {
  /// Number of the next step: one more than the last.
  long next();

  /// The last published step.
  long committed();

  /// Wall-clock microseconds that step `step` stands for; read once a step, recorded in its frame.
  long nowMicros(long step);
}
