package dev.aevum.executor.pattern;

import java.util.Arrays;

/// A set of int tuples of one width, emptied at no cost. Open addressing.
final class TupleSet {
  private final int width;
  private int[] tuples;
  private int[] stamps;
  private int stamp = 1;
  private int count;

  TupleSet(int width) {
    this.width = width;
    this.tuples = new int[64 * width];
    this.stamps = new int[64];
  }

  void clear() {
    count = 0;
    if (++stamp == 0) {
      Arrays.fill(stamps, 0);
      stamp = 1;
    }
  }

  /// True when the tuple at the start of `tuple` is new.
  boolean add(int[] tuple) {
    int mask = stamps.length - 1;
    int at = hash(tuple, 0) & mask;
    for (; stamps[at] == stamp; at = (at + 1) & mask) {
      int from = at * width;
      if (Arrays.equals(tuples, from, from + width, tuple, 0, width)) {
        return false;
      }
    }
    stamps[at] = stamp;
    System.arraycopy(tuple, 0, tuples, at * width, width);
    if (++count * 2 > stamps.length) {
      grow();
    }
    return true;
  }

  private int hash(int[] from, int offset) {
    int h = 0;
    for (int i = 0; i < width; i++) {
      h = (h ^ from[offset + i]) * 0x9E3779B1;
      h ^= h >>> 15;
    }
    return h;
  }

  private void grow() {
    int[] oldTuples = tuples;
    int[] oldStamps = stamps;
    stamps = new int[oldStamps.length * 2];
    tuples = new int[stamps.length * width];
    int mask = stamps.length - 1;
    for (int i = 0; i < oldStamps.length; i++) {
      if (oldStamps[i] == stamp) {
        int at = hash(oldTuples, i * width) & mask;
        while (stamps[at] == stamp) {
          at = (at + 1) & mask;
        }
        stamps[at] = stamp;
        System.arraycopy(oldTuples, i * width, tuples, at * width, width);
      }
    }
  }
}
