package dev.aevum.executor.query;

import dev.aevum.model.batch.Column;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.codec.KeyCodec;
import dev.aevum.model.type.SqlType;
import java.util.Arrays;
import java.util.List;

/// Numbers distinct keys 0, 1, 2, ... in order of first sight. Open addressing over encoded keys.
final class KeyTable {
  private final KeyCodec codec;
  private final ByteSink keys = new ByteSink();
  private int[] ends = new int[65];
  private long[] hashes = new long[64];
  private int[] slots = new int[128];
  private int count;

  KeyTable(List<SqlType> types) {
    this.codec = new KeyCodec(types);
    Arrays.fill(slots, -1);
  }

  int size() {
    return count;
  }

  /// The number of the row's key, -1 when it is new and not to be added.
  int find(Column[] columns, int row, boolean add) {
    int start = keys.position();
    codec.encode(columns, row, keys);
    int length = keys.position() - start;
    long hash = KeyCodec.hash(keys.segment(), start, length);
    int mask = slots.length - 1;
    for (int slot = (int) hash & mask; ; slot = (slot + 1) & mask) {
      int number = slots[slot];
      if (number < 0) {
        if (!add) {
          keys.position(start);
          return -1;
        }
        slots[slot] = count;
        return added(hash);
      }
      if (hashes[number] == hash
          && Arrays.equals(
              keys.array(), ends[number], ends[number + 1], keys.array(), start, start + length)) {
        keys.position(start);
        return number;
      }
    }
  }

  private int added(long hash) {
    if (count == hashes.length) {
      hashes = Arrays.copyOf(hashes, count * 2);
      ends = Arrays.copyOf(ends, count * 2 + 1);
    }
    hashes[count] = hash;
    ends[count + 1] = keys.position();
    count++;
    if (count * 2 > slots.length) {
      grow();
    }
    return count - 1;
  }

  private void grow() {
    slots = new int[slots.length * 2];
    Arrays.fill(slots, -1);
    int mask = slots.length - 1;
    for (int number = 0; number < count; number++) {
      int slot = (int) hashes[number] & mask;
      while (slots[slot] >= 0) {
        slot = (slot + 1) & mask;
      }
      slots[slot] = number;
    }
  }
}
