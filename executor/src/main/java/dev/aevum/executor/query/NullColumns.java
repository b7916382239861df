package dev.aevum.executor.query;

import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.FixedColumn;
import dev.aevum.model.type.SqlType;
import org.apache.arrow.memory.BufferAllocator;

/// Columns of nothing but NULL.
final class NullColumns {
  private NullColumns() {}

  static Column of(BufferAllocator allocator, SqlType type, int rows) {
    try (FixedColumn out = new FixedColumn(allocator, type, rows)) {
      out.data().fill((byte) 0);
      out.validity().fill((byte) 0);
      return out.finish();
    }
  }
}
