package dev.aevum.executor.waiting;

import dev.aevum.model.batch.Column;
import dev.aevum.model.text.PgText;
import dev.aevum.model.text.TextStyle;
import java.util.stream.IntStream;

/// Rows as text for error relations: values between commas, `NULL` for NULL.
public final class RowNames {
  private RowNames() {}

  public static String of(RowStore store, int id) {
    return of(store, id, IntStream.range(0, store.columnsOf(id).length).toArray());
  }

  public static String of(RowStore store, int id, int[] columns) {
    StringBuilder text = new StringBuilder();
    int row = RowStore.rowOf(id);
    for (int column : columns) {
      Column c = store.column(id, column);
      text.append(text.isEmpty() ? "" : ",")
          .append(c.isNull(row) ? "NULL" : PgText.text(c, row, TextStyle.DEFAULT));
    }
    return text.toString();
  }
}
