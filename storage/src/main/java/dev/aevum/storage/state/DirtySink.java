package dev.aevum.storage.state;

import dev.aevum.model.step.ObjectId;
import java.lang.foreign.MemorySegment;

/// Takes the changed entries of a step; copies what it keeps. In storage an entry's key is
/// `(object, shard, key)`.
public interface DirtySink {
  void put(
      ObjectId object,
      int shard,
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment value,
      long valueOffset,
      int valueLength);

  void delete(ObjectId object, int shard, MemorySegment key, long keyOffset, int keyLength);

  /// Every entry of the object, in all shards of this worker, whose key lies in [from, to) in
  /// memcmp order.
  void deleteRange(ObjectId object, int fromShard, int toShard, byte[] from, byte[] to);
}
