package dev.aevum.executor.forecast;

import static dev.aevum.model.batch.Memory.DOUBLE;

import java.lang.foreign.MemorySegment;

/// The last values of a key, by row number. A flyweight; one thread.
final class History {
  private final int capacity;
  private MemorySegment block = MemorySegment.NULL;
  private long base;

  History(int capacity) {
    this.capacity = capacity;
  }

  int width() {
    return 8 * capacity;
  }

  int capacity() {
    return capacity;
  }

  void open(MemorySegment opened, long at) {
    block = opened;
    base = at;
  }

  double get(long row) {
    return block.get(DOUBLE, base + 8 * (row % capacity));
  }

  void set(long row, double value) {
    block.set(DOUBLE, base + 8 * (row % capacity), value);
  }
}
