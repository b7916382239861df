package dev.aevum.engine.runtime;

import dev.aevum.planner.plan.PlanNode;
import dev.aevum.planner.plan.PlanNode.ScanNode;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What a plan reads.
public final class PlanInputs {
  private PlanInputs() {}

  /// Relation to the columns of it that are scanned.
  public static Map<Integer, Set<Integer>> of(PlanNode root) {
    Map<Integer, Set<Integer>> inputs = new TreeMap<>();
    collect(root, inputs);
    return inputs;
  }

  private static void collect(PlanNode node, Map<Integer, Set<Integer>> into) {
    if (node instanceof ScanNode scan) {
      into.computeIfAbsent(scan.relation(), r -> new TreeSet<>()).addAll(scan.columns());
    }
    node.inputs().forEach(n -> collect(n, into));
  }
}
