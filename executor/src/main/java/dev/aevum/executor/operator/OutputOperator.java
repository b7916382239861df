package dev.aevum.executor.operator;

import dev.aevum.model.batch.DeltaBatch;
import java.util.ArrayList;
import java.util.List;

/// The root of a view: collects the changes of the step for the driver. **State**: none.
public final class OutputOperator implements Operator {
  private final List<DeltaBatch> collected = new ArrayList<>();

  @Override
  public void push(int input, DeltaBatch batch) {
    if (batch.rows() > 0) {
      collected.add(batch.retain());
    }
  }

  /// The step's changes; the batches stay this operator's until [#take].
  public List<DeltaBatch> collected() {
    return collected;
  }

  /// Gives the step's changes away.
  public List<DeltaBatch> take() {
    List<DeltaBatch> taken = List.copyOf(collected);
    collected.clear();
    return taken;
  }

  /// Drops what was collected: the step of this view failed.
  public void discard() {
    collected.forEach(DeltaBatch::close);
    collected.clear();
  }

  @Override
  public void close() {
    discard();
  }
}
