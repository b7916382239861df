package dev.aevum.executor.anomaly;

import static dev.aevum.model.batch.Memory.FLOAT;

import java.lang.foreign.MemorySegment;

/// The points that the trees of a forest hold, by slot: `[coordinate f32 x dimensions] x slots`. A
/// flyweight: [#open] first. One thread.
final class PointPool {
  private final int dimensions;
  private MemorySegment block = MemorySegment.NULL;
  private long base;

  PointPool(int dimensions) {
    this.dimensions = dimensions;
  }

  int dimensions() {
    return dimensions;
  }

  int width(int slots) {
    return 4 * dimensions * slots;
  }

  void open(MemorySegment opened, long at) {
    block = opened;
    base = at;
  }

  float get(int slot, int dimension) {
    return block.get(FLOAT, base + 4L * ((long) slot * dimensions + dimension));
  }

  void set(int slot, float[] point) {
    for (int d = 0; d < dimensions; d++) {
      block.set(FLOAT, base + 4L * ((long) slot * dimensions + d), point[d]);
    }
  }

  boolean equals(int slot, float[] point) {
    for (int d = 0; d < dimensions; d++) {
      if (get(slot, d) != point[d]) {
        return false;
      }
    }
    return true;
  }

  /// Fills this pool, which has more slots, from another.
  void copyFrom(PointPool from, int slots) {
    MemorySegment.copy(from.block, from.base, block, base, width(slots));
  }
}
