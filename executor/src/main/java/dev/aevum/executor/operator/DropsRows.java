package dev.aevum.executor.operator;

/// An operator that leaves rows out which its input had: late ones, rows without a window.
public interface DropsRows {
  /// How many so far.
  long droppedRows();
}
