package dev.aevum.executor.learning;

import dev.aevum.model.codec.ByteSink;
import java.util.Arrays;

/// Numbers for 64-bit keys, in the order of their first sight: open addressing, no objects.
final class Numbering {
  private long[] keys = new long[8];
  private int[] table = new int[16];
  private int size;

  int size() {
    return size;
  }

  long key(int index) {
    return keys[index];
  }

  /// The key's number, -1 when it has none.
  int find(long key) {
    int mask = table.length - 1;
    for (int at = spread(key) & mask; ; at = (at + 1) & mask) {
      int entry = table[at];
      if (entry == 0) {
        return -1;
      }
      if (keys[entry - 1] == key) {
        return entry - 1;
      }
    }
  }

  /// The number of a key that has none yet.
  int add(long key) {
    if (size == keys.length) {
      keys = Arrays.copyOf(keys, 2 * size);
      table = new int[4 * keys.length];
      for (int i = 0; i < size; i++) {
        place(keys[i], i + 1);
      }
    }
    keys[size] = key;
    place(key, ++size);
    return size - 1;
  }

  private void place(long key, int entry) {
    int mask = table.length - 1;
    int at = spread(key) & mask;
    while (table[at] != 0) {
      at = (at + 1) & mask;
    }
    table[at] = entry;
  }

  static int spread(long key) {
    long mixed = key * 0x9E3779B97F4A7C15L;
    return (int) (mixed >>> 32);
  }

  void encode(ByteSink out) {
    out.appendInt(size);
    for (int i = 0; i < size; i++) {
      out.appendLong(keys[i]);
    }
  }

  void decode(StateReader in) {
    int count = in.readCount(8);
    for (int i = 0; i < count; i++) {
      var _ = add(in.readLong());
    }
  }
}
