package dev.aevum.storage.state.memory;

import dev.aevum.model.step.ObjectId;
import dev.aevum.model.step.Shards;
import dev.aevum.storage.state.DirtySink;
import dev.aevum.storage.state.HashState;
import dev.aevum.storage.state.SlicedState;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.arrow.memory.BufferAllocator;

/// A [SlicedState]: times in order beside their hash tables. Dropped slices are one range delete.
final class SlicedTable implements SlicedState {
  private static final ValueLayout.OfLong BIG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private final BufferAllocator allocator;
  private final ObjectId id;
  private final int valueWidth;
  private final int fromShard;
  private final int toShard;
  private long[] times = new long[8];
  private HashTable[] slices = new HashTable[8];
  private int count;
  private int last;
  private long droppedBound = Long.MIN_VALUE;

  SlicedTable(BufferAllocator allocator, ObjectId id, int valueWidth, int fromShard, int toShard) {
    this.allocator = allocator;
    this.id = id;
    this.valueWidth = valueWidth;
    this.fromShard = fromShard;
    this.toShard = toShard;
  }

  @Override
  public ObjectId id() {
    return id;
  }

  @Override
  public HashState slice(long time) {
    return table(time);
  }

  private HashTable table(long time) {
    if (last < count && times[last] == time) {
      return slices[last];
    }
    int at = Arrays.binarySearch(times, 0, count, time);
    if (at < 0) {
      at = -at - 1;
      open(at, time);
    }
    last = at;
    return slices[at];
  }

  private void open(int at, long time) {
    if (count == times.length) {
      times = Arrays.copyOf(times, count * 2);
      slices = Arrays.copyOf(slices, count * 2);
    }
    System.arraycopy(times, at, times, at + 1, count - at);
    System.arraycopy(slices, at, slices, at + 1, count - at);
    times[at] = time;
    long prefix = Long.reverseBytes(time ^ Long.MIN_VALUE);
    slices[at] = new HashTable(allocator, id, valueWidth, true, 8, prefix);
    count++;
  }

  @Override
  public long firstTime() {
    return count == 0 ? Long.MAX_VALUE : times[0];
  }

  @Override
  public long nextTime(long time) {
    int at = Arrays.binarySearch(times, 0, count, time);
    int next = at < 0 ? -at - 1 : at + 1;
    return next < count ? times[next] : Long.MAX_VALUE;
  }

  @Override
  public void dropBefore(long bound) {
    int drop = 0;
    while (drop < count && times[drop] < bound) {
      if (slices[drop].anyStored()) {
        droppedBound = Math.max(droppedBound, bound);
      }
      slices[drop].close();
      drop++;
    }
    if (drop > 0) {
      System.arraycopy(times, drop, times, 0, count - drop);
      System.arraycopy(slices, drop, slices, 0, count - drop);
      Arrays.fill(slices, count - drop, count, null);
      count -= drop;
      last = 0;
    }
  }

  @Override
  public long entries() {
    long entries = 0;
    for (int i = 0; i < count; i++) {
      entries += slices[i].entries();
    }
    return entries;
  }

  @Override
  public long sizeBytes() {
    long size = 0;
    for (int i = 0; i < count; i++) {
      size += slices[i].sizeBytes();
    }
    return size;
  }

  @Override
  public void drainDirty(DirtySink sink) {
    if (droppedBound != Long.MIN_VALUE) {
      sink.deleteRange(id, fromShard, toShard, new byte[0], timeBytes(droppedBound));
      droppedBound = Long.MIN_VALUE;
    }
    for (int i = 0; i < count; i++) {
      slices[i].drainDirty(sink);
    }
  }

  private static byte[] timeBytes(long time) {
    byte[] bytes = new byte[8];
    MemorySegment.ofArray(bytes).set(BIG, 0, time ^ Long.MIN_VALUE);
    return bytes;
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
    table(key.get(BIG, keyOffset) ^ Long.MIN_VALUE)
        .restore(shard, key, keyOffset + 8, keyLength - 8, value, valueOffset, valueLength);
  }

  /// Shards are [0, 256) at most.
  static void checkShards(int fromShard, int toShard) {
    if (fromShard < 0 || fromShard > toShard || toShard > Shards.COUNT) {
      throw new IllegalArgumentException("shards " + fromShard + " to " + toShard);
    }
  }

  @Override
  public void close() {
    for (int i = 0; i < count; i++) {
      slices[i].close();
    }
    count = 0;
  }
}
