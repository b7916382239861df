package dev.aevum.executor.anomaly;

import static dev.aevum.model.batch.Memory.DOUBLE;
import static dev.aevum.model.batch.Memory.LONG;

import java.lang.foreign.MemorySegment;

/// What is slow: the means of the last 80 and of the last 160 values, each among its own past. Only
/// where both are rare is it a drift, so its rarity is the lesser of the two. Nothing is judged
/// before there are 100 whole means.
///
/// The tails decide, not the middle, so that the memories are small ones.
///
/// Block: `[values i64][last values f64 x 160][memory x 2]`. A flyweight: [#open] first. One
/// thread.
final class Drift {
  static final int COUNT = 2;

  private static final int[] ROWS = {80, 160};
  private static final int LONGEST = 160;
  private static final int SAMPLE = 64;
  private static final int LEAST_MEANS = 100;

  /// Sums are of such parts of the values, so that none of them is beyond the largest double.
  private static final double PART = 0x1p-10;

  private static final int RING = 8;
  private static final int MEMORIES = RING + 8 * LONGEST;
  static final int WIDTH = MEMORIES + COUNT * TailMemory.width(SAMPLE, SAMPLE);

  private final TailMemory[] memories = {new TailMemory(SAMPLE), new TailMemory(SAMPLE)};
  private final double[] means = new double[COUNT];
  private MemorySegment block = MemorySegment.NULL;
  private long base;
  private int leading;

  void open(MemorySegment opened, long at) {
    block = opened;
    base = at;
    int width = TailMemory.width(SAMPLE, SAMPLE);
    for (int i = 0; i < COUNT; i++) {
      memories[i].open(opened, at + MEMORIES + (long) i * width, SAMPLE);
    }
  }

  void seed(long seed) {
    for (int i = 0; i < COUNT; i++) {
      memories[i].seed(seed + i);
    }
  }

  /// Whether enough is known for [#rarity].
  boolean isKnown() {
    return memories[COUNT - 1].count() >= LEAST_MEANS;
  }

  private boolean isWhole(int mean) {
    return block.get(LONG, base) >= ROWS[mean] - 1;
  }

  /// The rarity of the means that end with `x`; 0 where too little is known.
  double rarity(double x, int direction) {
    measure(x);
    if (!isKnown()) {
      return 0;
    }
    double fast = memories[0].rarity(means[0], direction);
    double slow = memories[1].rarity(means[1], direction);
    leading = slow < fast ? 1 : 0;
    return Math.min(fast, slow);
  }

  /// As differences from x: equal values have exactly that mean.
  private void measure(double x) {
    long values = block.get(LONG, base);
    double sum = 0;
    int back = 1;
    for (int i = 0; i < COUNT && isWhole(i); i++) {
      for (; back < ROWS[i]; back++) {
        sum += block.get(DOUBLE, base + RING + 8 * ((values - back) % LONGEST)) * PART - x * PART;
      }
      means[i] = (x * PART + sum / ROWS[i]) / PART;
    }
  }

  /// Learns the value that [#rarity] has just judged.
  void learn(double x) {
    for (int i = 0; i < COUNT && isWhole(i); i++) {
      memories[i].learn(means[i], Double.POSITIVE_INFINITY);
    }
    long values = block.get(LONG, base);
    block.set(DOUBLE, base + RING + 8 * (values % LONGEST), x);
    block.set(LONG, base, values + 1);
  }

  // Of the value judged last.

  int side() {
    return memories[leading].side(means[leading]);
  }

  /// Sets expected, lower and upper of `result` to those of the mean that is less rare.
  void expect(double threshold, AnomalyResult result) {
    memories[leading].expect(threshold, 0, result);
  }
}
