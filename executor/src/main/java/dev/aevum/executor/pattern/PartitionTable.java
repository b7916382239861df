package dev.aevum.executor.pattern;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Partitions by encoded key. Open addressing.
final class PartitionTable {
  private @Nullable PartitionMatch[] slots = new PartitionMatch[64];
  private long[] hashes = new long[64];
  private int count;

  int size() {
    return count;
  }

  /// The partition of the key, if there is one.
  @Nullable PartitionMatch find(byte[] keys, int from, int to, long hash) {
    int mask = slots.length - 1;
    int at = slot(hash) & mask;
    for (PartitionMatch p = slots[at]; p != null; p = slots[at]) {
      if (hashes[at] == hash && p.isOf(keys, from, to)) {
        return p;
      }
      at = (at + 1) & mask;
    }
    return null;
  }

  /// Reads where the partitions of a hash are looked for.
  long read(long hash) {
    int at = slot(hash) & slots.length - 1;
    return slots[at] == null ? 0 : hashes[at];
  }

  /// Makes the partition of a key that has none.
  PartitionMatch add(byte[] keys, int from, int to, long hash) {
    PartitionMatch made = new PartitionMatch(Arrays.copyOfRange(keys, from, to), hash);
    if (++count * 2 > slots.length) {
      grow();
    }
    place(made, hash);
    return made;
  }

  private static int slot(long hash) {
    return (int) (hash ^ hash >>> 29);
  }

  private void grow() {
    PartitionMatch[] old = slots;
    long[] oldHashes = hashes;
    slots = new PartitionMatch[old.length * 2];
    hashes = new long[slots.length];
    for (int i = 0; i < old.length; i++) {
      PartitionMatch p = old[i];
      if (p != null) {
        place(p, oldHashes[i]);
      }
    }
  }

  private void place(PartitionMatch p, long hash) {
    int mask = slots.length - 1;
    int at = slot(hash) & mask;
    while (slots[at] != null) {
      at = (at + 1) & mask;
    }
    slots[at] = p;
    hashes[at] = hash;
  }

  void remove(PartitionMatch p) {
    int mask = slots.length - 1;
    int at = slot(p.hash) & mask;
    while (slots[at] != p) {
      if (slots[at] == null) {
        throw new IllegalStateException("partition is not here");
      }
      at = (at + 1) & mask;
    }
    slots[at] = null;
    count--;
    for (int next = (at + 1) & mask; ; next = (next + 1) & mask) {
      PartitionMatch moved = slots[next];
      if (moved == null) {
        return;
      }
      slots[next] = null;
      place(moved, hashes[next]);
    }
  }

  void forEach(Consumer<PartitionMatch> action) {
    for (PartitionMatch p : slots) {
      if (p != null) {
        action.accept(p);
      }
    }
  }
}
