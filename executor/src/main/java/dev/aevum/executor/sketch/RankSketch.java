package dev.aevum.executor.sketch;

import dev.aevum.model.codec.ByteSink;
import java.util.Arrays;

/// Quantiles by rank from a sample of a few hundred values: within 1.65 % of the rank (k = 200),
/// whatever the values are. A level's values count twice as much as those of the level below; a
/// full level is sorted and every other value moves up, from the first or the second on by a coin
/// whose throws are part of the state, so that the same rows give the same bytes. Takes values in,
/// never back. NaN and infinity do not count.
///
/// Source: KLL (Karnin, Lang, Liberty 2016).
public final class RankSketch implements Sketch {
  private static final int K = 200;
  private static final int LEAST_ROOM = 8;
  private static final int MOST_LEVELS = 60;

  private double[][] levels = {new double[16]};
  private int[] sizes = new int[1];
  private long total;
  private long coin = 1;

  public void add(double value) {
    if (!Double.isFinite(value)) {
      return;
    }
    append(0, value == 0 ? 0 : value);
    total++;
    if (sizes[0] >= room(0)) {
      compact();
    }
  }

  private void append(int level, double value) {
    if (sizes[level] == levels[level].length) {
      levels[level] = Arrays.copyOf(levels[level], 2 * sizes[level]);
    }
    levels[level][sizes[level]++] = value;
  }

  /// Two thirds of the level above, K at the top.
  private int room(int level) {
    double room = K;
    for (int i = levels.length - 1; i > level; i--) {
      room *= 2.0 / 3;
    }
    return Math.max(LEAST_ROOM, (int) Math.ceil(room));
  }

  /// Moves values up while a level is full.
  private void compact() {
    for (int level = 0; level < levels.length; level++) {
      if (sizes[level] < room(level)) {
        continue;
      }
      if (level + 1 == levels.length) {
        levels = Arrays.copyOf(levels, level + 2);
        levels[level + 1] = new double[16];
        sizes = Arrays.copyOf(sizes, level + 2);
      }
      Arrays.sort(levels[level], 0, sizes[level]);
      int odd = sizes[level] & 1;
      coin ^= coin << 13;
      coin ^= coin >>> 7;
      coin ^= coin << 17;
      for (int i = odd + (int) (coin & 1); i < sizes[level]; i += 2) {
        append(level + 1, levels[level][i]);
      }
      sizes[level] = odd;
    }
  }

  public long total() {
    return total;
  }

  /// NaN when there are no values.
  public double percentile(double q) {
    if (total <= 0) {
      return Double.NaN;
    }
    int count = Arrays.stream(sizes).sum();
    long[][] order = sorted(count);
    long weight = Arrays.stream(order).mapToLong(o -> o[1]).sum();
    double wanted = Math.max(1, Math.ceil(q * weight));
    long seen = 0;
    for (long[] value : order) {
      seen += value[1];
      if (seen >= wanted) {
        return Double.longBitsToDouble(value[0]);
      }
    }
    return Double.longBitsToDouble(order[count - 1][0]);
  }

  /// Values, ascending, with how many each stands for.
  private long[][] sorted(int count) {
    long[][] order = new long[count][];
    int at = 0;
    for (int level = 0; level < levels.length; level++) {
      for (int i = 0; i < sizes[level]; i++) {
        order[at++] = new long[] {Double.doubleToLongBits(levels[level][i]), 1L << level};
      }
    }
    Arrays.sort(
        order,
        (a, b) -> Double.compare(Double.longBitsToDouble(a[0]), Double.longBitsToDouble(b[0])));
    return order;
  }

  /// The share of values at or below; NaN when there are none.
  public double rank(double value) {
    if (total <= 0 || Double.isNaN(value)) {
      return Double.NaN;
    }
    long below = 0;
    long weight = 0;
    for (int level = 0; level < levels.length; level++) {
      for (int i = 0; i < sizes[level]; i++) {
        weight += 1L << level;
        below += levels[level][i] <= value ? 1L << level : 0;
      }
    }
    return below / (double) weight;
  }

  @Override
  public int kind() {
    return Sketches.RANK;
  }

  @Override
  public void merge(Sketch other) {
    if (!(other instanceof RankSketch o)) {
      throw Sketches.mismatch(this, other);
    }
    int before = levels.length;
    if (o.levels.length > before) {
      levels = Arrays.copyOf(levels, o.levels.length);
      sizes = Arrays.copyOf(sizes, o.levels.length);
      for (int level = before; level < levels.length; level++) {
        levels[level] = new double[16];
      }
    }
    for (int level = 0; level < o.levels.length; level++) {
      for (int i = 0; i < o.sizes[level]; i++) {
        append(level, o.levels[level][i]);
      }
    }
    total += o.total;
    compact();
  }

  @Override
  public void encode(ByteSink out) {
    out.appendVarint(total);
    out.appendLong(coin);
    out.appendVarint(levels.length);
    for (int level = 0; level < levels.length; level++) {
      out.appendVarint(sizes[level]);
      for (int i = 0; i < sizes[level]; i++) {
        SketchOutput.real(out, levels[level][i]);
      }
    }
  }

  static RankSketch decode(SketchInput in) {
    RankSketch sketch = new RankSketch();
    sketch.total = in.varint();
    sketch.coin = in.word();
    int levels = in.number(MOST_LEVELS);
    SketchInput.require(sketch.total >= 0 && levels > 0 && sketch.coin != 0);
    sketch.levels = new double[levels][];
    sketch.sizes = new int[levels];
    long values = 0;
    for (int level = 0; level < levels; level++) {
      int size = in.number(in.left() / 8);
      sketch.levels[level] = new double[Math.max(16, size)];
      sketch.sizes[level] = size;
      values += size;
      for (int i = 0; i < size; i++) {
        sketch.levels[level][i] = in.real();
        SketchInput.require(Double.isFinite(sketch.levels[level][i]));
      }
    }
    SketchInput.require(values > 0 == sketch.total > 0);
    return sketch;
  }
}
