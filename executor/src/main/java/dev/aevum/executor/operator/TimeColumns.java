package dev.aevum.executor.operator;

import dev.aevum.planner.plan.PlanNode;
import dev.aevum.planner.plan.Traits;

/// Reads [Traits.TimeColumn]s of plan nodes.
final class TimeColumns {
  private TimeColumns() {}

  /// What to add to the node's watermark to bound `column`; 0 for column -1.
  ///
  /// Errors: IllegalStateException for a column that no watermark bounds: the plan is wrong.
  static long offsetOf(PlanNode node, int column) {
    if (column < 0) {
      return 0;
    }
    for (Traits.TimeColumn t : node.traits().timeColumns()) {
      if (t.column() == column) {
        return t.offsetMicros();
      }
    }
    throw new IllegalStateException("column " + column + " has no watermark");
  }

  static boolean isBounded(PlanNode node, int column) {
    return node.traits().timeColumns().stream().anyMatch(t -> t.column() == column);
  }
}
