package dev.aevum.executor.query;

import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.planner.plan.PlanNode.UnionAllNode;
import org.jspecify.annotations.Nullable;

/// One input after the other.
final class UnionSource implements RowSource {
  private final UnionAllNode node;
  private final QueryContext context;
  private int opened;
  private @Nullable RowSource current;

  UnionSource(UnionAllNode node, QueryContext context) {
    this.node = node;
    this.context = context;
  }

  @Override
  public @Nullable DeltaBatch next() {
    while (true) {
      if (current == null) {
        if (opened == node.inputs().size()) {
          return null;
        }
        current = QueryExecution.open(node.inputs().get(opened++), context);
      }
      DeltaBatch batch = current.next();
      if (batch != null) {
        return batch;
      }
      current.close();
      current = null;
    }
  }

  @Override
  public void close() {
    if (current != null) {
      current.close();
      current = null;
    }
    opened = node.inputs().size();
  }
}
