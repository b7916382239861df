package dev.aevum.executor.waiting;

/// Orders released rows that have one time.
@FunctionalInterface
interface TieOrder {
  /// Puts `ids[from]` to `ids[to - 1]` in order: two at least.
  void sort(int[] ids, int from, int to);
}
