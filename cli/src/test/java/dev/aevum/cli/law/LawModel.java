package dev.aevum.cli.law;

import dev.aevum.model.step.Watermarks;
import dev.aevum.model.text.TextStyle;
import dev.aevum.planner.plan.PlanNode;
import dev.aevum.testing.random.HistoryGenerator;
import dev.aevum.testing.random.Relation;
import dev.aevum.testing.reference.ReferenceEvaluator;
import dev.aevum.testing.reference.ReferenceResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the database should hold: rows of tables and streams, views and what they accepted. Views
/// are evaluated from scratch each time.
final class LawModel {
  final List<Relation> relations;
  final Map<Integer, List<List<@Nullable Object>>> rows = new HashMap<>();
  final Map<Integer, Long> watermarks = new HashMap<>();
  final Map<String, LawView> views = new LinkedHashMap<>();

  LawModel(List<Relation> relations) {
    this.relations = relations;
    relations.forEach(r -> rows.put(r.id(), new ArrayList<>()));
  }

  LawModel copy() {
    LawModel copy = new LawModel(relations);
    rows.forEach((relation, all) -> copy.rows.put(relation, new ArrayList<>(all)));
    copy.watermarks.putAll(watermarks);
    views.forEach((name, view) -> copy.views.put(name, view.copy()));
    return copy;
  }

  /// A view made now takes all rows there are: none of them is late for it.
  void add(LawView view) {
    for (int relation : LawView.judged(view.plan)) {
      if (rows.containsKey(relation)) {
        view.accepted.put(relation, new ArrayList<>(rows.get(relation)));
      }
    }
    views.put(view.name, view);
  }

  /// The rows that one step brings to streams: each is judged by the watermark before the step.
  void append(Map<Integer, List<List<@Nullable Object>>> step) {
    for (Relation stream : relations) {
      List<List<@Nullable Object>> added = step.getOrDefault(stream.id(), List.of());
      if (!stream.isStream() || added.isEmpty()) {
        continue;
      }
      long before = watermarks.getOrDefault(stream.id(), Watermarks.NONE);
      rows.get(stream.id()).addAll(added);
      for (LawView view : views.values()) {
        judge(view, stream, added, before);
      }
      for (List<@Nullable Object> row : added) {
        Long time = (Long) row.get(stream.timeColumn());
        if (time != null) {
          long after = time - HistoryGenerator.DELAY_SECONDS * 1_000_000L;
          watermarks.merge(stream.id(), after, Math::max);
        }
      }
    }
  }

  private static void judge(
      LawView view, Relation stream, List<List<@Nullable Object>> added, long watermark) {
    List<List<@Nullable Object>> accepted = view.accepted.get(stream.id());
    if (accepted == null) {
      return;
    }
    for (List<@Nullable Object> row : added) {
      Long time = (Long) row.get(stream.timeColumn());
      if (time == null || time >= watermark) {
        accepted.add(row);
      } else {
        view.late.add(new LawView.LateRow(row, watermark));
      }
    }
  }

  /// Contents and errors of each view, twice: by the plan that runs and by the query as written.
  Map<String, Evaluated> evaluate() {
    Map<String, Evaluated> all = new LinkedHashMap<>();
    Map<Integer, Long> marks = new HashMap<>(watermarks);
    Map<Integer, List<List<@Nullable Object>>> planned = new HashMap<>(rows);
    Map<Integer, List<List<@Nullable Object>>> written = new HashMap<>(rows);
    Map<Integer, Boolean> exact = new HashMap<>();
    for (LawView view : views.values()) {
      Map<Integer, List<List<@Nullable Object>>> accepted = new HashMap<>(planned);
      accepted.putAll(view.accepted);
      Map<Integer, List<List<@Nullable Object>>> asWritten = new HashMap<>(written);
      asWritten.putAll(view.accepted);
      ReferenceResult byQuery =
          new ReferenceEvaluator(asWritten, marks, TextStyle.DEFAULT).evaluate(view.query.plan());
      ReferenceResult byPlan =
          new ReferenceEvaluator(accepted, marks, TextStyle.DEFAULT).evaluate(view.plan);
      boolean comparable =
          byPlan.errors().isEmpty()
              && byQuery.errors().isEmpty()
              && view.inputs().stream().allMatch(i -> exact.getOrDefault(i, true));
      exact.put(view.oid, comparable);
      planned.put(view.oid, byPlan.rows());
      written.put(view.oid, byQuery.rows());
      Long watermark = least(view.plan, marks);
      if (watermark != null) {
        marks.put(view.oid, watermark);
      }
      all.put(view.name, new Evaluated(byPlan, byQuery, comparable));
    }
    return all;
  }

  private static @Nullable Long least(PlanNode node, Map<Integer, Long> marks) {
    if (node instanceof PlanNode.ScanNode scan) {
      return marks.get(scan.relation());
    }
    Long least = null;
    for (PlanNode input : node.inputs()) {
      Long each = least(input, marks);
      if (each == null) {
        return null;
      }
      least = least == null ? each : Long.valueOf(Math.min(least, each));
    }
    return least;
  }

  /// @param comparable no error came in the way of either: then both have the same rows
  record Evaluated(ReferenceResult byPlan, ReferenceResult byQuery, boolean comparable) {}
}
