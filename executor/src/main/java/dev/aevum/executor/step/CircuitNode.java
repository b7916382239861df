package dev.aevum.executor.step;

import dev.aevum.executor.operator.Operator;
import dev.aevum.executor.operator.Output;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.step.Watermarks;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// An operator in a worker's circuit, with the one place its output goes to and its counters. The
/// worker's thread writes; others read through [OperatorStatus] snapshots taken on that thread.
final class CircuitNode implements Output {
  final int view;
  final int ordinal;
  final String name;
  final List<CircuitNode> inputs = new ArrayList<>();
  final RecordedState state;
  private final StepTimer timer;
  private final @Nullable CircuitNode consumer;
  private final int consumerInput;
  private @Nullable Operator operator;

  /// The least watermark of the inputs (of the relation, for a scan) that the operator has seen.
  long watermark = Watermarks.NONE;

  long rowsIn;
  long rowsOut;
  long pushNanos;
  long flushNanos;

  /// `consumer` null: the root.
  CircuitNode(
      int view,
      int ordinal,
      String name,
      RecordedState state,
      StepTimer timer,
      @Nullable CircuitNode consumer,
      int consumerInput) {
    this.view = view;
    this.ordinal = ordinal;
    this.name = name;
    this.state = state;
    this.timer = timer;
    this.consumer = consumer;
    this.consumerInput = consumerInput;
  }

  void run(Operator built) {
    operator = built;
  }

  Operator operator() {
    return Objects.requireNonNull(operator);
  }

  boolean isBuilt() {
    return operator != null;
  }

  /// Pushes a borrowed batch into this node's operator, on this node's time.
  void push(int input, DeltaBatch batch) {
    rowsIn += batch.rows();
    CircuitNode before = timer.enter(this, false);
    operator().push(input, batch);
    timer.leave(before);
  }

  @Override
  public void emit(DeltaBatch batch) {
    try (batch) {
      if (batch.rows() > 0) {
        rowsOut += batch.rows();
        Objects.requireNonNull(consumer).push(consumerInput, batch);
      }
    }
  }
}
