package dev.aevum.executor.function;

import static dev.aevum.model.batch.Memory.INT;
import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.executor.kernel.Gather;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.FixedColumn;
import dev.aevum.model.batch.Memory;
import dev.aevum.model.type.SqlType;
import java.lang.foreign.MemorySegment;
import org.apache.arrow.memory.BufferAllocator;

/// A text column of pieces of another one: pieces of over 12 bytes stay where they are, in buffers
/// that both share.
final class ViewWriter implements AutoCloseable {
  private final Column source;
  private final FixedColumn out;
  private final MemorySegment views;

  ViewWriter(BufferAllocator allocator, SqlType type, Column source) {
    this.source = source;
    this.out = new FixedColumn(allocator, type, source.rows());
    this.views = out.data();
    Gather.share(source, out);
  }

  /// Row `row` becomes `length` bytes of the source's row from `start` on.
  void set(int row, int start, int length) {
    long view = (long) row << 4;
    MemorySegment from = source.data();
    int whole = from.get(INT, view);
    if (length == whole) {
      views.set(LONG, view, from.get(LONG, view));
      views.set(LONG, view + 8, from.get(LONG, view + 8));
      return;
    }
    MemorySegment text = source.segmentAt(row);
    long offset = source.offsetAt(row) + start;
    if (length <= 12) {
      Gather.clearView(views, row);
      views.set(INT, view, length);
      MemorySegment.copy(text, offset, views, view + 4, length);
      return;
    }
    views.set(INT, view, length);
    MemorySegment.copy(text, offset, views, view + 4, 4);
    views.set(INT, view + 8, from.get(INT, view + 8));
    views.set(INT, view + 12, (int) offset);
  }

  void setNull(int row) {
    Gather.clearView(views, row);
    Memory.clearBit(out.validity(), row);
  }

  Column finish() {
    return out.finish();
  }

  @Override
  public void close() {
    out.close();
  }
}
