package dev.aevum.storage.state.memory;

import static dev.aevum.model.batch.Memory.LONG;
import static dev.aevum.storage.state.memory.RawMemory.ALL;

import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// Open addressing by linear probing over words `[tag 16 bits][address 48 bits]`, load at most 0.6.
/// Entries keep their 64-bit hash in their first 8 bytes and carry the flag [#INDEXED] while they
/// are in here. Low bits of the hash choose the place, bits 40 to 55 are the tag.
///
/// A probe is the caller's loop: from [#home] by [#after] until [#word] is 0.
final class AddressIndex implements AutoCloseable {
  static final int INDEXED = 0x40;

  private static final long ADDRESS = (1L << 48) - 1;
  private static final int MIN_CAPACITY = 16;

  private final BufferAllocator allocator;
  private @Nullable ArrowBuf buffer;
  private long words;
  private long mask;
  private long limit;
  private long count;

  AddressIndex(BufferAllocator allocator) {
    this.allocator = allocator;
    resize(MIN_CAPACITY);
  }

  static long tag(long hash) {
    return hash >>> 40 & 0xffff;
  }

  static long tagOf(long word) {
    return word >>> 48;
  }

  static long address(long word) {
    return word & ADDRESS;
  }

  long home(long hash) {
    return hash & mask;
  }

  long after(long place) {
    return place + 1 & mask;
  }

  long word(long place) {
    return ALL.get(LONG, words + (place << 3));
  }

  long count() {
    return count;
  }

  /// Makes room for `more` entries. `entries` holds all that is indexed.
  void reserve(long more, Arena entries) {
    if (count + more > limit) {
      long capacity = mask + 1;
      while (capacityLimit(capacity) < count + more) {
        capacity <<= 1;
      }
      rebuild(capacity, entries);
    }
  }

  /// Indexes anew every entry of `entries` that has the flag.
  void rebuild(Arena entries) {
    rebuild(mask + 1, entries);
  }

  private void rebuild(long capacity, Arena entries) {
    resize(capacity);
    for (long entry = entries.first(); entry != -1; entry = entries.next(entry)) {
      if ((Arena.flags(entry) & INDEXED) != 0) {
        place(entry);
      }
    }
  }

  private static long capacityLimit(long capacity) {
    return capacity * 6 / 10;
  }

  private void resize(long capacity) {
    ArrowBuf fresh = allocator.buffer(capacity << 3);
    if (buffer != null) {
      buffer.close();
    }
    buffer = fresh;
    words = fresh.memoryAddress();
    RawMemory.zero(words, capacity << 3);
    mask = capacity - 1;
    limit = capacityLimit(capacity);
    count = 0;
  }

  /// Adds an entry that is not there; room was reserved.
  void insert(long entry) {
    Arena.setFlags(entry, Arena.flags(entry) | INDEXED);
    place(entry);
  }

  private void place(long entry) {
    long hash = ALL.get(LONG, entry);
    long at = home(hash);
    while (word(at) != 0) {
      at = after(at);
    }
    set(at, tag(hash) << 48 | entry);
    count++;
  }

  private void set(long place, long word) {
    ALL.set(LONG, words + (place << 3), word);
  }

  /// Takes out an entry that is there, closing the gap.
  void remove(long entry) {
    long at = home(ALL.get(LONG, entry));
    while (address(word(at)) != entry) {
      if (word(at) == 0) {
        throw new IllegalStateException("entry is not in the index");
      }
      at = after(at);
    }
    long hole = at;
    while (true) {
      at = after(at);
      long word = word(at);
      if (word == 0) {
        break;
      }
      long home = home(ALL.get(LONG, address(word)));
      if ((at - home & mask) >= (at - hole & mask)) {
        set(hole, word);
        hole = at;
      }
    }
    set(hole, 0);
    count--;
    Arena.setFlags(entry, Arena.flags(entry) & ~INDEXED);
  }

  long sizeBytes() {
    return (mask + 1) << 3;
  }

  @Override
  public void close() {
    if (buffer != null) {
      buffer.close();
      buffer = null;
    }
  }
}
