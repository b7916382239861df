package dev.aevum.executor.operator;

import dev.aevum.planner.plan.PlanNode.MatchNode;
import java.util.List;

/// A row pattern that keeps all rows of its input.
public interface KeepsInput {
  MatchNode matchNode();

  long keptRows();

  /// All rows, in any order: bytes of [dev.aevum.model.codec.RowCodec] over the input's columns.
  List<byte[]> inputRows();
}
