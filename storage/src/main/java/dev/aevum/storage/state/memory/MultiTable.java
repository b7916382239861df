package dev.aevum.storage.state.memory;

import static dev.aevum.model.batch.Memory.INT;
import static dev.aevum.model.batch.Memory.LONG;
import static dev.aevum.storage.state.memory.RawMemory.ALL;
import static dev.aevum.storage.state.memory.RawMemory.align8;

import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.codec.KeyHash;
import dev.aevum.model.step.ObjectId;
import dev.aevum.model.step.Shards;
import dev.aevum.storage.state.DirtySink;
import dev.aevum.storage.state.MultiState;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// A [MultiState]: a hash table of keys, each with a two-way list of its rows. Keys of more than
/// [#LISTED] rows have all their rows in one more index, by hash of key and row, so that finding a
/// row stays O(1) for keys of any size.
///
/// A row: hash of key and row (8), length (4), header (4), key entry (8), next (8), previous (8),
/// weight (8), bytes (padded to 8). A row of weight 0 stays in its list until the drain.
final class MultiTable implements MultiState {
  private static final ValueLayout.OfLong BIG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final int LISTED = 8;
  private static final int DIRTY = 1;
  private static final int STORED = 2;

  /// Gone with its whole time range; only the list of dirty rows still names it.
  private static final int DROPPED = 4;

  private static final int LENGTH = 8;
  private static final int KEY_ENTRY = 16;
  private static final int NEXT = 24;
  private static final int PREVIOUS = 32;
  private static final int WEIGHT = 40;
  private static final int ROW = 48;

  /// In a key entry's value: first row, number of rows, whether they are indexed.
  private static final int HEAD = 16;

  private static final int ROWS = 24;
  private static final int HEAVY = 28;

  /// A bit for each hash among the rows: most new rows are known to be new without a walk.
  private static final int SEEN = 32;

  private static final int KEY_VALUE = 24;

  private final ObjectId id;
  private final int hashedFrom;
  private final BufferAllocator allocator;
  private final int fromShard;
  private final int toShard;
  private final HashTable keys;
  private final AddressIndex rowIndex;
  private final AddressList dirty;
  private final ByteSink stored = new ByteSink();
  private final MemorySegment timeKey = MemorySegment.ofArray(new byte[16]);
  private Arena rows;
  private @Nullable OrderedTable byTime;

  /// Storage key lengths seen among dropped rows, each one range delete at the drain.
  private int[] droppedLengths = new int[4];

  private int droppedCount;
  private long droppedBound = Long.MIN_VALUE;
  private long live;
  private long current;

  /// `hashedFrom`: where the part of a key begins that its hash is of: 0, or 8 behind a time.
  MultiTable(BufferAllocator allocator, ObjectId id, int hashedFrom, int fromShard, int toShard) {
    this.hashedFrom = hashedFrom;
    this.id = id;
    this.allocator = allocator;
    this.fromShard = fromShard;
    this.toShard = toShard;
    this.keys = new HashTable(allocator, id, KEY_VALUE, false, 0, 0);
    this.rowIndex = new AddressIndex(allocator);
    this.rows = new Arena(allocator);
    this.dirty = new AddressList(allocator);
  }

  @Override
  public ObjectId id() {
    return id;
  }

  @Override
  public long add(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      long hash,
      MemorySegment row,
      long rowOffset,
      int rowLength,
      long weight) {
    long keyEntry = keys.findOrInsert(key, keyOffset, keyLength, hash);
    if (keys.inserted()) {
      indexTime(keyEntry);
    }
    long mixed = mix(hash, KeyHash.hash(row, rowOffset, rowLength));
    long entry = findRow(keyEntry, mixed, row, rowOffset, rowLength);
    if (entry == 0) {
      entry = insertRow(keyEntry, mixed, row, rowOffset, rowLength);
    }
    long before = ALL.get(LONG, entry + WEIGHT);
    long after = Math.addExact(before, weight);
    ALL.set(LONG, entry + WEIGHT, after);
    live += (after == 0 ? 0 : 1) - (before == 0 ? 0 : 1);
    touch(entry);
    return after;
  }

  private static long mix(long keyHash, long rowHash) {
    return (Long.rotateLeft(keyHash, 31) ^ rowHash) * 0x9e3779b97f4a7c15L;
  }

