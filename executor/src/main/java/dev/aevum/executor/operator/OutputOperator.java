package dev.aevum.executor.operator;

import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import java.util.ArrayList;
import java.util.List;

/// The root of a view: collects the changes of the step for the driver, up to a bound: past it the
/// view fails with 53200, as the changes of a step stand in memory together. **State**: none.
public final class OutputOperator implements Operator {
  private final long maxBytes;
  private final List<DeltaBatch> collected = new ArrayList<>();
  private long bytes;

  /// @param maxBytes of one step's rows
  public OutputOperator(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  @Override
  public void push(int input, DeltaBatch batch) {
    if (batch.rows() > 0) {
      collected.add(batch.retain());
      bytes += batch.sizeBytes();
      if (bytes > maxBytes) {
        throw tooMany(maxBytes);
      }
    }
  }

  /// The failure of a view that makes more than `maxBytes` of rows in a step.
  public static SqlException tooMany(long maxBytes) {
    return new SqlException(
            ErrorCode.OUT_OF_MEMORY,
            "out of memory: the view makes more than " + (maxBytes >> 20) + " MB of rows at once")
        .withHint(
            "Give the server more with --memory, create the view before its data comes, or have it join or keep fewer rows.");
  }

  /// Bytes of the step's changes.
  public long collectedBytes() {
    return bytes;
  }

  /// The step's changes; the batches stay this operator's until [#take].
  public List<DeltaBatch> collected() {
    return collected;
  }

  /// Gives the step's changes away.
  public List<DeltaBatch> take() {
    List<DeltaBatch> taken = List.copyOf(collected);
    collected.clear();
    bytes = 0;
    return taken;
  }

  /// Drops what was collected: the step of this view failed.
  public void discard() {
    collected.forEach(DeltaBatch::close);
    collected.clear();
    bytes = 0;
  }

  @Override
  public void close() {
    discard();
  }
}
