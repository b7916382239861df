package dev.aevum.connectors.format;

import dev.aevum.connectors.spi.SourceSpec;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.batch.Field;
import dev.aevum.model.batch.Schema;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.text.PgText;
import dev.aevum.model.text.TextStyle;
import dev.aevum.model.type.SqlType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.RootAllocator;

/// A decoder over columns, for tests: rows in, rows and errors as text out.
final class Decoding implements AutoCloseable {
  final RootAllocator allocator = new RootAllocator();
  final List<Field> fields = new ArrayList<>();
  final List<String> errors = new ArrayList<>();
  private final RowAppender out;
  private final RowDecoder decoder;

  /// `columns`: name, type, name, type ...; a name ending in `!` is NOT NULL.
  Decoding(RowFormat format, Object... columns) {
    List<Boolean> notNull = new ArrayList<>();
    for (int i = 0; i < columns.length; i += 2) {
      String name = (String) columns[i];
      notNull.add(name.endsWith("!"));
      fields.add(new Field(name.replace("!", ""), (SqlType) columns[i + 1], true));
    }
    SourceSpec spec =
        new SourceSpec(
            1,
            "t",
            new Schema(fields),
            Map.of(),
            notNull,
            Collections.nCopies(fields.size(), true),
            allocator);
    out = new RowAppender(spec, fields.size());
    decoder = format.decoder(out, fields);
  }

  RowDecoder decoder() {
    return decoder;
  }

  RowAppender appender() {
    return out;
  }

  Decoding row(String text) {
    return row(text.getBytes(StandardCharsets.UTF_8));
  }

  Decoding row(byte[] bytes) {
    // Not at the array's start, so that offsets are tested with every case.
    byte[] shifted = new byte[bytes.length + 5];
    System.arraycopy(bytes, 0, shifted, 3, bytes.length);
    SqlException refused = decoder.decode(shifted, 3, bytes.length);
    if (refused == null) {
      out.endRow();
    } else {
      errors.add(refused.sqlState() + " " + refused.text());
    }
    return this;
  }

  /// The rows so far, values by `|`, NULL as `~`.
  List<String> rows() {
    List<String> rows = new ArrayList<>();
    try (DeltaBatch batch = out.finish()) {
      for (int row = 0; row < batch.rows(); row++) {
        List<String> cells = new ArrayList<>();
        for (Column column : batch.columns()) {
          cells.add(column.isNull(row) ? "~" : PgText.text(column, row, TextStyle.DEFAULT));
        }
        rows.add(String.join("|", cells));
      }
    }
    return rows;
  }

  @Override
  public void close() {
    out.close();
    allocator.close();
  }
}
