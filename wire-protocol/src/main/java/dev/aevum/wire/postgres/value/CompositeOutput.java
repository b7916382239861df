package dev.aevum.wire.postgres.value;

import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.text.PgText;
import dev.aevum.model.text.RecordText;
import dev.aevum.model.text.TextStyle;
import dev.aevum.model.text.Utf8;
import dev.aevum.model.type.CompositeType;
import dev.aevum.model.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// PostgreSQL's binary form of composite values: the number of fields, then of each its type's OID,
/// its length (-1: NULL) and its bytes. In flight a composite value is its text form, which is
/// taken apart here. One thread.
///
/// Source: record_send of PostgreSQL's rowtypes.c.
final class CompositeOutput {
  private final List<SqlType> types;
  private final List<BinaryOutput> outputs;
  private final BufferAllocator allocator;

  private CompositeOutput(
      List<SqlType> types, List<BinaryOutput> outputs, BufferAllocator allocator) {
    this.types = types;
    this.outputs = outputs;
    this.allocator = allocator;
  }

  /// Errors: 42883 for an attribute's type without binary output.
  static CompositeOutput of(CompositeType type, BufferAllocator allocator) {
    List<SqlType> types = type.attributes().stream().map(CompositeType.Attribute::type).toList();
    return new CompositeOutput(
        types, types.stream().map(t -> BinaryOutput.of(t, allocator)).toList(), allocator);
  }

  void append(MemorySegment segment, long offset, int length, ByteSink out) {
    List<@Nullable String> fields = RecordText.split(Utf8.string(segment, offset, length));
    out.appendIntBig(types.size());
    for (int i = 0; i < types.size(); i++) {
      out.appendIntBig(types.get(i).oid());
      @Nullable String field = fields.get(i);
      int at = out.position();
      if (field == null) {
        out.appendIntBig(-1);
      } else {
        out.appendIntBig(0);
        append(field, i, out);
        out.setIntBig(at, out.position() - at - 4);
      }
    }
  }

  private void append(String field, int index, ByteSink out) {
    SqlType type = types.get(index);
    try (ColumnWriter writer = new ColumnWriter(allocator, type, 1)) {
      if (type instanceof CompositeType) {
        byte[] text = field.getBytes(StandardCharsets.UTF_8);
        writer.appendBytes(text, 0, text.length);
      } else {
        PgText.parse(field, TextStyle.DEFAULT, writer);
      }
      try (Column column = writer.finish()) {
        outputs.get(index).append(column, 0, out);
      }
    }
  }
}
