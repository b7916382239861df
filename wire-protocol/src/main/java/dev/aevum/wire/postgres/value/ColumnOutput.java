package dev.aevum.wire.postgres.value;

import dev.aevum.model.batch.Column;
import dev.aevum.model.codec.ByteSink;

/// Writes the values of one result column in one format. Not thread-safe: an instance may keep
/// scratch space.
interface ColumnOutput {
  /// Appends the bytes of a row's value, which is not NULL, without its length.
  void append(Column column, int row, ByteSink out);
}
