package dev.aevum.testing.law;

import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.text.JavaValues;
import dev.aevum.model.type.SqlType;
import dev.aevum.testing.reference.ReferenceValues;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A multiset of rows by SQL equality.
final class Contents {
  private final List<SqlType> types;
  private final Map<List<Object>, Long> weights = new HashMap<>();

  Contents(List<SqlType> types) {
    this.types = types;
  }

  static Contents of(List<SqlType> types, List<List<@Nullable Object>> rows) {
    Contents contents = new Contents(types);
    rows.forEach(row -> contents.add(row, 1));
    return contents;
  }

  void add(List<@Nullable Object> row, long weight) {
    weights.merge(ReferenceValues.rowKey(types, row), weight, Long::sum);
    weights.values().removeIf(w -> w == 0);
  }

  void add(DeltaBatch batch) {
    for (int row = 0; row < batch.rows(); row++) {
      List<@Nullable Object> values = new ArrayList<>();
      for (int i = 0; i < batch.columnCount(); i++) {
        values.add(JavaValues.get(batch.column(i), row));
      }
      add(values, batch.weightAt(row));
    }
  }

  boolean hasNegative() {
    return weights.values().stream().anyMatch(w -> w < 0);
  }

  Map<List<Object>, Long> weights() {
    return weights;
  }
}
