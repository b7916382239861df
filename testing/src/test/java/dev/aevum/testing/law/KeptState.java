package dev.aevum.testing.law;

import dev.aevum.model.step.ObjectId;
import dev.aevum.storage.state.DirtyDecoder;
import dev.aevum.storage.state.DirtySink;
import dev.aevum.storage.state.StateTable;
import dev.aevum.storage.state.memory.StateLoader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/// State as storage has it: what steps have drained, for a run that starts again.
final class KeptState implements DirtySink, StateLoader {
  private record Entry(ObjectId object, int shard, byte[] key) {}

  private final TreeMap<Entry, byte[]> entries =
      new TreeMap<>(
          Comparator.<Entry>comparingLong(e -> e.object().packed())
              .thenComparingInt(Entry::shard)
              .thenComparing(Entry::key, Arrays::compareUnsigned));

  void apply(byte[] section) {
    DirtyDecoder.decode(section, this);
  }

  /// Without the latest matches that final patterns keep for EXPLAIN WHY (their table 2): these
  /// have a bound of their own.
  long bytes() {
    long total = 0;
    for (Map.Entry<Entry, byte[]> entry : entries.entrySet()) {
      if ((entry.getKey().object().packed() & 0xff) != 2) {
        total += entry.getKey().key().length + entry.getValue().length;
      }
    }
    return total;
  }

  int size() {
    return entries.size();
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
    entries.put(
        new Entry(object, shard, copy(key, keyOffset, keyLength)),
        copy(value, valueOffset, valueLength));
  }

  @Override
  public void delete(ObjectId object, int shard, MemorySegment key, long offset, int length) {
    entries.remove(new Entry(object, shard, copy(key, offset, length)));
  }

  @Override
  public void deleteRange(ObjectId object, int fromShard, int toShard, byte[] from, byte[] to) {
    entries
        .keySet()
        .removeIf(e ->
            e.object().equals(object)
                && e.shard() >= fromShard
                && e.shard() < toShard
                && Arrays.compareUnsigned(e.key(), from) >= 0
                && (to.length == 0 || Arrays.compareUnsigned(e.key(), to) < 0));
  }

  @Override
  public void load(StateTable table, int fromShard, int toShard) {
    entries.forEach((e, value) -> {
      if (e.object().equals(table.id()) && e.shard() >= fromShard && e.shard() < toShard) {
        table.restore(
            e.shard(),
            MemorySegment.ofArray(e.key()),
            0,
            e.key().length,
            MemorySegment.ofArray(value),
            0,
            value.length);
      }
    });
  }

  private static byte[] copy(MemorySegment segment, long offset, int length) {
    return segment.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
  }
}
