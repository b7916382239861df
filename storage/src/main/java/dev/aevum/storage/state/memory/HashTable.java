package dev.aevum.storage.state.memory;

import static dev.aevum.model.batch.Memory.INT;
import static dev.aevum.model.batch.Memory.LONG;
import static dev.aevum.storage.state.memory.RawMemory.ALL;
import static dev.aevum.storage.state.memory.RawMemory.align8;

import dev.aevum.model.codec.KeyHash;
import dev.aevum.model.step.ObjectId;
import dev.aevum.model.step.Shards;
import dev.aevum.storage.state.DirtySink;
import dev.aevum.storage.state.HashState;
import java.lang.foreign.MemorySegment;
import org.apache.arrow.memory.BufferAllocator;

/// A [HashState]. An entry: hash (8), key length (4), header (4), value (padded to 8), prefix (0 or
/// 8), key (padded to 8). Key and value share their cache lines; a slot is the entry's address.
///
/// An entry that is removed leaves the index at once and stays in the arena until the step's drain
/// when storage knows it. So a key that is removed and comes back within a step is two entries: its
/// delete, then its put.
final class HashTable implements HashState {
  static final int DIRTY = 1;
  static final int STORED = 2;
  static final int DEAD = 4;
  private static final int KEY_LENGTH = 8;
  private static final int VALUE = 16;
  private static final int CACHE_LINE = 64;

  private final BufferAllocator allocator;
  private final ObjectId id;
  private final int valueWidth;
  private final boolean tracked;
  private final int keyAt;
  private final int prefixLength;
  private final long prefix;
  private final AddressIndex index;
  private final AddressList dirty;
  private Arena arena;
  private boolean inserted;
  private boolean anyStored;
  private long[] words = new long[0];

  HashTable(BufferAllocator allocator, ObjectId id, int valueWidth) {
    this(allocator, id, valueWidth, true, 0, 0);
  }

  /// @param tracked false for a table that never goes to storage
  /// @param prefixLength 0 or 8: bytes put before each key in storage
  /// @param prefix these bytes as a little-endian int64
  HashTable(
      BufferAllocator allocator,
      ObjectId id,
      int valueWidth,
      boolean tracked,
      int prefixLength,
      long prefix) {
    this.allocator = allocator;
    this.id = id;
    this.valueWidth = valueWidth;
    this.tracked = tracked;
    this.prefixLength = prefixLength;
    this.prefix = prefix;
    this.keyAt = VALUE + align8(valueWidth) + prefixLength;
    this.index = new AddressIndex(allocator);
    this.arena = new Arena(allocator);
    this.dirty = new AddressList(allocator);
  }

  @Override
  public ObjectId id() {
    return id;
  }

  @Override
  public int valueWidth() {
    return valueWidth;
  }

  @Override
  public void reserve(int count) {
    index.reserve(count, arena);
  }

  @Override
  public long find(MemorySegment key, long keyOffset, int keyLength, long hash) {
    long tag = AddressIndex.tag(hash);
    long at = index.home(hash);
    long word = index.word(at);
    while (word != 0) {
      if (AddressIndex.tagOf(word) == tag) {
        long entry = AddressIndex.address(word);
        if (ALL.get(LONG, entry) == hash
            && ALL.get(INT, entry + KEY_LENGTH) == keyLength
            && RawMemory.equal(key, keyOffset, entry + keyAt, keyLength)) {
          return entry;
        }
      }
      at = index.after(at);
      word = index.word(at);
    }
    return -1;
  }

  @Override
  public long touch(long[] hashes, int from, int count) {
    if (words.length < count) {
      words = new long[count];
    }
    // Loads that do not depend on each other, and no branches: they are under way together.
    for (int i = 0; i < count; i++) {
      words[i] = AddressIndex.address(index.word(index.home(hashes[from + i])));
    }
    long sum = 0;
    // The head, a value's second line, the key: what nearly every use reads.
    int second = keyAt > CACHE_LINE ? CACHE_LINE : VALUE;
    for (int i = 0; i < count; i++) {
      long entry = words[i];
      if (entry != 0) {
        sum += ALL.get(LONG, entry) + ALL.get(LONG, entry + second) + ALL.get(LONG, entry + keyAt);
      }
    }
    return sum;
  }

  @Override
  public long findOrInsert(MemorySegment key, long keyOffset, int keyLength, long hash) {
    long entry = find(key, keyOffset, keyLength, hash);
    inserted = entry == -1;
    if (inserted) {
      entry = insert(key, keyOffset, keyLength, hash);
    }
    markDirty(entry);
    return entry;
  }

