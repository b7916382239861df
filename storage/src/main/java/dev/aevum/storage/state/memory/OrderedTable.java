package dev.aevum.storage.state.memory;

import static dev.aevum.model.batch.Memory.INT;
import static dev.aevum.model.batch.Memory.LONG;
import static dev.aevum.storage.state.memory.RawMemory.ALL;
import static dev.aevum.storage.state.memory.RawMemory.align8;

import dev.aevum.model.step.ObjectId;
import dev.aevum.model.step.Shards;
import dev.aevum.storage.state.DirtySink;
import dev.aevum.storage.state.OrderedState;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/// An [OrderedState] over a [ByteTree]. An entry: head hash (8), key length (4), header (4), value
/// length (4), room for the value (4), key (padded to 8), value.
///
/// A removed entry leaves the tree at once; storage learns of it at the drain. Ranges with many
/// entries reach storage as one range delete.
final class OrderedTable implements OrderedState {
  private static final int DIRTY = 1;
  private static final int STORED = 2;
  private static final int DEAD = 4;
  private static final int VALUE_LENGTH = 16;
  private static final int VALUE_ROOM = 20;
  private static final int RANGE_DELETE_FROM = 64;

  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Range(byte[] from, byte[] to) {}

  private final ObjectId id;
  private final boolean tracked;
  private final int fromShard;
  private final int toShard;
  private final BufferAllocator allocator;
  private final AddressList dirty;
  private final List<Range> dropped = new ArrayList<>();
  private final long[] scratch = new long[1];
  private final MemorySegment scratchSegment = MemorySegment.ofArray(scratch);
  private ByteTree tree;
  private Arena arena;
  private long entries;
  private long current;

  OrderedTable(
      BufferAllocator allocator, ObjectId id, boolean tracked, int fromShard, int toShard) {
    this.id = id;
    this.tracked = tracked;
    this.fromShard = fromShard;
    this.toShard = toShard;
    this.allocator = allocator;
    this.tree = new ByteTree(allocator);
    this.arena = new Arena(allocator);
    this.dirty = new AddressList(allocator);
  }

  @Override
  public ObjectId id() {
    return id;
  }

  @Override
  public void put(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      long headHash,
      MemorySegment value,
      long valueOffset,
      int valueLength) {
    if (tree.seek(key, keyOffset, keyLength)) {
      current = tree.entry();
      if (ALL.get(INT, current + VALUE_ROOM) < valueLength) {
        replace(valueLength);
      }
    } else {
      insert(key, keyOffset, keyLength, headHash, valueLength);
    }
    setValue(value, valueOffset, valueLength);
    touch(current);
  }

  private void setValue(MemorySegment value, long valueOffset, int valueLength) {
    ALL.set(INT, current + VALUE_LENGTH, valueLength);
    RawMemory.copyIn(value, valueOffset, valueOffset(), valueLength);
  }

  private long allocate(int keyLength, int valueLength) {
    int room = align8(valueLength);
    int size = Math.addExact(Math.addExact(ByteTree.KEY, align8(keyLength)), room);
    long entry = arena.allocate(size);
    ALL.set(INT, entry + ByteTree.KEY_LENGTH, keyLength);
    ALL.set(INT, entry + VALUE_ROOM, room);
    return entry;
  }

  private void insert(
      MemorySegment key, long keyOffset, int keyLength, long headHash, int valueLength) {
    current = allocate(keyLength, valueLength);
    ALL.set(LONG, current, headHash);
    RawMemory.copyIn(key, keyOffset, current + ByteTree.KEY, keyLength);
    tree.insert(current);
    entries++;
  }

  /// Gives the entry under the tree's cursor more room for its value.
  private void replace(int valueLength) {
    long old = current;
    int flags = Arena.flags(old);
    int keyLength = keyLength();
    current = allocate(keyLength, valueLength);
    ALL.set(LONG, current, ALL.get(LONG, old));
    MemorySegment.copy(ALL, old + ByteTree.KEY, ALL, current + ByteTree.KEY, keyLength);
    Arena.setFlags(current, flags & STORED);
    tree.replaceAtCursor(current);
    if ((flags & DIRTY) != 0) {
      Arena.setFlags(old, DIRTY | DEAD);
    } else {
      arena.free(old);
    }
  }

  private void touch(long entry) {
    int flags = Arena.flags(entry);
    if (tracked && (flags & DIRTY) == 0) {
      Arena.setFlags(entry, flags | DIRTY);
      dirty.add(entry);
    }
  }

  @Override
  public long addLong(
      MemorySegment key, long keyOffset, int keyLength, long headHash, long amount) {
    if (tree.seek(key, keyOffset, keyLength)) {
      current = tree.entry();
      long sum = Math.addExact(valueLong(), amount);
      if (sum == 0) {
        drop(true);
      } else {
        ALL.set(LONG, valueOffset(), sum);
        touch(current);
      }
      return sum;
    }
    if (amount != 0) {
      insert(key, keyOffset, keyLength, headHash, Long.BYTES);
      scratch[0] = amount;
      setValue(scratchSegment, 0, Long.BYTES);
      touch(current);
    }
    return amount;
  }

