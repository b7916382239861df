package dev.aevum.storage.state;

import java.lang.foreign.MemorySegment;

/// Entries that their owner keeps in memory in a form of its own: nothing can be read here but what
/// storage held when the table was opened. A key is put or removed at most once a step.
public interface JournalState extends StateTable {
  /// Inserts or replaces. `hash` decides the shard.
  void put(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      long hash,
      MemorySegment value,
      long valueOffset,
      int valueLength);

  void remove(MemorySegment key, long keyOffset, int keyLength, long hash);

  /// Hands over what storage held, once, and forgets it.
  void takeRestored(Restored taker);

  /// What the owner holds, for [#entries] and [#sizeBytes].
  void holds(long entries, long sizeBytes);

  /// Takes restored entries; segments are valid during the call.
  @FunctionalInterface
  interface Restored {
    void take(
        MemorySegment key,
        long keyOffset,
        int keyLength,
        MemorySegment value,
        long valueOffset,
        int valueLength);
  }
}
