package dev.aevum.executor.operator;

/// An operator that emits or forgets by event time.
public interface TimeDriven {
  /// The watermark of the node (the least of its inputs', microseconds, before the offsets of
  /// [dev.aevum.planner.plan.Traits.TimeColumn]) is now `watermark`; never called with a smaller
  /// one. After [Flushing#flush] of the same step.
  void advance(long watermark);
}
