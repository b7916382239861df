package dev.aevum.storage.state.memory;

import dev.aevum.model.step.ObjectId;
import dev.aevum.storage.state.DirtySink;
import dev.aevum.storage.state.StateTable;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;

/// What storage would hold: a map by (object, shard, key), and a loader from it.
final class StoredEntries implements DirtySink, StateLoader {
  record Key(long object, int shard, byte[] key) implements Comparable<Key> {
    @Override
    public int compareTo(Key o) {
      int c = Long.compareUnsigned(object, o.object);
      c = c != 0 ? c : Integer.compare(shard, o.shard);
      return c != 0 ? c : Arrays.compareUnsigned(key, o.key);
    }

    @Override
    public boolean equals(Object o) {
      return o instanceof Key k && compareTo(k) == 0;
    }

    @Override
    public int hashCode() {
      return Objects.hash(object, shard, Arrays.hashCode(key));
    }

    @Override
    public String toString() {
      return object + "/" + shard + "/" + HexFormat.of().formatHex(key);
    }
  }

  final NavigableMap<Key, byte[]> map = new TreeMap<>();
  int events;

  /// After a range delete a delete may name an entry that went with the range.
  private boolean ranged;

  static byte[] bytes(MemorySegment segment, long offset, int length) {
    return segment.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
  }

  @Override
  public void put(
      ObjectId object,
      int shard,
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment value,
      long valueOffset,
      int valueLength) {
    events++;
    map.put(
        new Key(object.packed(), shard, bytes(key, keyOffset, keyLength)),
        bytes(value, valueOffset, valueLength));
  }

  @Override
  public void delete(ObjectId object, int shard, MemorySegment key, long keyOffset, int keyLength) {
    events++;
    Key stored = new Key(object.packed(), shard, bytes(key, keyOffset, keyLength));
    if (map.remove(stored) == null && !ranged) {
      throw new AssertionError("delete of an unknown entry " + stored);
    }
  }

  @Override
  public void deleteRange(ObjectId object, int fromShard, int toShard, byte[] from, byte[] to) {
    events++;
    ranged = true;
    map.keySet()
        .removeIf(k ->
            k.object == object.packed()
                && k.shard >= fromShard
                && k.shard < toShard
                && Arrays.compareUnsigned(k.key, from) >= 0
                && (to.length == 0 || Arrays.compareUnsigned(k.key, to) < 0));
  }

  @Override
  public void load(StateTable table, int fromShard, int toShard) {
    map.forEach((k, v) -> {
      if (k.object == table.id().packed() && k.shard >= fromShard && k.shard < toShard) {
        table.restore(
            k.shard,
            MemorySegment.ofArray(k.key),
            0,
            k.key.length,
            MemorySegment.ofArray(v),
            0,
            v.length);
      }
    });
  }
}
