package dev.aevum.executor.spi;

import dev.aevum.model.batch.DeltaBatch;
import java.util.List;
import java.util.Map;

/// All that a step takes in. The step borrows the batches.
///
/// @param changes new rows per relation, in order of arrival; the worker is chosen by the step loop
///   (round robin for append-only relations without key, by key otherwise)
/// @param watermarks per stream the watermark that holds *after* this step (absent: unchanged);
///   lateness is judged by the one before
/// @param nowMicros the step's clock
public record StepInput(
    long step, long nowMicros, List<RelationChange> changes, Map<Integer, Long> watermarks) {
  public StepInput {
    changes = List.copyOf(changes);
    watermarks = Map.copyOf(watermarks);
  }

  /// Rows of one batch: all columns of the relation, in its order. `partition` is the source's
  /// partition (0 where it has none).
  public record RelationChange(int relation, int partition, DeltaBatch batch) {}
}
