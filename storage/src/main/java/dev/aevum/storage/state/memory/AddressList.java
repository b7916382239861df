package dev.aevum.storage.state.memory;

import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.model.batch.Memory;
import java.lang.foreign.MemorySegment;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// A growing list of addresses in allocator memory.
final class AddressList implements AutoCloseable {
  private final BufferAllocator allocator;
  private @Nullable ArrowBuf buffer;
  private MemorySegment memory = Memory.EMPTY;
  private int capacity;
  private int size;

  AddressList(BufferAllocator allocator) {
    this.allocator = allocator;
  }

  int size() {
    return size;
  }

  long get(int index) {
    return memory.get(LONG, (long) index << 3);
  }

  void add(long address) {
    if (size == capacity) {
      grow();
    }
    memory.set(LONG, (long) size << 3, address);
    size++;
  }

  private void grow() {
    int wanted = Math.max(16, Math.multiplyExact(capacity, 2));
    ArrowBuf bigger = allocator.buffer((long) wanted << 3);
    MemorySegment target = Memory.segment(bigger);
    MemorySegment.copy(memory, 0, target, 0, (long) size << 3);
    if (buffer != null) {
      buffer.close();
    }
    buffer = bigger;
    memory = target;
    capacity = wanted;
  }

  /// Empties the list; gives large memory back.
  void clear() {
    size = 0;
    if (capacity > 1 << 16) {
      close();
    }
  }

  long sizeBytes() {
    return (long) capacity << 3;
  }

  @Override
  public void close() {
    if (buffer != null) {
      buffer.close();
      buffer = null;
    }
    memory = Memory.EMPTY;
    capacity = 0;
    size = 0;
  }
}
