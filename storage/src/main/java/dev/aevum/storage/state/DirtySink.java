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

  /// Every entry of the object in the shards [`fromShard`, `toShard`) whose key lies in [`from`,
  /// `to`) in memcmp order; an empty `to` is above every key. Comes before the puts of the same
  /// table and step.
  void deleteRange(ObjectId object, int fromShard, int toShard, byte[] from, byte[] to);
}
