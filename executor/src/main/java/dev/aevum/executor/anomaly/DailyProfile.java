package dev.aevum.executor.anomaly;

import static dev.aevum.model.batch.Memory.DOUBLE;
import static dev.aevum.model.batch.Memory.INT;
import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.model.type.IntervalValue;
import java.lang.foreign.MemorySegment;

/// What a series usually is at each hour of the day (UTC), and how much of its deviation that
/// explains.
///
/// Block: `[first time i64][rows i64][tracked i64][middle f64][residual f64][spread f64][mean f64 x
/// 24][count i32 x 24]`. A flyweight: [#open] first. One thread.
final class DailyProfile {
  private static final int HOURS = 24;
  private static final int MEANS = 48;
  private static final int COUNTS = MEANS + 8 * HOURS;
  static final int WIDTH = COUNTS + 4 * HOURS;

  /// An hour's mean follows its last so many rows.
  private static final int LONGEST_MEMORY = 60;

  private static final double MIDDLE_WEIGHT = 0.002;
  private static final double DEVIATION_WEIGHT = 0.003;
  private static final int LEAST_TRACKED = 100;

  /// The profile is believed when deviations from it are less than this share of those from the
  /// middle.
  private static final double SURE = 0.7;

  private MemorySegment block = MemorySegment.NULL;
  private long base;

  void open(MemorySegment opened, long at) {
    block = opened;
    base = at;
  }

  private static int hour(long time) {
    return (int)
        (Math.floorMod(time, IntervalValue.MICROS_PER_DAY) * HOURS / IntervalValue.MICROS_PER_DAY);
  }

  boolean knows(long time) {
    return block.get(INT, base + COUNTS + 4L * hour(time)) > 0;
  }

  double expected(long time) {
    return block.get(DOUBLE, base + MEANS + 8L * hour(time));
  }

  boolean isSure() {
    return block.get(LONG, base + 16) >= LEAST_TRACKED
        && block.get(DOUBLE, base + 32) < SURE * block.get(DOUBLE, base + 40);
  }

  void learn(long time, double x) {
    long rows = block.get(LONG, base + 8);
    if (rows == 0) {
      block.set(LONG, base, time);
    }
    double middle = block.get(DOUBLE, base + 24);
    if (time - block.get(LONG, base) > IntervalValue.MICROS_PER_DAY && knows(time)) {
      long tracked = block.get(LONG, base + 16);
      double weight = Math.max(DEVIATION_WEIGHT, 1.0 / (tracked + 1));
      follow(32, Math.abs(x - expected(time)), weight);
      follow(40, Math.abs(x - middle), weight);
      block.set(LONG, base + 16, tracked + 1);
    }
    follow(24, x, Math.max(MIDDLE_WEIGHT, 1.0 / (rows + 1)));
    int hour = hour(time);
    int count = block.get(INT, base + COUNTS + 4L * hour) + 1;
    block.set(INT, base + COUNTS + 4L * hour, count);
    follow(MEANS + 8 * hour, x, 1.0 / Math.min(count, LONGEST_MEMORY));
    block.set(LONG, base + 8, rows + 1);
  }

  private void follow(int field, double value, double weight) {
    double old = block.get(DOUBLE, base + field);
    double next = old + (value * weight - old * weight);
    block.set(DOUBLE, base + field, Math.clamp(next, -Double.MAX_VALUE, Double.MAX_VALUE));
  }
}
