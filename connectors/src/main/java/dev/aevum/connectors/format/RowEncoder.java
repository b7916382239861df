package dev.aevum.connectors.format;

import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.codec.ByteSink;

/// Writes rows as text, without a line end. One thread.
public sealed interface RowEncoder permits JsonEncoder, CsvEncoder {
  void encode(DeltaBatch batch, int row, ByteSink out);

  /// The same with a first field `op` that says what happened to the row.
  void encodeChange(DeltaBatch batch, int row, boolean insert, ByteSink out);
}
