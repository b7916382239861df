package dev.aevum.wire.postgres.value;

import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.text.PgText;
import dev.aevum.model.text.TextStyle;
import dev.aevum.model.type.SqlType;
import dev.aevum.wire.postgres.message.FrontendMessage.Bind;
import dev.aevum.wire.postgres.message.Utf8Text;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/// The values of a Bind message as columns of one row. Owned by who decoded them.
public record Parameters(List<Column> columns) implements AutoCloseable {
  /// Errors: 08P01 for a wrong number of values or formats, and those of the values.
  public static Parameters decode(
      Bind bind, List<SqlType> types, TextStyle style, BufferAllocator allocator) {
    int formats = bind.formats().length;
    if (formats > 1 && formats != bind.parameterCount()) {
      throw new SqlException(
          ErrorCode.PROTOCOL_VIOLATION,
          "bind message has "
              + formats
              + " parameter formats but "
              + bind.parameterCount()
              + " parameters");
    }
    if (bind.parameterCount() != types.size()) {
      throw new SqlException(
          ErrorCode.PROTOCOL_VIOLATION,
          "bind message supplies "
              + bind.parameterCount()
              + " parameters, but prepared statement \""
              + bind.statement()
              + "\" requires "
              + types.size());
    }
    if (types.isEmpty()) {
      return new Parameters(List.of());
    }
    Parameters parameters = new Parameters(new ArrayList<>(types.size()));
    try {
      for (int i = 0; i < types.size(); i++) {
        parameters.columns.add(decode(bind, i, types.get(i), style, allocator));
      }
      return parameters;
    } catch (RuntimeException | Error e) {
      parameters.close();
      throw e;
    }
  }

  private static Column decode(
      Bind bind, int index, SqlType type, TextStyle style, BufferAllocator allocator) {
    boolean binary = ResultFormat.isBinary(bind.formats(), index);
    int offset = bind.offsets()[index];
    int length = bind.lengths()[index];
    try (ColumnWriter writer = new ColumnWriter(allocator, type, 1)) {
      if (length < 0) {
        writer.appendNull();
      } else if (binary) {
        BinaryInput.parse(bind.body(), offset, length, allocator, writer);
      } else {
        Utf8Text.check(bind.body(), offset, length);
        PgText.parse(MemorySegment.ofArray(bind.body()), offset, length, style, writer);
      }
      return writer.finish();
    }
  }

  @Override
  public void close() {
    columns.forEach(Column::close);
  }
}
