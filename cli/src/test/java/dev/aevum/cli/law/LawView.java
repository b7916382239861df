package dev.aevum.cli.law;

import dev.aevum.planner.plan.PlanNode;
import dev.aevum.testing.random.GeneratedQuery;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A view of the model: what it is, and the stream rows it accepted and refused.
///
/// @param plan what the database runs
/// @param accepted rows of streams that came in time, by stream; as given to a plan that judges
/// @param late rows that came late
final class LawView {
  final String name;
  final int oid;
  final GeneratedQuery query;
  final PlanNode plan;
  final boolean lateTable;
  final Map<Integer, List<List<@Nullable Object>>> accepted = new HashMap<>();
  final List<LateRow> late = new ArrayList<>();

  /// A row that was refused, and the watermark it came after.
  record LateRow(List<@Nullable Object> row, long watermark) {}

  LawView(String name, int oid, GeneratedQuery query, PlanNode plan, boolean lateTable) {
    this.name = name;
    this.oid = oid;
    this.query = query;
    this.plan = plan;
    this.lateTable = lateTable;
  }

  LawView copy() {
    LawView copy = new LawView(name, oid, query, plan, lateTable);
    accepted.forEach((stream, rows) -> copy.accepted.put(stream, new ArrayList<>(rows)));
    copy.late.addAll(late);
    return copy;
  }

  /// Relations of which the plan refuses late rows.
  static Set<Integer> judged(PlanNode plan) {
    Set<Integer> found = new HashSet<>();
    scans(plan, true, found);
    return found;
  }

  /// Relations that the plan reads without regard to lateness.
  static Set<Integer> unjudged(PlanNode plan) {
    Set<Integer> found = new HashSet<>();
    scans(plan, false, found);
    return found;
  }

  private static void scans(PlanNode node, boolean judged, Set<Integer> found) {
    if (node instanceof PlanNode.ScanNode scan && scan.watermark() == judged) {
      found.add(scan.relation());
    }
    node.inputs().forEach(input -> scans(input, judged, found));
  }

  Set<Integer> inputs() {
    Set<Integer> all = judged(plan);
    all.addAll(unjudged(plan));
    return all;
  }
}
