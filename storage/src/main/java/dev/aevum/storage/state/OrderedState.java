package dev.aevum.storage.state;

import java.lang.foreign.MemorySegment;

/// Keys in memcmp order, each with a small value of any length. The shard is that of a key's *head*
/// (its first `headLength` bytes, such as the group): callers pass the head's hash. Walks are
/// bounded by a prefix or a bound.
public interface OrderedState extends StateTable {
  /// Inserts or replaces.
  void put(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      long headHash,
      MemorySegment value,
      long valueOffset,
      int valueLength);

  /// Adds to a value of one int64, 0 when absent; removes the entry when the sum is 0; returns the
  /// sum.
  long addLong(MemorySegment key, long keyOffset, int keyLength, long headHash, long amount);

  boolean remove(MemorySegment key, long keyOffset, int keyLength, long headHash);

  boolean get(MemorySegment key, long keyOffset, int keyLength);

  /// Moves to the smallest key >= the given one; false at the end. After it (or [#get]) the entry's
  /// getters hold.
  boolean seekAtLeast(MemorySegment key, long keyOffset, int keyLength);

  /// Moves to the greatest key < the given one.
  boolean seekBelow(MemorySegment key, long keyOffset, int keyLength);

  boolean next();

  boolean previous();

  MemorySegment keySegment();

  long keyOffset();

  int keyLength();

  MemorySegment valueSegment();

  long valueOffset();

  int valueLength();

  long valueLong();

  /// Removes every key in [from, to).
  void removeRange(byte[] from, byte[] to);
}
