package dev.aevum.storage.state.memory;

import static dev.aevum.model.batch.Memory.INT;
import static dev.aevum.model.batch.Memory.LONG;
import static dev.aevum.storage.state.memory.RawMemory.ALL;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/// Blocks of memory in chunks of allocator buffers: given out one behind the other, freed into
/// lists by exact size, walkable in order of address within a chunk.
///
/// Each block keeps at [#HEADER] an int: its size in units of 8 bytes above [#FLAG_BITS] flag bits.
/// The flag [#FREE] is the arena's, the other flags and the other bytes are the owner's. Freed
/// blocks above [#LARGEST_CLASS] bytes come back only by compaction (the owner copies what lives
/// into a new arena).
final class Arena implements AutoCloseable {
  static final int HEADER = 12;
  static final int FLAG_BITS = 8;
  static final int FLAGS = (1 << FLAG_BITS) - 1;
  static final int FREE = 0x80;
  static final int MAX_BLOCK = 1 << 27;

  private static final int MIN_CHUNK = 1 << 10;
  private static final int MAX_CHUNK = 1 << 20;
  private static final int LARGEST_CLASS = 2048;

  private final BufferAllocator allocator;
  private final List<ArrowBuf> chunks = new ArrayList<>();
  private long[] starts = new long[4];
  private long[] ends = new long[4];
  private long[] freeHeads = new long[0];
  private int current = -1;
  private long top;
  private long limit;
  private long held;
  private long used;
  private long freed;
  private int walked;

  Arena(BufferAllocator allocator) {
    this.allocator = allocator;
  }

  static int flags(long block) {
    return ALL.get(INT, block + HEADER) & FLAGS;
  }

  static void setFlags(long block, int flags) {
    int header = ALL.get(INT, block + HEADER);
    ALL.set(INT, block + HEADER, (header & ~FLAGS) | flags);
  }

  static int size(long block) {
    return ALL.get(INT, block + HEADER) >>> FLAG_BITS << 3;
  }

  /// A block of `size` bytes (a multiple of 8, at least 16) with no flags; the rest is not cleared.
  long allocate(int size) {
    if (size > MAX_BLOCK) {
      throw new IllegalArgumentException("entry of " + size + " bytes");
    }
    long block = 0;
    if (size <= LARGEST_CLASS && freeHeads.length > 0) {
      block = freeHeads[size >>> 3];
    }
    if (block != 0) {
      freeHeads[size >>> 3] = ALL.get(LONG, block);
      freed -= size;
    } else {
      block = bump(size);
    }
    ALL.set(INT, block + HEADER, size >>> 3 << FLAG_BITS);
    return block;
  }

  private long bump(int size) {
    if (limit - top < size) {
      nextChunk(size);
    }
    long block = top;
    top += size;
    ends[current] = top;
    used += size;
    return block;
  }

  private void nextChunk(int size) {
    long wanted = Math.clamp(Long.highestOneBit(Math.max(1, held)), MIN_CHUNK, MAX_CHUNK);
    ArrowBuf chunk = allocator.buffer(Math.max(wanted, size));
    chunks.add(chunk);
    current = chunks.size() - 1;
    if (current == starts.length) {
      starts = Arrays.copyOf(starts, current * 2);
      ends = Arrays.copyOf(ends, current * 2);
    }
    held += chunk.capacity();
    top = chunk.memoryAddress();
    limit = top + chunk.capacity();
    starts[current] = top;
    ends[current] = top;
  }

  void free(long block) {
    int size = size(block);
    setFlags(block, FREE);
    freed += size;
    if (size <= LARGEST_CLASS) {
      if (freeHeads.length == 0) {
        freeHeads = new long[(LARGEST_CLASS >>> 3) + 1];
      }
      ALL.set(LONG, block, freeHeads[size >>> 3]);
      freeHeads[size >>> 3] = block;
    }
  }

  /// The first block that is not free, -1 when there is none.
  long first() {
    walked = 0;
    return chunks.isEmpty() ? -1 : live(starts[0]);
  }

  /// The block behind `block` that is not free, -1 at the end.
  long next(long block) {
    if (walked > current || block < starts[walked] || block >= ends[walked]) {
      walked = chunkOf(block);
    }
    return live(block + size(block));
  }

  private long live(long from) {
    long at = from;
    while (true) {
      if (at >= ends[walked]) {
        if (walked == current) {
          return -1;
        }
        walked++;
        at = starts[walked];
      } else if ((flags(at) & FREE) != 0) {
        at += size(at);
      } else {
        return at;
      }
    }
  }

  private int chunkOf(long block) {
    for (int i = 0; i <= current; i++) {
      if (block >= starts[i] && block < ends[i]) {
        return i;
      }
    }
    throw new IllegalArgumentException("no block of this arena");
  }

  /// Whether compaction would give back at least half of a sizeable arena.
  boolean wasteful() {
    return used > 1 << 16 && freed > used >>> 1;
  }

  long sizeBytes() {
    return held;
  }

  @Override
  public void close() {
    chunks.forEach(ArrowBuf::close);
    chunks.clear();
    Arrays.fill(freeHeads, 0);
    current = -1;
    top = 0;
    limit = 0;
    held = 0;
    used = 0;
    freed = 0;
  }
}
