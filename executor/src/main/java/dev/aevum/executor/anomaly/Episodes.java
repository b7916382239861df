package dev.aevum.executor.anomaly;

import static dev.aevum.model.batch.Memory.DOUBLE;
import static dev.aevum.model.batch.Memory.INT;
import static dev.aevum.model.batch.Memory.LONG;

import java.lang.foreign.MemorySegment;

/// Turns scores into alerts: one at the start of an episode, more only when the score outdoes the
/// episode's last alert clearly, and all alerts-to-be within the cooldown. So neither a level shift
/// nor a rising slope alerts on every row, and a lone outlier not like a lasting fault.
///
/// Block: `[in episode i32][calm rows i32][episode's last alert f64][kept i32][pad i32][row i64,
/// time i64, score f64 x KEPT]`: the scores over the threshold within the cooldown, each higher
/// than those after it. When there are more, the lowest is forgotten.
final class Episodes {
  private static final int KEPT = 12;

  /// Within an episode an alert is to be so many times as high as the one before it.
  private static final double OUTDONE = 1.3;

  private static final int ENTRY = 24;
  static final int WIDTH = 24 + ENTRY * KEPT;

  private final DetectorOptions options;
  private MemorySegment block = MemorySegment.NULL;
  private long base;
  private boolean alert;
  private boolean suppressed;

  Episodes(DetectorOptions options) {
    this.options = options;
  }

  void open(MemorySegment block, long base) {
    this.block = block;
    this.base = base;
  }

  /// Takes the score of row `row` (counted from 1).
  void take(long row, long time, double score, double value, double expected) {
    forget(row, time);
    boolean high = score >= options.threshold() && isFarEnough(value, expected);
    boolean inEpisode = isInEpisode();
    int kept = block.get(INT, base + 16);
    suppressed =
        high
            && (kept > 0 && block.get(DOUBLE, entry(0) + 16) >= score
                || inEpisode && OUTDONE * block.get(DOUBLE, base + 8) >= score);
    alert = high && !suppressed;
    if (alert) {
      block.set(DOUBLE, base + 8, score);
      block.set(INT, base, 1);
    }
    if (high) {
      keep(row, time, score, kept);
    }
    int calm = score < options.threshold() / 2 ? block.get(INT, base + 4) + 1 : 0;
    block.set(INT, base + 4, calm);
    if (calm >= options.calm() && !alert) {
      block.set(INT, base, 0);
    }
  }

  private boolean isFarEnough(double value, double expected) {
    double deviation = Math.abs(value - expected);
    return !(deviation < options.minDeviation())
        && !(deviation < options.minRatio() * Math.abs(expected));
  }

  /// Drops what the cooldown has passed: the oldest are the first.
  private void forget(long row, long time) {
    int kept = block.get(INT, base + 16);
    int gone = 0;
    while (gone < kept && isOver(entry(gone), row, time)) {
      gone++;
    }
    if (gone > 0) {
      MemorySegment.copy(block, entry(gone), block, entry(0), (long) ENTRY * (kept - gone));
      block.set(INT, base + 16, kept - gone);
    }
  }

  private boolean isOver(long entry, long row, long time) {
    if (options.cooldownMicros() >= 0) {
      return time - block.get(LONG, entry + 8) > options.cooldownMicros();
    }
    long rows =
        options.cooldownRows() == DetectorOptions.AUTOMATIC
            ? Math.max(100, row / 10)
            : options.cooldownRows();
    return row - block.get(LONG, entry) > rows;
  }

  private void keep(long row, long time, double score, int kept) {
    int place = kept;
    while (place > 0 && block.get(DOUBLE, entry(place - 1) + 16) <= score) {
      place--;
    }
    place = Math.min(place, KEPT - 1);
    block.set(LONG, entry(place), row);
    block.set(LONG, entry(place) + 8, time);
    block.set(DOUBLE, entry(place) + 16, score);
    block.set(INT, base + 16, place + 1);
  }

  private long entry(int index) {
    return base + 24 + (long) ENTRY * index;
  }

  /// Of the last row taken.
  boolean isAlert() {
    return alert;
  }

  /// Over the threshold, but no more than what was alerted before.
  boolean isSuppressed() {
    return suppressed;
  }

  boolean isInEpisode() {
    return block.get(INT, base) != 0;
  }
}
