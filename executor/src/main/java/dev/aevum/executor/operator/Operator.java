package dev.aevum.executor.operator;

import dev.aevum.model.batch.DeltaBatch;

/// A running node of a plan, one instance a worker.
///
/// Call order within a step (the driver keeps it): any number of [#push]es while upstream operators
/// produce; then, when every input is complete for the step, [Flushing#flush] once, then
/// [TimeDriven#advance] once if the watermark of the node moved, then [Sealing#seal]. No push
/// follows until the next step. All calls come from the worker's thread; none blocks, save the
/// exchange's flush.
///
/// Output goes to the [Output] given at construction and need not be consolidated. An exception is
/// fatal for the view, not for the worker: the driver stops calling the view's operators and closes
/// them.
public interface Operator extends AutoCloseable {
  /// Changes on input `input` (0 is the first of the plan node's inputs). The batch is borrowed for
  /// the call; operators retain what they keep.
  void push(int input, DeltaBatch batch);

  /// Frees what lives outside of the state tables, which belong to the backend.
  @Override
  void close();
}
