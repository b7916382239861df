package dev.aevum.executor.operator;

import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.text.PgText;
import dev.aevum.model.text.TextStyle;

/// Rows as text, for error relations: values between commas, `NULL` for NULL. Off the step path:
/// for failing rows only.
final class RowText {
  private RowText() {}

  static String of(DeltaBatch batch, int row) {
    return of(batch.columns().toArray(Column[]::new), row);
  }

  static String of(Column[] columns, int row) {
    StringBuilder text = new StringBuilder();
    for (Column c : columns) {
      text.append(text.isEmpty() ? "" : ",")
          .append(c.isNull(row) ? "NULL" : PgText.text(c, row, TextStyle.DEFAULT));
    }
    return text.toString();
  }
}
