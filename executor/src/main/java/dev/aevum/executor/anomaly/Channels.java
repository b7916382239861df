package dev.aevum.executor.anomaly;

import static dev.aevum.model.batch.Memory.DOUBLE;
import static dev.aevum.model.batch.Memory.LONG;

import java.lang.foreign.MemorySegment;

/// Three views of a series, each with a memory of its past: the value, the mean of the last 20
/// values, and the difference to an exponential mean. The score is the mean of their rarities.
///
/// Block: `[learned i64][exponential mean f64][last values f64 x 20][memory x 3]`. A flyweight:
/// [#open] first. One thread.
final class Channels {
  static final int LEVEL = 0;
  static final int MEAN = 1;
  static final int CHANGE = 2;
  static final int COUNT = 3;

  /// Values in the sample of a full memory.
  static final int SAMPLE = 256;

  private static final int MEAN_ROWS = 20;
  private static final double EMA_WEIGHT = 0.1;
  private static final int RING = 16;
  private static final int MEMORIES = RING + 8 * MEAN_ROWS;

  private final TailMemory[] memories = {
    new TailMemory(SAMPLE), new TailMemory(SAMPLE), new TailMemory(SAMPLE)
  };
  private final double[] values = new double[COUNT];
  private final double[] rarities = new double[COUNT];
  private MemorySegment block = MemorySegment.NULL;
  private long base;
  private int judged;
  private int leading;

  static int width(int capacity) {
    return MEMORIES + COUNT * TailMemory.width(capacity, SAMPLE);
  }

  void open(MemorySegment opened, long at, int capacity) {
    block = opened;
    base = at;
    int width = TailMemory.width(capacity, SAMPLE);
    for (int i = 0; i < COUNT; i++) {
      memories[i].open(opened, at + MEMORIES + (long) i * width, capacity);
    }
  }

  void seed(long seed) {
    for (int i = 0; i < COUNT; i++) {
      memories[i].seed(seed + i);
    }
  }

  /// Fills this block, which is larger, from another.
  void copyFrom(Channels from) {
    MemorySegment.copy(from.block, from.base, block, base, MEMORIES);
    for (int i = 0; i < COUNT; i++) {
      memories[i].copyFrom(from.memories[i]);
    }
  }

  long learned() {
    return block.get(LONG, base);
  }

  /// Judges `x` as the next value. `afterGap`: the difference to what was long ago says nothing.
  double score(double x, boolean afterGap, int direction) {
    measure(x);
    judged = afterGap ? CHANGE : COUNT;
    leading = 0;
    double sum = 0;
    for (int i = 0; i < judged; i++) {
      rarities[i] = memories[i].rarity(values[i], direction);
      sum += rarities[i];
      leading = rarities[i] > rarities[leading] ? i : leading;
    }
    return sum / judged;
  }

  private void measure(double x) {
    long learned = learned();
    int rows = (int) Math.min(learned, MEAN_ROWS - 1);
    // As differences from x: equal values have exactly that mean.
    double share = 1.0 / (rows + 1);
    double mean = x;
    for (int i = 1; i <= rows; i++) {
      mean += ring(learned - i) * share - x * share;
    }
    double change = learned == 0 ? 0 : x - block.get(DOUBLE, base + 8);
    values[LEVEL] = x;
    values[MEAN] = mean;
    values[CHANGE] = Math.clamp(change, -Double.MAX_VALUE, Double.MAX_VALUE);
  }

  private double ring(long row) {
    return block.get(DOUBLE, base + RING + 8 * (row % MEAN_ROWS));
  }

  /// Learns the value that [#score] has just judged.
  void learn(double x, boolean afterGap, double halfLife) {
    long learned = learned();
    int learners = afterGap ? CHANGE : COUNT;
    for (int i = 0; i < learners; i++) {
      memories[i].learn(values[i], halfLife);
    }
    block.set(DOUBLE, base + RING + 8 * (learned % MEAN_ROWS), x);
    double ema = block.get(DOUBLE, base + 8);
    block.set(DOUBLE, base + 8, learned == 0 ? x : ema + EMA_WEIGHT * values[CHANGE]);
    block.set(LONG, base, learned + 1);
  }

  // Of the value judged last.

  /// The channel with the greatest rarity.
  int leading() {
    return leading;
  }

  boolean hasJudged(int channel) {
    return channel < judged;
  }

  double rarity(int channel) {
    return rarities[channel];
  }

  /// +1 above what is usual in the leading channel, -1 below.
  int side() {
    return memories[leading].side(values[leading]);
  }

  /// Sets expected, lower and upper of `result` to what the leading channel expected, plus `shift`:
  /// of the value, or where the mean leads of the mean. `threshold` is the rarity that would have
  /// been an anomaly.
  void expect(double threshold, double shift, AnomalyResult result) {
    expect(leading, threshold, shift, result);
  }

  /// The same for the value itself, whichever channel led last.
  void expectLevel(double threshold, AnomalyResult result) {
    expect(LEVEL, threshold, 0, result);
  }

  private void expect(int channel, double threshold, double shift, AnomalyResult result) {
    double offset = channel == CHANGE ? shift + block.get(DOUBLE, base + 8) : shift;
    memories[channel].expect(threshold, offset, result);
  }
}
