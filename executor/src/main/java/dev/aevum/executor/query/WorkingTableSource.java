package dev.aevum.executor.query;

import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.planner.plan.PlanNode.WorkingTableNode;

/// What the recursion around it has found last.
final class WorkingTableSource extends BufferedSource {
  private final WorkingTableNode node;
  private final QueryContext context;

  WorkingTableSource(WorkingTableNode node, QueryContext context) {
    this.node = node;
    this.context = context;
  }

  @Override
  boolean fill() {
    DeltaBatch rows = context.evaluation().outerBatch(node.table());
    emit(
        new DeltaBatch(
            rows.rows(), rows.columns().stream().map(Column::retain).toArray(Column[]::new), null));
    return false;
  }
}
