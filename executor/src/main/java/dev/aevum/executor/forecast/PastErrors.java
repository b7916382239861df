package dev.aevum.executor.forecast;

import static dev.aevum.model.batch.Memory.DOUBLE;
import static dev.aevum.model.batch.Memory.FLOAT;
import static dev.aevum.model.batch.Memory.LONG;

import java.lang.foreign.MemorySegment;

/// The errors of the forecasts that were given, by steps ahead: the last [#WINDOW] of each, and the
/// forecasts that are waiting to come true. Intervals are quantiles of these errors.
///
/// Block: per slot `[1 + row i64][horizon f64]`, then per step `[count i64][in order of arrival f32
/// x WINDOW][ascending f32 x WINDOW]`. A flyweight; one thread.
final class PastErrors {
  static final int WINDOW = 100;

  /// Errors of a step before there is an interval.
  static final int LEAST = 20;

  private static final int ORIGINS = 24;
  private static final int STEP = 8 + 8 * WINDOW;
  private static final int SORTED = 8 + 4 * WINDOW;

  private final int horizon;
  private final double tail;
  private final int stride;
  private final int slots;
  private MemorySegment block = MemorySegment.NULL;
  private long base;

  PastErrors(int horizon, double confidence) {
    this.horizon = horizon;
    this.tail = (1 - confidence) / 2;
    this.stride = (horizon + ORIGINS - 1) / ORIGINS;
    this.slots = (horizon + stride - 1) / stride;
  }

  int width() {
    return slots * (8 + 8 * horizon) + horizon * STEP;
  }

  void open(MemorySegment opened, long at) {
    block = opened;
    base = at;
  }

  private long slot(long slot) {
    return base + slot * (8 + 8L * horizon);
  }

  private long step(int ahead) {
    return slot(slots) + (long) (ahead - 1) * STEP;
  }

  /// Keeps forecasts given after `row`.
  void given(long row, double[] forecasts) {
    if (row % stride != 0) {
      return;
    }
    long at = slot(row / stride % slots);
    block.set(LONG, at, row + 1);
    for (int k = 0; k < horizon; k++) {
      block.set(DOUBLE, at + 8 + 8L * k, forecasts[k]);
    }
  }

  /// Holds the row's value against what was said of it.
  void take(long row, double x) {
    for (int i = 0; i < slots; i++) {
      long at = slot(i);
      long ahead = row + 1 - block.get(LONG, at);
      if (block.get(LONG, at) == 0 || ahead < 1 || ahead > horizon) {
        continue;
      }
      double error = x - block.get(DOUBLE, at + 8 * ahead);
      add(step((int) ahead), (float) Math.clamp(error, -Float.MAX_VALUE, Float.MAX_VALUE));
    }
  }

  private float sorted(long at, int index) {
    return block.get(FLOAT, at + SORTED + 4L * index);
  }

  private int rank(long at, int size, float x) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = low + high >>> 1;
      if (sorted(at, middle) < x) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private void add(long at, float error) {
    long count = block.get(LONG, at);
    int size = (int) Math.min(count, WINDOW);
    long arrival = at + 8 + 4 * (count % WINDOW);
    long sorted = at + SORTED;
    if (size == WINDOW) {
      int out = rank(at, size, block.get(FLOAT, arrival));
      MemorySegment.copy(
          block, sorted + 4L * (out + 1), block, sorted + 4L * out, 4L * (size - 1 - out));
      size--;
    }
    int place = rank(at, size, error);
    MemorySegment.copy(
        block, sorted + 4L * place, block, sorted + 4L * (place + 1), 4L * (size - place));
    block.set(FLOAT, sorted + 4L * place, error);
    block.set(FLOAT, arrival, error);
    block.set(LONG, at, count + 1);
  }

  /// Whether every step has had enough errors.
  boolean isKnown() {
    return block.get(LONG, step(horizon)) >= LEAST;
  }

  double low(int ahead) {
    return quantile(ahead, true);
  }

  double high(int ahead) {
    return quantile(ahead, false);
  }

  /// The error that share `tail` lies beyond, by rank among one more than there are (so that a new
  /// error is as likely beyond); where the rank is outside, the outermost is stretched. Errors of
  /// forecasts that overlap are alike, so that there are fewer than it seems: the interval is wider
  /// by the share of the window's rows that a forecast spans.
  private double quantile(int ahead, boolean low) {
    long at = step(ahead);
    int size = (int) Math.min(block.get(LONG, at), WINDOW);
    double rank = tail * (size + 1);
    double middle = sorted(at, size / 2);
    double wider = 1 + (double) ahead / (size * stride);
    if (rank < 1) {
      double end = sorted(at, low ? 0 : size - 1);
      return middle + (end - middle) * (wider + (1 - rank) / 2);
    }
    int below = (int) rank;
    double share = rank - below;
    double outer = sorted(at, low ? below - 1 : size - below);
    double inner = sorted(at, low ? below : size - below - 1);
    return middle + (outer + share * (inner - outer) - middle) * wider;
  }
}
