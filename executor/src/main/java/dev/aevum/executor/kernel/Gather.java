package dev.aevum.executor.kernel;

import static dev.aevum.model.batch.Memory.INT;
import static dev.aevum.model.batch.Memory.LONG;
import static dev.aevum.model.batch.Memory.SHORT;

import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.batch.FixedColumn;
import dev.aevum.model.batch.Memory;
import dev.aevum.model.type.PhysicalType;
import java.lang.foreign.MemorySegment;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// Dense columns of selected rows. Sources are borrowed, results are given away. Long values stay
/// in the source's buffers, which the result shares, unless too little of them is used or they are
/// too many: then the values are copied together.
public final class Gather {
  private static final int MAX_SHARED_BUFFERS = 8;
  private static final long SHARE_ANYWAY_BYTES = 64 * 1024;

  private Gather() {}

  /// The selected rows; the column itself, retained, when that is all of it.
  public static Column gather(BufferAllocator allocator, Column source, Selection rows) {
    if (rows.isAll() && rows.size() == source.rows()) {
      return source.retain();
    }
    return gather(allocator, source, indices(rows), rows.size());
  }

  /// Rows `rows[0]` to `rows[count - 1]`, in that order; a row may repeat.
  public static Column gather(BufferAllocator allocator, Column source, int[] rows, int count) {
    try (FixedColumn out = new FixedColumn(allocator, source.type(), count)) {
      MemorySegment from = source.data();
      MemorySegment to = out.data();
      switch (source.physical()) {
        case BOOL -> bits(from, to, rows, count);
        case INT16 -> shorts(from, to, rows, count);
        case INT32, FLOAT32 -> ints(from, to, rows, count);
        case INT64, FLOAT64 -> longs(from, to, rows, count);
        case INT128, FIXED16 -> wides(from, to, rows, count);
        case VARLEN -> views(allocator, source, out, rows, count);
      }
      MemorySegment validity = source.validity();
      if (validity != null) {
        bits(validity, out.validity(), rows, count);
      }
      return out.finish();
    }
  }

  /// As [#gather], but index -1 gives NULL (the unmatched side of an outer join).
  public static Column gatherOrNull(
      BufferAllocator allocator, Column source, int[] rows, int count) {
    if (source.rows() == 0) {
      return nulls(allocator, source, count);
    }
    int[] clamped = new int[count];
    for (int i = 0; i < count; i++) {
      clamped[i] = Math.max(0, rows[i]);
    }
    try (Column gathered = gather(allocator, source, clamped, count);
        FixedColumn out = new FixedColumn(allocator, source.type(), count)) {
      MemorySegment.copy(gathered.data(), 0, out.data(), 0, dataBytes(gathered));
      out.copyValidity(gathered.validity());
      share(gathered, out);
      for (int i = 0; i < count; i++) {
        if (rows[i] < 0) {
          Memory.clearBit(out.validity(), i);
          if (source.physical() == PhysicalType.VARLEN) {
            clearView(out.data(), i);
          }
        }
      }
      return out.finish();
    }
  }

  private static Column nulls(BufferAllocator allocator, Column like, int count) {
    try (FixedColumn out = new FixedColumn(allocator, like.type(), count)) {
      out.data().fill((byte) 0);
      out.validity().fill((byte) 0);
      return out.finish();
    }
  }

  /// The batch of the selected rows, with their weights.
  public static DeltaBatch gather(BufferAllocator allocator, DeltaBatch source, Selection rows) {
    if (rows.isAll() && rows.size() == source.rows()) {
      return source.retain();
    }
    Column[] columns = new Column[source.columnCount()];
    int made = 0;
    try {
      for (; made < columns.length; made++) {
        columns[made] = gather(allocator, source.column(made), rows);
      }
      ArrowBuf weights = gatherWeights(allocator, source, rows);
      made = 0;
      return new DeltaBatch(rows.size(), columns, weights);
    } finally {
      for (int i = 0; i < made; i++) {
        columns[i].close();
      }
    }
  }

  /// Weights of the selected rows; null when all are +1. The reference belongs to the caller.
  public static @Nullable ArrowBuf gatherWeights(
      BufferAllocator allocator, DeltaBatch source, Selection rows) {
    ArrowBuf shared = source.weightBuffer();
    MemorySegment weights = source.weights();
    if (shared == null || weights == null) {
      return null;
    }
    if (rows.isAll() && rows.size() == source.rows()) {
      shared.getReferenceManager().retain();
      return shared;
    }
    ArrowBuf out = allocator.buffer(Math.max(8, 8L * rows.size()));
    longs(weights, Memory.segment(out), indices(rows), rows.size());
    return out;
  }

