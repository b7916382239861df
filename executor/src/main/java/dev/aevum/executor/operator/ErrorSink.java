package dev.aevum.executor.operator;

import dev.aevum.executor.kernel.RowError;

/// Takes changes of a view's error relation, a multiset like any other: the change that takes a
/// cause away takes its error away.
@FunctionalInterface
public interface ErrorSink {
  /// @param rowText the failing row, or group key, as text: equal for equal rows
  void report(RowError error, String rowText, long weight);
}
