package dev.aevum.executor.sequence;

import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.model.codec.KeyCodec;
import dev.aevum.storage.state.HashState;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/// Finds the keys whose last row is the oldest; of equal ones the least key. The oldest share of
/// all keys is found at once; of these, one is the oldest as long as it had no row since.
final class IdleKeys {
  private static final int LEAST = 64;
  private static final int SHARE = 16;

  private final HashState[] tables;
  private final Deque<Idle> oldest = new ArrayDeque<>();

  private record Idle(long time, byte[] key) {}

  /// All tiers of a call's models.
  IdleKeys(HashState[] tables) {
    this.tables = tables;
  }

  /// Removes the longest idle key.
  void evict() {
    while (true) {
      if (oldest.isEmpty()) {
        find();
      }
      Idle next = oldest.pop();
      MemorySegment key = MemorySegment.ofArray(next.key);
      long hash = KeyCodec.hash(key, 0, next.key.length);
      for (HashState table : tables) {
        long at = table.find(key, 0, next.key.length, hash);
        if (at >= 0 && table.values().get(LONG, table.valueOffset(at)) == next.time) {
          table.remove(at);
          return;
        }
      }
    }
  }

  private void find() {
    List<Idle> all = new ArrayList<>();
    for (HashState table : tables) {
      for (long at = table.nextSlot(0); at >= 0; at = table.nextSlot(at + 1)) {
        byte[] key = new byte[table.keyLength(at)];
        MemorySegment.copy(
            table.keys(), table.keyOffset(at), MemorySegment.ofArray(key), 0, key.length);
        all.add(new Idle(table.values().get(LONG, table.valueOffset(at)), key));
      }
    }
    if (all.isEmpty()) {
      throw new IllegalStateException("no key to free");
    }
    all.sort(
        Comparator.comparingLong(Idle::time).thenComparing(Idle::key, Arrays::compareUnsigned));
    oldest.addAll(all.subList(0, Math.min(all.size(), Math.max(LEAST, all.size() / SHARE))));
  }
}
