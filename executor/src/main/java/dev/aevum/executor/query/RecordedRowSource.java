package dev.aevum.executor.query;

import dev.aevum.model.batch.BatchWriter;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.batch.Schema;
import dev.aevum.model.codec.RowCodec;
import java.lang.foreign.MemorySegment;
import java.util.Iterator;
import java.util.List;

/// Rows from bytes of [RowCodec], with the columns of `wanted` out of those of `recorded`, by name.
final class RecordedRowSource extends BufferedSource {
  private final Schema wanted;
  private final int[] columns;
  private final RowCodec codec;
  private final Iterator<byte[]> rows;
  private final QueryContext context;

  RecordedRowSource(Schema wanted, Schema recorded, List<byte[]> rows, QueryContext context) {
    this.wanted = wanted;
    this.columns =
        wanted.fields().stream().mapToInt(field -> indexOf(recorded, field.name())).toArray();
    this.codec = new RowCodec(recorded.types());
    this.rows = rows.iterator();
    this.context = context;
  }

  private static int indexOf(Schema schema, String name) {
    for (int i = 0; i < schema.size(); i++) {
      if (schema.field(i).name().equals(name)) {
        return i;
      }
    }
    throw new IllegalStateException("no column \"" + name + "\"");
  }

  @Override
  boolean fill() {
    context.check();
    try (BatchWriter out =
        new BatchWriter(
            context.evaluation().allocator(), wanted.types(), false, DeltaBatch.TARGET_ROWS)) {
      for (int i = 0; i < DeltaBatch.TARGET_ROWS && rows.hasNext(); i++) {
        byte[] row = rows.next();
        codec.decode(MemorySegment.ofArray(row), 0, row.length, columns, out, 0);
        out.endRow();
      }
      emit(out.finish());
    }
    return rows.hasNext();
  }
}
