package dev.aevum.testing.reference;

import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.text.JavaValues;
import dev.aevum.model.type.SqlType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A multiset of rows by SQL equality. Not thread-safe.
public final class Contents {
  private final List<SqlType> types;
  private final Map<List<Object>, Long> weights = new HashMap<>();

  public Contents(List<SqlType> types) {
    this.types = types;
  }

  public static Contents of(List<SqlType> types, List<List<@Nullable Object>> rows) {
    Contents contents = new Contents(types);
    rows.forEach(row -> contents.add(row, 1));
    return contents;
  }

  public void add(List<@Nullable Object> row, long weight) {
    if (weight != 0) {
      weights.merge(ReferenceValues.rowKey(types, row), weight, Contents::sum);
    }
  }

  private static @Nullable Long sum(long a, long b) {
    return a + b == 0 ? null : Long.valueOf(a + b);
  }

  public void add(DeltaBatch batch) {
    for (int row = 0; row < batch.rows(); row++) {
      List<@Nullable Object> values = new ArrayList<>();
      for (int i = 0; i < batch.columnCount(); i++) {
        values.add(JavaValues.get(batch.column(i), row));
      }
      add(values, batch.weightAt(row));
    }
  }

  public boolean hasNegative() {
    return weights.values().stream().anyMatch(w -> w < 0);
  }

  /// Rows by what SQL equality makes of them, each with its weight, never 0.
  public Map<List<Object>, Long> weights() {
    return weights;
  }
}