  private long insert(MemorySegment key, long keyOffset, int keyLength, long hash) {
    index.reserve(1, arena);
    long entry = arena.allocate(Math.addExact(keyAt, align8(keyLength)));
    ALL.set(LONG, entry, hash);
    ALL.set(INT, entry + KEY_LENGTH, keyLength);
    for (int i = VALUE; i < keyAt; i += 8) {
      ALL.set(LONG, entry + i, 0L);
    }
    if (prefixLength > 0) {
      ALL.set(LONG, entry + keyAt - 8, prefix);
    }
    RawMemory.copyIn(key, keyOffset, entry + keyAt, keyLength);
    index.insert(entry);
    return entry;
  }

  @Override
  public boolean inserted() {
    return inserted;
  }

  @Override
  public MemorySegment values() {
    return ALL;
  }

  @Override
  public long valueOffset(long slot) {
    return slot + VALUE;
  }

  @Override
  public void markDirty(long slot) {
    if (tracked) {
      int flags = Arena.flags(slot);
      if ((flags & DIRTY) == 0) {
        Arena.setFlags(slot, flags | DIRTY);
        dirty.add(slot);
      }
    }
  }

  @Override
  public void remove(long slot) {
    index.remove(slot);
    if (tracked) {
      markDirty(slot);
      Arena.setFlags(slot, Arena.flags(slot) | DEAD);
    } else {
      arena.free(slot);
    }
  }

  @Override
  public MemorySegment keys() {
    return ALL;
  }

  @Override
  public long keyOffset(long slot) {
    return slot + keyAt;
  }

  @Override
  public int keyLength(long slot) {
    return ALL.get(INT, slot + KEY_LENGTH);
  }

  @Override
  public long nextSlot(long from) {
    long entry = from == 0 ? arena.first() : arena.next(from - 1);
    while (entry != -1 && (Arena.flags(entry) & AddressIndex.INDEXED) == 0) {
      entry = arena.next(entry);
    }
    return entry;
  }

  @Override
  public long entries() {
    return index.count();
  }

  @Override
  public long sizeBytes() {
    return arena.sizeBytes() + index.sizeBytes() + dirty.sizeBytes();
  }

  /// Whether storage may hold entries of this table.
  boolean anyStored() {
    return anyStored;
  }

  @Override
  public void drainDirty(DirtySink sink) {
    for (int i = 0; i < dirty.size(); i++) {
      long entry = dirty.get(i);
      int flags = Arena.flags(entry);
      long key = entry + keyAt - prefixLength;
      int length = keyLength(entry) + prefixLength;
      int shard = Shards.ofHash(ALL.get(LONG, entry));
      if ((flags & DEAD) == 0) {
        sink.put(id, shard, ALL, key, length, ALL, entry + VALUE, valueWidth);
        Arena.setFlags(entry, (flags & ~DIRTY) | STORED);
        anyStored = true;
      } else {
        if ((flags & STORED) != 0) {
          sink.delete(id, shard, ALL, key, length);
        }
        arena.free(entry);
      }
    }
    dirty.clear();
    compact();
  }

  /// Copies what lives into a new arena when most of the old one is free. True when slots moved.
  boolean compact() {
    if (!arena.wasteful()) {
      return false;
    }
    Arena fresh = new Arena(allocator);
    for (long entry = nextSlot(0); entry != -1; entry = nextSlot(entry + 1)) {
      int size = Arena.size(entry);
      MemorySegment.copy(ALL, entry, ALL, fresh.allocate(size), size);
    }
    arena.close();
    arena = fresh;
    index.rebuild(arena);
    return true;
  }

  @Override
  public void restore(
      int shard,
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment value,
      long valueOffset,
      int valueLength) {
    long hash = KeyHash.hash(key, keyOffset, keyLength);
    if (Shards.ofHash(hash) != shard || valueLength != valueWidth) {
      throw new IllegalStateException(
          "stored entry of %s does not fit: shard %d, key of shard %d, value of %d bytes, not %d"
              .formatted(id, shard, Shards.ofHash(hash), valueLength, valueWidth));
    }
    long entry = find(key, keyOffset, keyLength, hash);
    if (entry == -1) {
      entry = insert(key, keyOffset, keyLength, hash);
    }
    RawMemory.copyIn(value, valueOffset, entry + VALUE, valueLength);
    Arena.setFlags(entry, Arena.flags(entry) | STORED);
    anyStored = true;
  }

  @Override
  public void close() {
    index.close();
    arena.close();
    dirty.close();
  }
}
