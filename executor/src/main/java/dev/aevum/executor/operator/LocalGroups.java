package dev.aevum.executor.operator;

import static dev.aevum.model.batch.Memory.BYTE;
import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.model.batch.Memory;
import dev.aevum.model.codec.ByteSink;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Objects;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// Groups that live for a part of a step: key bytes to a value of fixed width, values side by side
/// in order of first appearance. A group is its place in that order. Open addressing over places;
/// small enough to stay in the cache.
final class LocalGroups implements AutoCloseable {
  private static final int LEAST = 256;

  private final BufferAllocator allocator;
  private final int width;
  private final ByteSink keys = new ByteSink();
  private int[] index = new int[4 * LEAST];
  private long[] hashes = new long[LEAST];
  private int[] keyEnds = new int[LEAST + 1];
  private int count;
  private @Nullable ArrowBuf buffer;
  private MemorySegment values = Memory.EMPTY;

  LocalGroups(BufferAllocator allocator, int width) {
    this.allocator = allocator;
    this.width = width;
  }

  int count() {
    return count;
  }

  /// Makes room for `more` groups, so that [#values] stays where it is while they come.
  void reserve(int more) {
    int need = count + more;
    if (hashes.length < need) {
      int size = Math.max(need, 2 * hashes.length);
      hashes = Arrays.copyOf(hashes, size);
      keyEnds = Arrays.copyOf(keyEnds, size + 1);
    }
    if (index.length < 2 * need) {
      index = new int[Integer.highestOneBit(2 * need - 1) << 2];
      for (int place = 0; place < count; place++) {
        index[free(hashes[place])] = place + 1;
      }
    }
    long bytes = (long) need * width;
    if (values.byteSize() < bytes) {
      ArrowBuf larger = allocator.buffer(Math.max(bytes, 2 * values.byteSize()));
      MemorySegment to = Memory.segment(larger);
      MemorySegment.copy(values, 0, to, 0, (long) count * width);
      if (buffer != null) {
        buffer.close();
      }
      buffer = larger;
      values = to;
    }
  }

  private int free(long hash) {
    int mask = index.length - 1;
    int at = (int) hash & mask;
    while (index[at] != 0) {
      at = (at + 1) & mask;
    }
    return at;
  }

  /// Where the value of the key's group begins in [#values]; all zero for a new group. Room for it
  /// must have been reserved.
  long findOrInsert(MemorySegment key, int offset, int length, long hash) {
    int mask = index.length - 1;
    int at = (int) hash & mask;
    for (int place = index[at]; place != 0; place = index[at]) {
      if (hashes[place - 1] == hash && isKey(place - 1, key, offset, length)) {
        return (long) (place - 1) * width;
      }
      at = (at + 1) & mask;
    }
    index[at] = count + 1;
    hashes[count] = hash;
    keys.appendBytes(key, offset, length);
    keyEnds[count + 1] = keys.position();
    long value = (long) count * width;
    for (int i = 0; i < width; i += 8) {
      values.set(LONG, value + i, 0L);
    }
    count++;
    return value;
  }

  private boolean isKey(int place, MemorySegment key, int offset, int length) {
    int from = keyEnds[place];
    if (keyEnds[place + 1] - from != length) {
      return false;
    }
    MemorySegment kept = keys.segment();
    int i = 0;
    for (; i + 8 <= length; i += 8) {
      if (kept.get(LONG, from + i) != key.get(LONG, offset + i)) {
        return false;
      }
    }
    for (; i < length; i++) {
      if (kept.get(BYTE, from + i) != key.get(BYTE, offset + i)) {
        return false;
      }
    }
    return true;
  }

  /// The groups' values; take it again after [#reserve].
  MemorySegment values() {
    return values;
  }

  MemorySegment keys() {
    return keys.segment();
  }

  int keyOffset(int group) {
    return keyEnds[group];
  }

  /// Gives the memory of the values away and forgets the groups.
  ArrowBuf take() {
    ArrowBuf taken = Objects.requireNonNull(buffer);
    buffer = null;
    values = Memory.EMPTY;
    clear();
    return taken;
  }

  private void clear() {
    Arrays.fill(index, 0);
    keys.reset();
    count = 0;
  }

  @Override
  public void close() {
    clear();
    if (buffer != null) {
      buffer.close();
      buffer = null;
      values = Memory.EMPTY;
    }
  }
}
