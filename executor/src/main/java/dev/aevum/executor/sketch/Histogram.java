package dev.aevum.executor.sketch;

import dev.aevum.model.codec.ByteSink;
import java.util.Arrays;

/// Counts of values in buckets of equal width, and of those below and above. Linear.
public final class Histogram implements Sketch {
  private static final int MOST_BUCKETS = 10_000;

  private final double low;
  private final double high;
  private final long[] counts;

  /// `low` is below `high`.
  public Histogram(double low, double high, int buckets) {
    this.low = low;
    this.high = high;
    this.counts = new long[buckets + 2];
  }

  /// NaN does not count.
  public void add(double value, long weight) {
    if (value < low) {
      counts[0] += weight;
    } else if (value >= high) {
      counts[counts.length - 1] += weight;
    } else if (value >= low) {
      // By halves: the difference of two finite numbers can be infinite.
      double share = (value / 2 - low / 2) / (high / 2 - low / 2);
      int bucket = (int) (share * (counts.length - 2));
      counts[1 + Math.min(bucket, counts.length - 3)] += weight;
    }
  }

  /// Below, the buckets, at or above.
  public long[] counts() {
    return counts.clone();
  }

  @Override
  public int kind() {
    return Sketches.HISTOGRAM;
  }

  @Override
  public void merge(Sketch other) {
    if (!(other instanceof Histogram o)
        || o.low != low
        || o.high != high
        || o.counts.length != counts.length) {
      throw Sketches.mismatch(this, other);
    }
    Arrays.setAll(counts, i -> counts[i] + o.counts[i]);
  }

  @Override
  public void encode(ByteSink out) {
    SketchOutput.real(out, low);
    SketchOutput.real(out, high);
    out.appendVarint(counts.length - 2);
    for (long count : counts) {
      SketchOutput.signed(out, count);
    }
  }

  static Histogram decode(SketchInput in) {
    double low = in.real();
    double high = in.real();
    int buckets = in.number(MOST_BUCKETS);
    SketchInput.require(low < high && buckets > 0 && buckets < in.left());
    Histogram sketch = new Histogram(low, high, buckets);
    for (int i = 0; i < sketch.counts.length; i++) {
      sketch.counts[i] = in.signed();
    }
    return sketch;
  }
}
