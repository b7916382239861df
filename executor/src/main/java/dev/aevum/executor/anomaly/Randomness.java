package dev.aevum.executor.anomaly;

import static dev.aevum.model.batch.Memory.LONG;

import java.lang.foreign.MemorySegment;

/// Random numbers whose state is eight bytes of a key's block: SplitMix64 (G. Steele, D. Lea, C.
/// Flood 2014). A flyweight: [#open] first. One thread.
final class Randomness {
  private static final double UNIT = 0x1p-53;

  private MemorySegment block = MemorySegment.NULL;
  private long base;

  void open(MemorySegment opened, long at) {
    block = opened;
    base = at;
  }

  void seed(long seed) {
    block.set(LONG, base, seed);
  }

  /// At least 0, below 1.
  double next() {
    return (nextLong() >>> 11) * UNIT;
  }

  long nextLong() {
    long state = block.get(LONG, base) + 0x9E3779B97F4A7C15L;
    block.set(LONG, base, state);
    return mix(state);
  }

  static long mix(long state) {
    long z = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
