package dev.aevum.executor.function;

import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.model.batch.Column;
import dev.aevum.model.type.SqlType;
import org.jspecify.annotations.Nullable;

/// The field that a text column names, row by row; a constant is looked up once a batch. One
/// thread.
final class FieldReader {
  private final SqlType type;
  private @Nullable DateTimeField last;
  private long lastLow;
  private long lastHigh;

  FieldReader(SqlType type) {
    this.type = type;
  }

  /// Names of up to 12 bytes, all there are, lie in the view: equal views are equal names. Errors:
  /// 22023.
  DateTimeField at(Column names, int row) {
    long low = names.data().get(LONG, (long) row << 4);
    long high = names.data().get(LONG, ((long) row << 4) + 8);
    DateTimeField field = last;
    if (field == null || low != lastLow || high != lastHigh) {
      field = DateTimeField.of(names.textAt(row), type);
      last = names.lengthAt(row) <= 12 ? field : null;
      lastLow = low;
      lastHigh = high;
    }
    return field;
  }
}
