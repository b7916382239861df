package dev.aevum.executor.step;

import dev.aevum.executor.operator.Operator;
import dev.aevum.executor.operator.Output;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.step.Watermarks;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// An operator in a worker's circuit, with the places its output goes to (more than one where equal
/// parts of a plan share it) and its counters. The worker's thread writes; others read through
/// [OperatorStatus] snapshots taken on that thread.
final class CircuitNode implements Output {
  final int view;
  final int ordinal;
  final String name;
  final List<CircuitNode> inputs = new ArrayList<>();
  final RecordedState state;
  private final StepTimer timer;
  private final List<Consumer> consumers = new ArrayList<>(1);
  private @Nullable Operator operator;

  /// Input `input` of `node`.
  private record Consumer(CircuitNode node, int input) {}

  /// The least watermark of the inputs (of the relation, for a scan) that the operator has seen.
  long watermark = Watermarks.NONE;

  long rowsIn;
  long rowsOut;
  long pushNanos;
  long flushNanos;

  CircuitNode(int view, int ordinal, String name, RecordedState state, StepTimer timer) {
    this.view = view;
    this.ordinal = ordinal;
    this.name = name;
    this.state = state;
    this.timer = timer;
  }

  /// Input `input` of this node is what `node` emits. Inputs are connected in their order, those of
  /// a shared node before any batch moves.
  void connect(int input, CircuitNode node) {
    inputs.add(node);
    node.consumers.add(new Consumer(this, input));
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
        for (int i = 0; i < consumers.size(); i++) {
          Consumer consumer = consumers.get(i);
          consumer.node.push(consumer.input, batch);
        }
      }
    }
  }
}
