package dev.aevum.testing.reference;

import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.PlanNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// INTERSECT and EXCEPT by counting.
final class ReferenceSets {
  private ReferenceSets() {}

  static List<List<@Nullable Object>> combine(
      PlanNode.SetOperationNode n,
      List<List<@Nullable Object>> left,
      List<List<@Nullable Object>> right) {
    List<SqlType> types = n.schema().types();
    Map<List<Object>, Integer> leftCounts = new LinkedHashMap<>();
    Map<List<Object>, Integer> rightCounts = new LinkedHashMap<>();
    Map<List<Object>, List<@Nullable Object>> rows = new LinkedHashMap<>();
    for (List<@Nullable Object> row : left) {
      List<Object> key = ReferenceValues.rowKey(types, row);
      rows.putIfAbsent(key, row);
      leftCounts.merge(key, 1, Integer::sum);
    }
    right.forEach(row -> rightCounts.merge(ReferenceValues.rowKey(types, row), 1, Integer::sum));
    List<List<@Nullable Object>> out = new ArrayList<>();
    leftCounts.forEach((key, l) -> {
      int r = rightCounts.getOrDefault(key, 0);
      int count =
          switch (n.kind()) {
            case INTERSECT -> r > 0 ? 1 : 0;
            case INTERSECT_ALL -> Math.min(l, r);
            case EXCEPT -> r > 0 ? 0 : 1;
            case EXCEPT_ALL -> Math.max(0, l - r);
          };
      for (int i = 0; i < count; i++) {
        out.add(java.util.Objects.requireNonNull(rows.get(key)));
      }
    });
    return out;
  }
}
