package dev.aevum.connectors.datagen;

import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.text.PgText;
import dev.aevum.model.text.TextStyle;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.model.type.VarcharType;
import org.apache.arrow.memory.BufferAllocator;

/// Brings a generated column to the declared type: for nothing where the layout is the same,
/// otherwise through text.
final class Conversion {
  private Conversion() {}

  /// Takes `column` over. Errors: those of reading the text for `type`.
  static Column convert(BufferAllocator allocator, Column column, SqlType type) {
    if (column.type().equals(type)) {
      return column;
    }
    try (column) {
      if ((isText(column.type()) && isText(type)) || (isTime(column.type()) && isTime(type))) {
        return column.as(type);
      }
      try (ColumnWriter writer = new ColumnWriter(allocator, type, column.rows())) {
        ByteSink text = new ByteSink();
        for (int row = 0; row < column.rows(); row++) {
          text.reset();
          PgText.format(column, row, TextStyle.DEFAULT, text);
          PgText.parse(text.segment(), 0, text.position(), TextStyle.DEFAULT, writer);
        }
        return writer.finish();
      }
    }
  }

  private static boolean isText(SqlType type) {
    return type == SimpleType.TEXT || (type instanceof VarcharType v && v.maxLength() < 0);
  }

  private static boolean isTime(SqlType type) {
    return type == SimpleType.TIMESTAMP || type == SimpleType.TIMESTAMPTZ;
  }
}