  private long findRow(
      long keyEntry, long mixed, MemorySegment row, long rowOffset, int rowLength) {
    if (ALL.get(INT, keyEntry + HEAVY) != 0) {
      return findIndexed(keyEntry, mixed, row, rowOffset, rowLength);
    }
    if ((ALL.get(LONG, keyEntry + SEEN) & seen(mixed)) == 0) {
      return 0;
    }
    long entry = ALL.get(LONG, keyEntry + HEAD);
    while (entry != 0 && !same(entry, mixed, row, rowOffset, rowLength)) {
      entry = ALL.get(LONG, entry + NEXT);
    }
    return entry;
  }

  private static long seen(long mixed) {
    return 1L << (mixed >>> 58);
  }

  private long findIndexed(
      long keyEntry, long mixed, MemorySegment row, long rowOffset, int rowLength) {
    long tag = AddressIndex.tag(mixed);
    long at = rowIndex.home(mixed);
    long word = rowIndex.word(at);
    while (word != 0) {
      if (AddressIndex.tagOf(word) == tag) {
        long entry = AddressIndex.address(word);
        if (ALL.get(LONG, entry + KEY_ENTRY) == keyEntry
            && same(entry, mixed, row, rowOffset, rowLength)) {
          return entry;
        }
      }
      at = rowIndex.after(at);
      word = rowIndex.word(at);
    }
    return 0;
  }

  private static boolean same(
      long entry, long mixed, MemorySegment row, long rowOffset, int rowLength) {
    return ALL.get(LONG, entry) == mixed
        && ALL.get(INT, entry + LENGTH) == rowLength
        && RawMemory.equal(row, rowOffset, entry + ROW, rowLength);
  }

  /// A row of weight 0, first in its key's list.
  private long insertRow(
      long keyEntry, long mixed, MemorySegment row, long rowOffset, int rowLength) {
    long entry = rows.allocate(Math.addExact(ROW, align8(rowLength)));
    long head = ALL.get(LONG, keyEntry + HEAD);
    ALL.set(LONG, entry, mixed);
    ALL.set(INT, entry + LENGTH, rowLength);
    ALL.set(LONG, entry + KEY_ENTRY, keyEntry);
    ALL.set(LONG, entry + NEXT, head);
    ALL.set(LONG, entry + PREVIOUS, 0L);
    ALL.set(LONG, entry + WEIGHT, 0L);
    RawMemory.copyIn(row, rowOffset, entry + ROW, rowLength);
    if (head != 0) {
      ALL.set(LONG, head + PREVIOUS, entry);
    }
    ALL.set(LONG, keyEntry + HEAD, entry);
    ALL.set(LONG, keyEntry + SEEN, ALL.get(LONG, keyEntry + SEEN) | seen(mixed));
    int count = ALL.get(INT, keyEntry + ROWS) + 1;
    ALL.set(INT, keyEntry + ROWS, count);
    if (ALL.get(INT, keyEntry + HEAVY) != 0) {
      rowIndex.reserve(1, rows);
      rowIndex.insert(entry);
    } else if (count > LISTED) {
      makeHeavy(keyEntry);
    }
    return entry;
  }

  private void makeHeavy(long keyEntry) {
    ALL.set(INT, keyEntry + HEAVY, 1);
    for (long e = ALL.get(LONG, keyEntry + HEAD); e != 0; e = ALL.get(LONG, e + NEXT)) {
      rowIndex.reserve(1, rows);
      rowIndex.insert(e);
    }
  }

  private void touch(long entry) {
    int flags = Arena.flags(entry);
    if ((flags & DIRTY) == 0) {
      Arena.setFlags(entry, flags | DIRTY);
      dirty.add(entry);
    }
  }

  @Override
  public boolean seek(MemorySegment key, long keyOffset, int keyLength, long hash) {
    long keyEntry = keys.find(key, keyOffset, keyLength, hash);
    return keyEntry != -1 && walk(ALL.get(LONG, keyEntry + HEAD));
  }

  @Override
  public boolean next() {
    return walk(ALL.get(LONG, current + NEXT));
  }

  private boolean walk(long from) {
    long entry = from;
    while (entry != 0 && ALL.get(LONG, entry + WEIGHT) == 0) {
      entry = ALL.get(LONG, entry + NEXT);
    }
    current = entry;
    return entry != 0;
  }

  @Override
  public MemorySegment rowSegment() {
    return ALL;
  }

  @Override
  public long rowOffset() {
    return current + ROW;
  }

  @Override
  public int rowLength() {
    return ALL.get(INT, current + LENGTH);
  }

