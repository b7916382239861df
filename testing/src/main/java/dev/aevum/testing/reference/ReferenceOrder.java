package dev.aevum.testing.reference;

import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.SortKey;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Row order by sort keys.
final class ReferenceOrder {
  private ReferenceOrder() {}

  static Comparator<List<@Nullable Object>> of(List<SortKey> keys, List<SqlType> types) {
    return (a, b) -> {
      for (SortKey key : keys) {
        int order = compare(key, types.get(key.column()), a.get(key.column()), b.get(key.column()));
        if (order != 0) {
          return order;
        }
      }
      return 0;
    };
  }

  private static int compare(SortKey key, SqlType type, @Nullable Object a, @Nullable Object b) {
    if (a == null || b == null) {
      int nulls = Boolean.compare(a == null, b == null);
      return key.nullsFirst() ? -nulls : nulls;
    }
    int order = ReferenceValues.compare(type, a, b);
    return key.descending() ? -order : order;
  }
}
