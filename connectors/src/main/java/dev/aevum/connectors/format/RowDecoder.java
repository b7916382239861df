package dev.aevum.connectors.format;

import dev.aevum.model.error.SqlException;
import org.jspecify.annotations.Nullable;

/// Decodes one row at a time into a [RowAppender]. One thread.
public sealed interface RowDecoder permits JsonDecoder, CsvDecoder {
  /// Appends the declared columns of the row in `length` bytes at `offset`, or returns why the row
  /// is refused, having appended nothing.
  @Nullable SqlException decode(byte[] bytes, int offset, int length);
}
