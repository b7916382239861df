package dev.aevum.executor.query;

import java.util.Arrays;

/// Pairs of row numbers, growing.
final class PairBuffer {
  int[] left = new int[1024];
  int[] right = new int[1024];
  int count;

  void add(int leftRow, int rightRow) {
    if (count == left.length) {
      left = Arrays.copyOf(left, count * 2);
      right = Arrays.copyOf(right, count * 2);
    }
    left[count] = leftRow;
    right[count++] = rightRow;
  }

  void clear() {
    count = 0;
  }
}
