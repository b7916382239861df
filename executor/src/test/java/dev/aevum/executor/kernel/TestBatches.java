package dev.aevum.executor.kernel;

import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.text.JavaValues;
import dev.aevum.model.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// Batches from and to Java values.
public final class TestBatches {
  private TestBatches() {}

  public static DeltaBatch of(
      BufferAllocator allocator, List<SqlType> types, List<List<@Nullable Object>> rows) {
    Column[] columns = new Column[types.size()];
    for (int c = 0; c < columns.length; c++) {
      try (ColumnWriter writer = new ColumnWriter(allocator, types.get(c), rows.size())) {
        for (List<@Nullable Object> row : rows) {
          JavaValues.append(row.get(c), writer);
        }
        columns[c] = writer.finish();
      }
    }
    return new DeltaBatch(rows.size(), columns, null);
  }

  public static List<@Nullable Object> values(Column column) {
    List<@Nullable Object> values = new ArrayList<>();
    for (int i = 0; i < column.rows(); i++) {
      values.add(JavaValues.get(column, i));
    }
    return values;
  }
}
