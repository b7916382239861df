package dev.aevum.storage.state;

import java.lang.foreign.MemorySegment;

/// Key bytes to a value of fixed width, updated in place. Open addressing, off heap.
///
/// A *slot* is an entry's handle. Slots stay valid until the next [#findOrInsert] that grows the
/// table or any [#remove]: vectorised callers first call [#reserve] for the batch, then keep slots
/// for the batch. `values().get(layout, valueOffset(slot) + k)` reads.
public interface HashState extends StateTable {
  int valueWidth();

  /// Makes room for `count` more entries, so that slots found from now on stay valid until `count`
  /// inserts were made.
  void reserve(int count);

  /// The slot of the key, or -1.
  long find(MemorySegment key, long keyOffset, int keyLength, long hash);

  /// Reads from memory what [#find] will read for these keys, all at once: so that cache misses of
  /// a batch overlap. Changes nothing; the result means nothing.
  long touch(long[] hashes, int from, int count);

  /// The slot of the key; a new entry's value is all zero bytes. Marks the entry dirty.
  long findOrInsert(MemorySegment key, long keyOffset, int keyLength, long hash);

  /// Whether the last [#findOrInsert] made a new entry.
  boolean inserted();

  /// Memory that value offsets refer to; take it again after every [#reserve].
  MemorySegment values();

  long valueOffset(long slot);

  /// For changes through a slot from [#find].
  void markDirty(long slot);

  void remove(long slot);

  /// Memory that key offsets refer to; take it again after every insert.
  MemorySegment keys();

  long keyOffset(long slot);

  int keyLength(long slot);

  /// First live slot at or after `from` in table order, -1 at the end; start with 0, go on with
  /// slot + 1. Not during changes.
  long nextSlot(long from);
}
