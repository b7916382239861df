package dev.aevum.executor.step;

import dev.aevum.executor.operator.ExchangeOperator;
import dev.aevum.executor.operator.Flushing;
import dev.aevum.executor.operator.LeadingInput;
import dev.aevum.executor.operator.OutputOperator;
import dev.aevum.executor.operator.ScanOperator;
import dev.aevum.executor.operator.Sealing;
import dev.aevum.executor.operator.TimeDriven;
import dev.aevum.executor.spi.StepOutput.LateRows;
import dev.aevum.executor.spi.StepOutput.RowError;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.step.Watermarks;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A view's operators on one worker, in post-order, and what they produced in the step. After a
/// failure nothing of the view is called any more, save that its exchanges end their phases.
final class ViewCircuit {
  /// What went wrong, and where.
  record Failure(String operatorName, Throwable cause) {}

  final int view;
  final List<CircuitNode> nodes;
  final OutputOperator root;
  final List<RowError> errors = new ArrayList<>();
  final List<LateRows> late = new ArrayList<>();
  private final StepTimer timer;
  private @Nullable Failure failure;

  ViewCircuit(int view, List<CircuitNode> nodes, StepTimer timer, long maxOutputBytes) {
    this.view = view;
    this.root = new OutputOperator(maxOutputBytes);
    this.nodes = nodes;
    this.timer = timer;
  }

  @Nullable Failure failure() {
    return failure;
  }

  /// The view's own watermark: that of its root.
  long watermark() {
    return nodes.isEmpty() ? Watermarks.NONE : nodes.getLast().watermark;
  }

  List<CircuitNode> scansOf(int relation) {
    return nodes.stream()
        .filter(n -> n.operator() instanceof ScanOperator s && s.relation() == relation)
        .toList();
  }

  void push(CircuitNode scan, DeltaBatch batch) {
    if (failure != null) {
      return;
    }
    try {
      scan.push(0, batch);
    } catch (RuntimeException | Error e) {
      fail(e);
    }
  }

  /// Flush and time, for all nodes in order.
  void complete(RelationWatermarks watermarks) {
    for (CircuitNode node : nodes) {
      if (failure != null) {
        if (node.operator() instanceof ExchangeOperator exchange) {
          exchange.abandon();
        }
        continue;
      }
      try {
        complete(node, watermarks);
      } catch (RuntimeException | Error e) {
        fail(e);
      }
    }
  }

  private void complete(CircuitNode node, RelationWatermarks watermarks) {
    CircuitNode before = timer.enter(node, true);
    if (node.operator() instanceof Flushing flushing) {
      flushing.flush();
    }
    long reached = reached(node, watermarks);
    if (reached > node.watermark) {
      node.watermark = reached;
      if (node.operator() instanceof TimeDriven timeDriven) {
        timeDriven.advance(reached);
      }
    }
    if (node.operator() instanceof Sealing sealing) {
      sealing.seal();
    }
    timer.leave(before);
  }

  private static long reached(CircuitNode node, RelationWatermarks watermarks) {
    if (node.operator() instanceof ScanOperator scan) {
      return watermarks.of(scan.relation());
    }
    if (node.operator() instanceof LeadingInput) {
      return node.inputs.getFirst().watermark;
    }
    long least = Watermarks.END;
    for (CircuitNode input : node.inputs) {
      least = Math.min(least, input.watermark);
    }
    return least;
  }

  /// Ends the view's part in the step; the first cause counts.
  void fail(Throwable cause) {
    CircuitNode at = timer.current();
    fail(at == null ? "source" : at.name, cause);
    timer.reset();
  }

  /// The same when no operator is to blame.
  void fail(String where, Throwable cause) {
    if (failure == null) {
      failure = new Failure(where, cause);
    }
    root.discard();
  }

  /// Throws away what the step produced.
  void discard() {
    root.discard();
    errors.clear();
    late.forEach(l -> l.batch().close());
    late.clear();
  }

  /// Frees the operators; `dropState` forgets their tables for good, else storage keeps them.
  void close(boolean dropState) {
    discard();
    for (CircuitNode node : nodes) {
      if (node.isBuilt()) {
        node.operator().close();
      }
      if (dropState) {
        node.state.dropAll();
      } else {
        node.state.releaseAll();
      }
    }
    root.close();
  }

  /// Watermarks of the relations that views scan.
  @FunctionalInterface
  interface RelationWatermarks {
    long of(int relation);
  }
}
