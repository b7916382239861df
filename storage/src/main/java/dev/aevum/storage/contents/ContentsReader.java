package dev.aevum.storage.contents;

import dev.aevum.model.batch.BatchWriter;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// Decodes entries into batches of chosen columns. One thread.
public final class ContentsReader implements AutoCloseable {
  private final ContentsLayout layout;
  private final int[] columns;
  private final EntryCursor cursor;
  private final BatchWriter out;

  ContentsReader(
      ContentsLayout layout, List<Integer> columns, EntryCursor cursor, BufferAllocator allocator) {
    this.layout = layout;
    this.columns = columns.stream().mapToInt(Integer::intValue).toArray();
    this.cursor = cursor;
    List<SqlType> types = columns.stream().map(layout.types()::get).toList();
    this.out = new BatchWriter(allocator, types, true, 64);
  }

  /// The next batch, at most [DeltaBatch#TARGET_ROWS] entries; null at the end. The caller owns it.
  @SuppressWarnings("ReferenceEquality") // The question is whether it is the same array.
  public @Nullable DeltaBatch next() {
    byte[] array = null;
    MemorySegment segment = MemorySegment.NULL;
    while (out.rows() < DeltaBatch.TARGET_ROWS && cursor.next()) {
      if (cursor.weight() < 0) {
        throw ContentsVersion.negative(layout.relation());
      }
      if (cursor.bytes() != array) {
        array = cursor.bytes();
        segment = MemorySegment.ofArray(array);
      }
      layout
          .rowCodec()
          .decode(segment, cursor.rowStart(), cursor.end() - cursor.rowStart(), columns, out, 0);
      out.endRow(cursor.weight());
    }
    return out.rows() == 0 ? null : out.finish();
  }

  @Override
  public void close() {
    cursor.close();
    out.close();
  }
}
