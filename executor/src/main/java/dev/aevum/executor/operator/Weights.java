package dev.aevum.executor.operator;

import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.model.batch.Memory;
import java.lang.foreign.MemorySegment;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/// Weight buffers.
final class Weights {
  private Weights() {}

  /// The same weight for every row.
  static ArrowBuf constant(BufferAllocator allocator, int rows, long weight) {
    ArrowBuf buffer = allocator.buffer(Math.max(8, 8L * rows));
    MemorySegment to = Memory.segment(buffer);
    for (int i = 0; i < rows; i++) {
      to.set(LONG, (long) i << 3, weight);
    }
    return buffer;
  }

  /// The first `rows` entries of `weights`.
  static ArrowBuf of(BufferAllocator allocator, long[] weights, int rows) {
    ArrowBuf buffer = allocator.buffer(Math.max(8, 8L * rows));
    MemorySegment.copy(weights, 0, Memory.segment(buffer), LONG, 0, rows);
    return buffer;
  }
}
