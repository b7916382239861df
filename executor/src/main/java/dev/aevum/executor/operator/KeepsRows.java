package dev.aevum.executor.operator;

/// An operator whose state is rows by key, and tells about them.
public interface KeepsRows {
  /// -1: not known.
  long keptKeys();

  long keptRows();

  /// No kept row has an earlier time (microseconds); [dev.aevum.model.step.Watermarks#NONE] where
  /// nothing is kept or times are not known.
  long oldestMicros();
}
