package dev.aevum.executor.changepoint;

import static dev.aevum.model.batch.Memory.INT;
import static dev.aevum.model.batch.Memory.LONG;

import java.lang.foreign.MemorySegment;

/// ADWIN2 (Bifet and Gavaldà 2007): a window over the past, in buckets that double with age, at
/// most [#SAME] of a size. Where the means of two parts of it differ by more than chance allows,
/// the older part is dropped: that is a change. Values count in deviations of the window, as the
/// bound is for a known range.
///
/// Block: `[buckets i32][pad i32][start row i64][window moments]`, then the buckets from the oldest
/// on: `[time i64][moments]`.
final class Adwin implements ChangeMethod {
  private static final int START = 8;
  private static final int WINDOW = 16;
  private static final int BUCKETS = WINDOW + Moments.WIDTH;
  private static final int BUCKET = 8 + Moments.WIDTH;
  private static final int SAME = 5;
  private static final int LEAST_PART = 5;
  private static final int[] CAPACITIES = {32, 64, 280};

  private final ChangeOptions options;
  private final Moments window = new Moments();
  private final Moments bucket = new Moments();
  private final Moments other = new Moments();
  private final Moments older = Moments.onHeap();
  private final Moments newer = Moments.onHeap();
  private MemorySegment block = MemorySegment.NULL;
  private long base;
  private int tier;
  private double bestRatio;
  private int bestCut;

  Adwin(ChangeOptions options) {
    this.options = options;
  }

  @Override
  public int[] widths() {
    int[] widths = CAPACITIES.clone();
    for (int i = 0; i < widths.length; i++) {
      widths[i] = BUCKETS + BUCKET * widths[i];
    }
    return widths;
  }

  @Override
  public void open(MemorySegment opened, long at, int openedTier) {
    block = opened;
    base = at;
    tier = openedTier;
    window.open(opened, at + WINDOW);
  }

  private int buckets() {
    return block.get(INT, base);
  }

  private long at(int index) {
    return base + BUCKETS + (long) BUCKET * index;
  }

  private Moments bucket(int index) {
    bucket.open(block, at(index) + 8);
    return bucket;
  }

  @Override
  public boolean isFull() {
    return tier + 1 < CAPACITIES.length && buckets() == CAPACITIES[tier];
  }

  @Override
  public void moveFrom(ChangeMethod smaller) {
    Adwin from = (Adwin) smaller;
    MemorySegment.copy(
        from.block, from.base, block, base, BUCKETS + (long) BUCKET * from.buckets());
  }

  @Override
  public void take(long row, long time, double x, ChangeResult result) {
    window.add(x);
    int added = buckets();
    block.set(INT, base, added + 1);
    block.set(LONG, at(added), time);
    bucket(added).set(1, x, 0);
    compress();
    if (row >= options.warmup()) {
      findCut();
      result.score = Math.min(bestRatio, Double.MAX_VALUE);
      if (bestRatio >= 1) {
        cut(row, result);
      }
    }
    result.runLength = row + 1 - block.get(LONG, base + START);
  }

  /// Merges the two oldest of a size where there is one too many.
  private void compress() {
    int newest = buckets() - 1;
    double size = 1;
    while (true) {
      int oldest = newest;
      while (oldest >= 0 && bucket(oldest).count() == size) {
        oldest--;
      }
      oldest++;
      if (newest - oldest + 1 <= SAME) {
        return;
      }
      other.open(block, at(oldest + 1) + 8);
      bucket(oldest).addAll(other);
      int after = buckets() - oldest - 2;
      MemorySegment.copy(block, at(oldest + 2), block, at(oldest + 1), (long) BUCKET * after);
      block.set(INT, base, buckets() - 1);
      newest = oldest;
      size *= 2;
    }
  }

  /// The cut whose means differ most, as a share of what chance allows.
  private void findCut() {
    bestRatio = 0;
    bestCut = -1;
    double variance = window.squares() / window.count();
    if (variance == 0) {
      return;
    }
    double log = Math.log(2 * Math.log(Math.max(window.count(), 3)) / options.delta());
    newer.set(0, 0, 0);
    for (int i = buckets() - 1; i > 0; i--) {
      newer.addAll(bucket(i));
      older.copyFrom(window);
      older.subtract(newer);
      if (newer.count() < LEAST_PART || older.count() < LEAST_PART) {
        continue;
      }
      double share = 1 / newer.count() + 1 / older.count();
      double allowed = Math.sqrt(2 * share * log) + 2.0 / 3 * share * log;
      double ratio = Math.abs(newer.mean() - older.mean()) / Math.sqrt(variance) / allowed;
      if (ratio > bestRatio) {
        bestRatio = ratio;
        bestCut = i;
      }
    }
  }

  private void cut(long row, ChangeResult result) {
    older.set(0, 0, 0);
    for (int i = 0; i < bestCut; i++) {
      older.addAll(bucket(i));
    }
    long time = block.get(LONG, at(bestCut));
    int left = buckets() - bestCut;
    MemorySegment.copy(block, at(bestCut), block, at(0), (long) BUCKET * left);
    block.set(INT, base, left);
    window.set(0, 0, 0);
    for (int i = 0; i < left; i++) {
      window.addAll(bucket(i));
    }
    // What is left of the old run at the beginning of the new one is no change of its own.
    if (older.count() >= options.delay() || block.get(LONG, base + START) == 0) {
      result.change(time, older, window);
      result.direction = window.mean() > older.mean() ? 1 : -1;
    }
    block.set(LONG, base + START, row + 1 - (long) window.count());
  }
}
