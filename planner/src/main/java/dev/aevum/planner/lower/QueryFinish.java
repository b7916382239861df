package dev.aevum.planner.lower;

import dev.aevum.planner.catalog.RelationInfo;
import dev.aevum.planner.plan.PlanNode;
import java.util.List;
import java.util.Map;

/// The last steps of an ad-hoc query: columns pruned, output named, key lookups found.
public final class QueryFinish {
  private final Map<Integer, RelationInfo.Stored> relations;

  public QueryFinish(Map<Integer, RelationInfo.Stored> relations) {
    this.relations = relations;
  }

  public PlanNode finish(PlanNode lowered, List<String> names) {
    PlanNode pruned = OutputRow.named(ColumnPruning.prune(lowered), names);
    return new KeyLookup(relations).apply(pruned);
  }
}
