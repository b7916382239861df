package dev.aevum.testing.reference;

import dev.aevum.planner.plan.PlanNode;

/// Whether a plan has groups in parts, which the reference evaluator does not know: then it
/// evaluates the query as written.
public final class PartialGroups {
  private PartialGroups() {}

  public static boolean in(PlanNode node) {
    return node instanceof PlanNode.PartialAggregateNode
        || node instanceof PlanNode.MatchNode
        || node.inputs().stream().anyMatch(PartialGroups::in);
  }
}
