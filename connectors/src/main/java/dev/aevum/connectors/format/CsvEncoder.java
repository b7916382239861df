package dev.aevum.connectors.format;

import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.batch.Field;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.text.PgText;
import dev.aevum.model.text.TextStyle;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// A row as separated values in PostgreSQL's CSV: NULL is the null text, and a value is quoted when
/// it holds a delimiter, a quote or a line end, or looks like the null text.
public final class CsvEncoder implements RowEncoder {
  private final CsvDialect dialect;
  private final List<Field> fields;
  private final byte[] nullText;
  private final ByteSink scratch = new ByteSink();

  public CsvEncoder(List<Field> fields, CsvDialect dialect) {
    this.fields = List.copyOf(fields);
    this.dialect = dialect;
    nullText = dialect.nullText().getBytes(StandardCharsets.UTF_8);
  }

  /// The line of names, with `op` first for changes.
  public void header(boolean changes, ByteSink out) {
    if (changes) {
      out.appendText("op");
    }
    for (int c = 0; c < fields.size(); c++) {
      if (c > 0 || changes) {
        out.appendByte(dialect.delimiter());
      }
      byte[] name = fields.get(c).name().getBytes(StandardCharsets.UTF_8);
      field(name, name.length, out);
    }
  }

  @Override
  public void encode(DeltaBatch batch, int row, ByteSink out) {
    for (int c = 0; c < fields.size(); c++) {
      if (c > 0) {
        out.appendByte(dialect.delimiter());
      }
      value(batch.column(c), row, out);
    }
  }

  @Override
  public void encodeChange(DeltaBatch batch, int row, boolean insert, ByteSink out) {
    out.appendText(insert ? "insert" : "delete");
    if (!fields.isEmpty()) {
      out.appendByte(dialect.delimiter());
    }
    encode(batch, row, out);
  }

  private void value(Column column, int row, ByteSink out) {
    if (column.isNull(row)) {
      out.appendBytes(nullText);
      return;
    }
    scratch.reset();
    PgText.format(column, row, TextStyle.DEFAULT, scratch);
    field(scratch.array(), scratch.position(), out);
  }

  private void field(byte[] bytes, int length, ByteSink out) {
    boolean quoted = Arrays.equals(bytes, 0, length, nullText, 0, nullText.length);
    for (int i = 0; i < length && !quoted; i++) {
      byte b = bytes[i];
      quoted = b == dialect.delimiter() || b == dialect.quote() || b == '\n' || b == '\r';
    }
    if (!quoted) {
      out.appendBytes(bytes, 0, length);
      return;
    }
    out.appendByte(dialect.quote());
    for (int i = 0; i < length; i++) {
      if (bytes[i] == dialect.quote()) {
        out.appendByte(dialect.quote());
      }
      out.appendByte(bytes[i]);
    }
    out.appendByte(dialect.quote());
  }
}
