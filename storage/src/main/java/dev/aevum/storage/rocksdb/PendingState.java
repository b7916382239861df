package dev.aevum.storage.rocksdb;

import dev.aevum.model.step.ObjectId;
import dev.aevum.storage.state.DirtySink;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// State changes of several steps, coalesced: the last change of each key, and ranges that are
/// deleted before. Fed with steps in order.
///
/// A key in storage: relation (u32), operator (u32), shard (u16), all big endian, then the table's
/// key.
public final class PendingState implements DirtySink {
  static final int HEAD = 10;

  /// From start to end; of ranges with the same start only the longest counts.
  private final NavigableMap<byte[], byte[]> ranges = new TreeMap<>(Arrays::compareUnsigned);

  private final NavigableMap<byte[], Change> changes = new TreeMap<>(Arrays::compareUnsigned);

  /// A put, or a delete when `value` is null.
  private static final class Change {
    final byte @Nullable [] value;

    Change(byte @Nullable [] value) {
      this.value = value;
    }
  }

  /// Takes what is to be done, ranges first.
  interface Visitor {
    void deleteRange(byte[] from, byte[] to);

    void put(byte[] key, byte[] value);

    void delete(byte[] key);
  }

  static byte[] head(ObjectId object, int shard) {
    return ByteBuffer.allocate(HEAD)
        .putInt(object.relation())
        .putInt(object.operator())
        .putShort((short) shard)
        .array();
  }

  private static byte[] key(
      ObjectId object, int shard, MemorySegment key, long offset, int length) {
    byte[] bytes = Arrays.copyOf(head(object, shard), HEAD + length);
    MemorySegment.copy(key, ValueLayout.JAVA_BYTE, offset, bytes, HEAD, length);
    return bytes;
  }

  private static byte[] key(ObjectId object, int shard, byte[] key) {
    byte[] bytes = Arrays.copyOf(head(object, shard), HEAD + key.length);
    System.arraycopy(key, 0, bytes, HEAD, key.length);
    return bytes;
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
    byte[] copy = new byte[valueLength];
    MemorySegment.copy(value, ValueLayout.JAVA_BYTE, valueOffset, copy, 0, valueLength);
    changes.put(key(object, shard, key, keyOffset, keyLength), new Change(copy));
  }

  @Override
  public void delete(ObjectId object, int shard, MemorySegment key, long keyOffset, int keyLength) {
    changes.put(key(object, shard, key, keyOffset, keyLength), new Change(null));
  }

  @Override
  public void deleteRange(ObjectId object, int fromShard, int toShard, byte[] from, byte[] to) {
    if (from.length == 0 && to.length == 0) {
      range(head(object, fromShard), head(object, toShard));
      return;
    }
    for (int shard = fromShard; shard < toShard; shard++) {
      byte[] end = to.length == 0 ? head(object, shard + 1) : key(object, shard, to);
      range(key(object, shard, from), end);
    }
  }

  private void range(byte[] from, byte[] to) {
    changes.subMap(from, to).clear();
    ranges.merge(from, to, (a, b) -> Arrays.compareUnsigned(a, b) < 0 ? b : a);
  }

  boolean isEmpty() {
    return ranges.isEmpty() && changes.isEmpty();
  }

  void visit(Visitor visitor) {
    ranges.forEach(visitor::deleteRange);
    changes.forEach((key, change) -> {
      if (change.value == null) {
        visitor.delete(key);
      } else {
        visitor.put(key, change.value);
      }
    });
  }
}
