package dev.aevum.executor.kernel;

import static dev.aevum.model.batch.Memory.INT;
import static dev.aevum.model.batch.Memory.LONG;
import static dev.aevum.model.batch.Memory.SHORT;

import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.FixedColumn;
import dev.aevum.model.batch.Memory;
import dev.aevum.model.type.PhysicalType;
import dev.aevum.model.type.SqlType;
import java.lang.foreign.MemorySegment;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/// Puts a column together from parts that were evaluated on disjoint sets of positions (the
/// branches of CASE). Positions that no part covers are NULL. [#finish] gives the column away;
/// parts are borrowed.
public final class Scatter implements AutoCloseable {
  private final PhysicalType physical;
  private final FixedColumn out;

  public Scatter(BufferAllocator allocator, SqlType type, int rows) {
    this.physical = type.physical();
    this.out = new FixedColumn(allocator, type, rows);
    out.data().fill((byte) 0);
    out.validity().fill((byte) 0);
  }

  /// Row `i` of `part` becomes row `positions[i]`.
  public void put(Column part, int[] positions, int count) {
    MemorySegment from = part.data();
    MemorySegment to = out.data();
    switch (physical) {
      case BOOL -> bits(from, to, positions, count);
      case INT16 -> {
        for (int i = 0; i < count; i++) {
          to.set(SHORT, (long) positions[i] << 1, from.get(SHORT, (long) i << 1));
        }
      }
      case INT32, FLOAT32 -> {
        for (int i = 0; i < count; i++) {
          to.set(INT, (long) positions[i] << 2, from.get(INT, (long) i << 2));
        }
      }
      case INT64, FLOAT64 -> {
        for (int i = 0; i < count; i++) {
          to.set(LONG, (long) positions[i] << 3, from.get(LONG, (long) i << 3));
        }
      }
      case INT128, FIXED16 -> wides(from, to, positions, count);
      case VARLEN -> views(part, to, positions, count);
    }
    MemorySegment validity = part.validity();
    for (int i = 0; i < count; i++) {
      if (validity == null || Memory.bit(validity, i)) {
        Memory.setBit(out.validity(), positions[i]);
      }
    }
  }

  private static void bits(MemorySegment from, MemorySegment to, int[] positions, int count) {
    for (int i = 0; i < count; i++) {
      if (Memory.bit(from, i)) {
        Memory.setBit(to, positions[i]);
      } else {
        // COALESCE puts a position again, over the bit of a NULL, which may be set.
        Memory.clearBit(to, positions[i]);
      }
    }
  }

  private static void wides(MemorySegment from, MemorySegment to, int[] positions, int count) {
    for (int i = 0; i < count; i++) {
      long at = (long) positions[i] << 4;
      to.set(LONG, at, from.get(LONG, (long) i << 4));
      to.set(LONG, at + 8, from.get(LONG, ((long) i << 4) + 8));
    }
  }

  private void views(Column part, MemorySegment to, int[] positions, int count) {
    int base = -1;
    for (ArrowBuf buffer : part.longBuffers()) {
      buffer.getReferenceManager().retain();
      int index = out.addLongBuffer(buffer);
      base = base < 0 ? index : base;
    }
    wides(part.data(), to, positions, count);
    if (base > 0) {
      for (int i = 0; i < count; i++) {
        long view = (long) positions[i] << 4;
        if (to.get(INT, view) > 12) {
          to.set(INT, view + 8, to.get(INT, view + 8) + base);
        }
      }
    }
  }

  public Column finish() {
    return out.finish();
  }

  @Override
  public void close() {
    out.close();
  }
}