  @Override
  public long rowWeight() {
    return ALL.get(LONG, current + WEIGHT);
  }

  /// Key entries by their time, made by the first [#dropBefore].
  private void indexTime(long keyEntry) {
    if (byTime != null) {
      timeKey.set(BIG, 0, ALL.get(BIG, keys.keyOffset(keyEntry)));
      timeKey.set(BIG, 8, keyEntry);
      byTime.put(timeKey, 0, 16, 0, timeKey, 0, 0);
    }
  }

  private void indexTimes() {
    if (byTime != null) {
      byTime.close();
    }
    byTime = new OrderedTable(allocator, id, false, fromShard, toShard);
    for (long entry = keys.nextSlot(0); entry != -1; entry = keys.nextSlot(entry + 1)) {
      indexTime(entry);
    }
  }

  private void forgetTime(long keyEntry) {
    if (byTime != null) {
      timeKey.set(BIG, 0, ALL.get(BIG, keys.keyOffset(keyEntry)));
      timeKey.set(BIG, 8, keyEntry);
      byTime.remove(timeKey, 0, 16, 0);
    }
  }

  @Override
  public void dropBefore(long bound) {
    if (byTime == null) {
      indexTimes();
    }
    OrderedTable times = Objects.requireNonNull(byTime);
    while (times.seekAtLeast(timeKey, 0, 0)) {
      long time = ALL.get(BIG, times.keyOffset()) ^ Long.MIN_VALUE;
      if (time >= bound) {
        break;
      }
      dropKey(ALL.get(BIG, times.keyOffset() + 8), bound);
    }
  }

  private void dropKey(long keyEntry, long bound) {
    boolean anyStored = false;
    for (long entry = ALL.get(LONG, keyEntry + HEAD); entry != 0; ) {
      long next = ALL.get(LONG, entry + NEXT);
      int flags = Arena.flags(entry);
      anyStored |= (flags & STORED) != 0;
      live -= ALL.get(LONG, entry + WEIGHT) == 0 ? 0 : 1;
      if ((flags & AddressIndex.INDEXED) != 0) {
        rowIndex.remove(entry);
        flags &= ~AddressIndex.INDEXED;
      }
      if ((flags & DIRTY) != 0) {
        Arena.setFlags(entry, flags | DROPPED);
      } else {
        rows.free(entry);
      }
      entry = next;
    }
    if (anyStored) {
      noteDropped(keys.keyLength(keyEntry));
      droppedBound = Math.max(droppedBound, bound);
    }
    forgetTime(keyEntry);
    keys.remove(keyEntry);
  }

  private void noteDropped(int keyLength) {
    for (int i = 0; i < droppedCount; i++) {
      if (droppedLengths[i] == keyLength) {
        return;
      }
    }
    if (droppedCount == droppedLengths.length) {
      droppedLengths = Arrays.copyOf(droppedLengths, droppedCount * 2);
    }
    droppedLengths[droppedCount++] = keyLength;
  }

  @Override
  public long entries() {
    return live;
  }

  @Override
  public long sizeBytes() {
    return keys.sizeBytes()
        + rows.sizeBytes()
        + rowIndex.sizeBytes()
        + dirty.sizeBytes()
        + (byTime == null ? 0 : byTime.sizeBytes());
  }

  @Override
  public void drainDirty(DirtySink sink) {
    drainDropped(sink);
    for (int i = 0; i < dirty.size(); i++) {
      long entry = dirty.get(i);
      int flags = Arena.flags(entry);
      if ((flags & DROPPED) != 0) {
        rows.free(entry);
      } else {
        drainRow(entry, flags, sink);
      }
    }
    dirty.clear();
    compact();
  }

  private void drainRow(long entry, int flags, DirtySink sink) {
    long keyEntry = ALL.get(LONG, entry + KEY_ENTRY);
    boolean gone = ALL.get(LONG, entry + WEIGHT) == 0;
    if (!gone || (flags & STORED) != 0) {
      int length = storedKey(keyEntry, entry);
      int shard = Shards.ofHash(ALL.get(LONG, keyEntry));
      if (gone) {
        sink.delete(id, shard, stored.segment(), 0, length);
      } else {
        sink.put(id, shard, stored.segment(), 0, length, ALL, entry + WEIGHT, Long.BYTES);
      }
    }
    if (gone) {
      unlink(keyEntry, entry);
    } else {
      Arena.setFlags(entry, (flags & ~DIRTY) | STORED);
    }
  }

