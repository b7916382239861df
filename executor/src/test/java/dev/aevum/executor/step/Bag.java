package dev.aevum.executor.step;

import dev.aevum.model.batch.BatchWriter;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.text.JavaValues;
import dev.aevum.model.type.SqlType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// A multiset of rows of Java values with signed weights; rows of weight 0 are not in it.
final class Bag {
  private final Map<List<@Nullable Object>, Long> weights = new LinkedHashMap<>();

  /// A row and its weight.
  record Row(List<@Nullable Object> values, long weight) {}

  void add(List<@Nullable Object> row, long weight) {
    weights.merge(row, weight, Long::sum);
    weights.remove(row, 0L);
  }

  void add(DeltaBatch batch) {
    for (int r = 0; r < batch.rows(); r++) {
      List<@Nullable Object> row = new ArrayList<>();
      for (int c = 0; c < batch.columnCount(); c++) {
        row.add(JavaValues.get(batch.column(c), r));
      }
      add(row, batch.weightAt(r));
    }
  }

  List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    weights.forEach((row, w) -> rows.add(new Row(row, w)));
    return rows;
  }

  Map<List<@Nullable Object>, Long> weights() {
    return weights;
  }

  /// With values whose equality is SQL's: for comparing where the representation may differ.
  static Object canonical(@Nullable Object value) {
    return value instanceof BigDecimal d ? d.stripTrailingZeros() : value == null ? "NULL" : value;
  }

  static DeltaBatch batch(BufferAllocator allocator, List<SqlType> types, List<Row> rows) {
    boolean weighted = rows.stream().anyMatch(r -> r.weight() != 1);
    try (BatchWriter writer = new BatchWriter(allocator, types, weighted, rows.size())) {
      for (Row r : rows) {
        for (int c = 0; c < types.size(); c++) {
          JavaValues.append(r.values().get(c), writer.column(c));
        }
        writer.endRow(r.weight());
      }
      return writer.finish();
    }
  }

  @Override
  public String toString() {
    return weights.toString();
  }
}
