package dev.aevum.testing.reference;

import dev.aevum.planner.plan.PlanNode;

/// Whether a plan has groups in parts, which the reference evaluator does not know: then it
/// evaluates the query as written.
public final class PartialGroups {
  private PartialGroups() {}

  /// Matches count, too: for laws over queries whose patterns the planner orders by arrival.
  public static boolean in(PlanNode node) {
    return node instanceof PlanNode.MatchNode
        || node instanceof PlanNode.PartialAggregateNode
        || node.inputs().stream().anyMatch(PartialGroups::in);
  }

  public static boolean withoutMatches(PlanNode node) {
    return node instanceof PlanNode.PartialAggregateNode
        || node.inputs().stream().anyMatch(PartialGroups::withoutMatches);
  }
}
