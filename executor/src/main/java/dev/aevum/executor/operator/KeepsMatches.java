package dev.aevum.executor.operator;

import dev.aevum.planner.plan.PlanNode.MatchNode;
import java.util.List;

/// An operator that can still show the rows of its latest matches.
public interface KeepsMatches {
  MatchNode matchNode();

  /// Oldest first; for [dev.aevum.executor.pattern.RecordedMatches].
  List<byte[]> recentMatches();
}
