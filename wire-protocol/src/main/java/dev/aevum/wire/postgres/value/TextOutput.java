package dev.aevum.wire.postgres.value;

import dev.aevum.model.batch.Column;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.text.PgText;
import dev.aevum.model.text.TextStyle;

/// PostgreSQL's text output.
record TextOutput(TextStyle style) implements ColumnOutput {
  @Override
  public void append(Column column, int row, ByteSink out) {
    PgText.format(column, row, style, out);
  }
}