  private int storedKey(long keyEntry, long entry) {
    stored.reset();
    stored.appendVarint(keys.keyLength(keyEntry));
    stored.appendBytes(ALL, keys.keyOffset(keyEntry), keys.keyLength(keyEntry));
    stored.appendBytes(ALL, entry + ROW, ALL.get(INT, entry + LENGTH));
    return stored.position();
  }

  private void unlink(long keyEntry, long entry) {
    long next = ALL.get(LONG, entry + NEXT);
    long previous = ALL.get(LONG, entry + PREVIOUS);
    if (previous == 0) {
      ALL.set(LONG, keyEntry + HEAD, next);
    } else {
      ALL.set(LONG, previous + NEXT, next);
    }
    if (next != 0) {
      ALL.set(LONG, next + PREVIOUS, previous);
    }
    if ((Arena.flags(entry) & AddressIndex.INDEXED) != 0) {
      rowIndex.remove(entry);
    }
    rows.free(entry);
    int count = ALL.get(INT, keyEntry + ROWS) - 1;
    ALL.set(INT, keyEntry + ROWS, count);
    if (count == 0) {
      forgetTime(keyEntry);
      keys.remove(keyEntry);
    }
  }

  /// One range a length of keys, since in storage the length stands before the time.
  private void drainDropped(DirtySink sink) {
    for (int i = 0; i < droppedCount; i++) {
      sink.deleteRange(
          id,
          fromShard,
          toShard,
          bound(droppedLengths[i], Long.MIN_VALUE),
          bound(droppedLengths[i], droppedBound));
    }
    droppedCount = 0;
    droppedBound = Long.MIN_VALUE;
  }

  private byte[] bound(int keyLength, long time) {
    stored.reset();
    stored.appendVarint(keyLength);
    stored.appendLongBig(time ^ Long.MIN_VALUE);
    return stored.toBytes();
  }

  private void compact() {
    if (rows.wasteful()) {
      Arena old = rows;
      rows = new Arena(allocator);
      for (long key = keys.nextSlot(0); key != -1; key = keys.nextSlot(key + 1)) {
        moveRows(key);
      }
      old.close();
      rowIndex.rebuild(rows);
    }
    if (keys.compact()) {
      for (long key = keys.nextSlot(0); key != -1; key = keys.nextSlot(key + 1)) {
        for (long e = ALL.get(LONG, key + HEAD); e != 0; e = ALL.get(LONG, e + NEXT)) {
          ALL.set(LONG, e + KEY_ENTRY, key);
        }
      }
      if (byTime != null) {
        indexTimes();
      }
    }
    current = 0;
  }

  /// Rows of one key become neighbours.
  private void moveRows(long keyEntry) {
    long previous = 0;
    for (long entry = ALL.get(LONG, keyEntry + HEAD); entry != 0; ) {
      long next = ALL.get(LONG, entry + NEXT);
      int size = Arena.size(entry);
      long copy = rows.allocate(size);
      MemorySegment.copy(ALL, entry, ALL, copy, size);
      ALL.set(LONG, copy + PREVIOUS, previous);
      if (previous == 0) {
        ALL.set(LONG, keyEntry + HEAD, copy);
      } else {
        ALL.set(LONG, previous + NEXT, copy);
      }
      previous = copy;
      entry = next;
    }
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
    int length = 0;
    int at = 0;
    byte b;
    do {
      b = key.get(ValueLayout.JAVA_BYTE, keyOffset + at);
      length |= (b & 0x7f) << (7 * at);
      at++;
    } while (b < 0);
    long from = keyOffset + at;
    long hash = KeyHash.hash(key, from + hashedFrom, length - hashedFrom);
    if (Shards.ofHash(hash) != shard || valueLength != Long.BYTES) {
      throw new IllegalStateException("stored row of " + id + " does not fit shard " + shard);
    }
    long keyEntry = keys.findOrInsert(key, from, length, hash);
    int rowLength = keyLength - at - length;
    long mixed = mix(hash, KeyHash.hash(key, from + length, rowLength));
    long entry = insertRow(keyEntry, mixed, key, from + length, rowLength);
    ALL.set(LONG, entry + WEIGHT, value.get(LONG, valueOffset));
    Arena.setFlags(entry, Arena.flags(entry) | STORED);
    live++;
  }

  @Override
  public void close() {
    keys.close();
    rows.close();
    rowIndex.close();
    dirty.close();
    if (byTime != null) {
      byTime.close();
      byTime = null;
    }
  }
}
