package dev.aevum.testing.random;

import dev.aevum.model.batch.Schema;
import dev.aevum.planner.plan.PlanNode;
import java.util.List;

/// A subquery: its plan, its SELECT, the names of its columns.
record Part(PlanNode plan, String sql, List<String> names) {
  Schema schema() {
    return plan.schema();
  }
}
