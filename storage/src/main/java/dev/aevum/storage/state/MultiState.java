package dev.aevum.storage.state;

import java.lang.foreign.MemorySegment;

/// Key bytes to a multiset of rows (bytes of `RowCodec`) with int64 weights: an arrangement. In
/// storage an entry's key is `[varint key length][key][row]`, its value the weight. Weights may be
/// negative for a moment inside a step (inputs of a step are unordered); rows of weight 0 vanish.
public interface MultiState extends StateTable {
  /// Adds `weight` to the row's weight under the key; returns the new weight.
  long add(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      long hash,
      MemorySegment row,
      long rowOffset,
      int rowLength,
      long weight);

  /// Positions a walk over the rows of the key; true if there is one. Then [#next] until false; no
  /// changes meanwhile.
  boolean seek(MemorySegment key, long keyOffset, int keyLength, long hash);

  boolean next();

  MemorySegment rowSegment();

  long rowOffset();

  int rowLength();

  long rowWeight();

  /// For keys that begin with an 8-byte sign-flipped big-endian time: removes every row whose time
  /// is below `bound`.
  void dropBefore(long bound);
}
