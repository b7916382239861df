package dev.aevum.executor.spi;

import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.step.ObjectId;
import java.util.List;

/// What a step computed. Owned by the receiver: close the batches.
///
/// @param changes per deployed output (view or sink query) its changes, one list entry a batch and
///   worker, not consolidated
/// @param late rows that a view's scan refused, with the watermark that refused them
/// @param errors changes of error relations: an error row with weight +1, or -1 when its cause left
/// @param dirty encoded state changes, in sections, in the format that the state backend's owner
///   gave the step loop
/// @param failures views that failed in this step: they are no longer deployed, their state is
///   dropped, and nothing of them is in this output
public record StepOutput(
    long step,
    List<OutputChange> changes,
    List<LateRows> late,
    List<RowError> errors,
    List<byte[]> dirty,
    List<ViewFailure> failures) {
  public record OutputChange(int relation, DeltaBatch batch) {}

  public record LateRows(int view, int stream, long watermark, DeltaBatch batch) {}

  public record RowError(
      int relation,
      ObjectId operator,
      String operatorName,
      String sqlState,
      String message,
      String rowText,
      long weight) {}

  /// `operatorName`: where it happened, or the input view whose failure this one follows.
  public record ViewFailure(int view, String operatorName, String reason, Throwable cause) {}
}