  @Override
  public boolean remove(MemorySegment key, long keyOffset, int keyLength, long headHash) {
    if (!tree.seek(key, keyOffset, keyLength)) {
      return false;
    }
    current = tree.entry();
    drop(true);
    return true;
  }

  /// Takes out the current entry, which is under the tree's cursor.
  private void drop(boolean tell) {
    tree.removeAtCursor();
    entries--;
    int flags = Arena.flags(current);
    int kept = tell ? flags : flags & ~STORED;
    if (tracked && (kept & (DIRTY | STORED)) != 0) {
      touch(current);
      Arena.setFlags(current, kept | DIRTY | DEAD);
    } else {
      arena.free(current);
    }
    current = 0;
  }

  @Override
  public boolean get(MemorySegment key, long keyOffset, int keyLength) {
    return at(tree.seek(key, keyOffset, keyLength));
  }

  private boolean at(boolean found) {
    current = found ? tree.entry() : 0;
    return found;
  }

  @Override
  public boolean seekAtLeast(MemorySegment key, long keyOffset, int keyLength) {
    return at(tree.seekAtLeast(key, keyOffset, keyLength));
  }

  @Override
  public boolean seekBelow(MemorySegment key, long keyOffset, int keyLength) {
    return at(tree.seekBelow(key, keyOffset, keyLength));
  }

  @Override
  public boolean next() {
    return at(tree.next());
  }

  @Override
  public boolean previous() {
    return at(tree.previous());
  }

  @Override
  public MemorySegment keySegment() {
    return ALL;
  }

  @Override
  public long keyOffset() {
    return current + ByteTree.KEY;
  }

  @Override
  public int keyLength() {
    return ALL.get(INT, current + ByteTree.KEY_LENGTH);
  }

  @Override
  public MemorySegment valueSegment() {
    return ALL;
  }

  @Override
  public long valueOffset() {
    return current + ByteTree.KEY + align8(keyLength());
  }

  @Override
  public int valueLength() {
    return ALL.get(INT, current + VALUE_LENGTH);
  }

  @Override
  public long valueLong() {
    if (valueLength() != Long.BYTES) {
      throw new IllegalStateException("value of " + valueLength() + " bytes is not an int64");
    }
    return ALL.get(LONG, valueOffset());
  }

  @Override
  public void removeRange(byte[] from, byte[] to) {
    MemorySegment first = MemorySegment.ofArray(from);
    MemorySegment end = MemorySegment.ofArray(to);
    boolean asRange = tracked && countTo(first, end) >= RANGE_DELETE_FROM;
    if (asRange) {
      dropped.add(new Range(from.clone(), to.clone()));
    }
    while (seekAtLeast(first, 0, from.length) && below(end)) {
      tree.seek(ALL, keyOffset(), keyLength());
      drop(!asRange);
    }
  }

  private boolean below(MemorySegment end) {
    return RawMemory.compare(end, 0, (int) end.byteSize(), keyOffset(), keyLength()) > 0;
  }

  /// Entries in the range, counted up to the number that makes a range delete worth it.
  private int countTo(MemorySegment first, MemorySegment end) {
    int count = 0;
    boolean more = seekAtLeast(first, 0, (int) first.byteSize());
    while (more && count < RANGE_DELETE_FROM && below(end)) {
      count++;
      more = next();
    }
    return count;
  }

  @Override
  public long entries() {
    return entries;
  }

  @Override
  public long sizeBytes() {
    return tree.sizeBytes() + arena.sizeBytes() + dirty.sizeBytes();
  }

  @Override
  public void drainDirty(DirtySink sink) {
    for (Range range : dropped) {
      sink.deleteRange(id, fromShard, toShard, range.from(), range.to());
    }
    dropped.clear();
    for (int i = 0; i < dirty.size(); i++) {
      current = dirty.get(i);
      int flags = Arena.flags(current);
      int shard = Shards.ofHash(ALL.get(LONG, current));
      if ((flags & DEAD) == 0) {
        sink.put(id, shard, ALL, keyOffset(), keyLength(), ALL, valueOffset(), valueLength());
        Arena.setFlags(current, STORED);
      } else {
        if ((flags & STORED) != 0) {
          sink.delete(id, shard, ALL, keyOffset(), keyLength());
        }
        arena.free(current);
      }
    }
    dirty.clear();
    compact();
  }

  /// Copies everything in order when most of the arena is free.
  private void compact() {
    if (!arena.wasteful()) {
      return;
    }
    Arena old = arena;
    arena = new Arena(allocator);
    for (boolean more = tree.seekFirst(); more; more = tree.next()) {
      long entry = tree.entry();
      int size = Arena.size(entry);
      long copy = arena.allocate(size);
      MemorySegment.copy(ALL, entry, ALL, copy, size);
      tree.replaceAtCursor(copy);
    }
    old.close();
    current = 0;
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
    if (tree.seek(key, keyOffset, keyLength)) {
      throw new IllegalStateException("entry of " + id + " is stored twice");
    }
    insert(key, keyOffset, keyLength, (long) shard << 56, valueLength);
    setValue(value, valueOffset, valueLength);
    Arena.setFlags(current, STORED);
  }

  @Override
  public void close() {
    tree.close();
    arena.close();
    dirty.close();
    entries = 0;
  }
}