  /// The index list of a selection, made if it has none.
  public static int[] indices(Selection rows) {
    int[] list = rows.rows();
    if (list != null) {
      return list;
    }
    int[] made = new int[rows.size()];
    for (int i = 0; i < made.length; i++) {
      made[i] = i;
    }
    return made;
  }

  /// Adds the long buffers of `source` to a column under construction whose views refer to them by
  /// the same indices.
  public static void share(Column source, FixedColumn out) {
    for (ArrowBuf buffer : source.longBuffers()) {
      buffer.getReferenceManager().retain();
      out.addLongBuffer(buffer);
    }
  }

  static long dataBytes(Column column) {
    return column.physical() == PhysicalType.BOOL
        ? Memory.bitmapBytes(column.rows())
        : (long) column.rows() * column.physical().width();
  }

  public static void clearView(MemorySegment data, int row) {
    data.set(LONG, (long) row << 4, 0L);
    data.set(LONG, ((long) row << 4) + 8, 0L);
  }

  private static void bits(MemorySegment from, MemorySegment to, int[] rows, int count) {
    for (int base = 0; base < count; base += 64) {
      int limit = Math.min(64, count - base);
      long word = 0;
      for (int j = 0; j < limit; j++) {
        int row = rows[base + j];
        word |= (from.get(Memory.BYTE, row >>> 3) >>> (row & 7) & 1L) << j;
      }
      Memory.setWord(to, base >>> 6, word);
    }
  }

  private static void shorts(MemorySegment from, MemorySegment to, int[] rows, int count) {
    for (int i = 0; i < count; i++) {
      to.set(SHORT, (long) i << 1, from.get(SHORT, (long) rows[i] << 1));
    }
  }

  private static void ints(MemorySegment from, MemorySegment to, int[] rows, int count) {
    for (int i = 0; i < count; i++) {
      to.set(INT, (long) i << 2, from.get(INT, (long) rows[i] << 2));
    }
  }

  private static void longs(MemorySegment from, MemorySegment to, int[] rows, int count) {
    for (int i = 0; i < count; i++) {
      to.set(LONG, (long) i << 3, from.get(LONG, (long) rows[i] << 3));
    }
  }

  private static void wides(MemorySegment from, MemorySegment to, int[] rows, int count) {
    for (int i = 0; i < count; i++) {
      long at = (long) rows[i] << 4;
      to.set(LONG, (long) i << 4, from.get(LONG, at));
      to.set(LONG, ((long) i << 4) + 8, from.get(LONG, at + 8));
    }
  }

  private static void views(
      BufferAllocator allocator, Column source, FixedColumn out, int[] rows, int count) {
    MemorySegment to = out.data();
    wides(source.data(), to, rows, count);
    if (source.longBuffers().isEmpty()) {
      return;
    }
    long used = 0;
    for (int i = 0; i < count; i++) {
      int length = to.get(INT, (long) i << 4);
      used += length > 12 ? length : 0;
    }
    if (used == 0) {
      return;
    }
    long held = 0;
    for (ArrowBuf buffer : source.longBuffers()) {
      held += buffer.capacity();
    }
    boolean wasteful = held > SHARE_ANYWAY_BYTES && used < held / 4;
    if ((wasteful || source.longBuffers().size() > MAX_SHARED_BUFFERS)
        && used <= Integer.MAX_VALUE) {
      compact(allocator, source.longValues(), out, count, used);
    } else {
      share(source, out);
    }
  }

  private static void compact(
      BufferAllocator allocator, MemorySegment[] longs, FixedColumn out, int count, long used) {
    ArrowBuf buffer = allocator.buffer(used);
    int index = out.addLongBuffer(buffer);
    MemorySegment target = Memory.segment(buffer);
    MemorySegment views = out.data();
    int at = 0;
    for (int i = 0; i < count; i++) {
      long view = (long) i << 4;
      int length = views.get(INT, view);
      if (length > 12) {
        MemorySegment.copy(
            longs[views.get(INT, view + 8)], views.get(INT, view + 12), target, at, length);
        views.set(INT, view + 8, index);
        views.set(INT, view + 12, at);
        at += length;
      }
    }
  }
}
