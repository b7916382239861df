package dev.aevum.testing.reference;

import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.AggregateCall;
import dev.aevum.planner.plan.PlanNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Functions with OVER and the default frame: from the partition's first row to the last peer of
/// the current one.
final class ReferenceWindows {
  private ReferenceWindows() {}

  static List<List<@Nullable Object>> over(PlanNode.OverNode n, List<List<@Nullable Object>> rows) {
    List<SqlType> types = n.input().schema().types();
    Map<List<Object>, List<List<@Nullable Object>>> partitions = new LinkedHashMap<>();
    for (List<@Nullable Object> row : rows) {
      List<Object> key = new ArrayList<>();
      n.partitionBy().forEach(c -> key.add(ReferenceValues.key(types.get(c), row.get(c))));
      partitions.computeIfAbsent(key, k -> new ArrayList<>()).add(row);
    }
    Comparator<List<@Nullable Object>> order = ReferenceOrder.of(n.orderBy(), types);
    List<List<@Nullable Object>> out = new ArrayList<>();
    for (List<List<@Nullable Object>> partition : partitions.values()) {
      List<List<@Nullable Object>> sorted = new ArrayList<>(partition);
      sorted.sort(order);
      for (int i = 0; i < sorted.size(); i++) {
        List<@Nullable Object> made = new ArrayList<>(sorted.get(i));
        for (AggregateCall call : n.calls()) {
          made.add(value(call, types, sorted, i, order));
        }
        out.add(made);
      }
    }
    return out;
  }

  private static @Nullable Object value(
      AggregateCall call,
      List<SqlType> types,
      List<List<@Nullable Object>> sorted,
      int index,
      Comparator<List<@Nullable Object>> order) {
    int first = index;
    while (first > 0 && order.compare(sorted.get(first - 1), sorted.get(index)) == 0) {
      first--;
    }
    int end = index + 1;
    while (end < sorted.size() && order.compare(sorted.get(end), sorted.get(index)) == 0) {
      end++;
    }
    return switch (call.function().name()) {
      case "row_number" -> index + 1L;
      case "rank" -> first + 1L;
      case "dense_rank" -> {
        long rank = 1;
        for (int i = 1; i <= first; i++) {
          rank += order.compare(sorted.get(i - 1), sorted.get(i)) == 0 ? 0 : 1;
        }
        yield rank;
      }
      default -> ReferenceAggregates.value(call, types, sorted.subList(0, end));
    };
  }
}
