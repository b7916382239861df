package dev.aevum.executor.sketch;

import dev.aevum.model.codec.ByteSink;
import java.util.Arrays;

/// Counts of values by magnitude: 64 buckets to each power of two, so that the middle of a bucket
/// is within 0.8 % of all values in it. A bucket's number is the top bits of the value itself: no
/// logarithm. Kept for the span of the data only: three decades take some 640 buckets. Linear.
///
/// Zero has a bucket of its own, which numbers below 2^-1022 share; NaN and infinity do not count.
/// Source: DDSketch (Masson, Rim, Lee 2019), with the buckets of HdrHistogram.
public final class ValueBuckets implements Sketch {
  private static final int SHIFT = 46;
  private static final int LEAST = (int) (Double.doubleToLongBits(Double.MIN_NORMAL) >>> SHIFT);
  private static final int GREATEST = (int) (Double.doubleToLongBits(Double.MAX_VALUE) >>> SHIFT);

  private long total;
  private long zero;
  private final Side positive = new Side();
  private final Side negative = new Side();

  /// Counts of buckets from `low` on.
  private static final class Side {
    private int low;
    private long[] counts = new long[0];

    void add(int bucket, long weight) {
      int at = bucket - low;
      if (at < 0 || at >= counts.length) {
        cover(bucket);
        at = bucket - low;
      }
      counts[at] += weight;
    }

    private void cover(int bucket) {
      if (counts.length == 0) {
        low = Math.max(LEAST, bucket - 8);
        counts = new long[32];
        return;
      }
      int slack = Math.min(1024, counts.length / 2);
      int from = Math.min(low, bucket < low ? Math.max(LEAST, bucket - slack) : bucket);
      int to = Math.max(low + counts.length, bucket >= low ? bucket + slack + 1 : bucket);
      long[] larger = new long[to - from];
      System.arraycopy(counts, 0, larger, low - from, counts.length);
      low = from;
      counts = larger;
    }

    void encode(ByteSink out) {
      int used = 0;
      for (long count : counts) {
        used += count != 0 ? 1 : 0;
      }
      out.appendVarint(used);
      int last = LEAST - 1;
      for (int i = 0; i < counts.length; i++) {
        if (counts[i] != 0) {
          out.appendVarint(low + i - last);
          SketchOutput.signed(out, counts[i]);
          last = low + i;
        }
      }
    }

    long decode(SketchInput in) {
      long sum = 0;
      int used = in.number(GREATEST - LEAST + 1);
      SketchInput.require(used <= in.left() / 2);
      int bucket = LEAST - 1;
      for (int i = 0; i < used; i++) {
        int step = in.number(GREATEST);
        bucket += step;
        long count = in.signed();
        SketchInput.require(step > 0 && bucket <= GREATEST && count != 0);
        add(bucket, count);
        sum += count;
      }
      return sum;
    }
  }

  public void add(double value, long weight) {
    long bits = Double.doubleToRawLongBits(value);
    int bucket = (int) ((bits & Long.MAX_VALUE) >>> SHIFT);
    if (bucket > GREATEST) {
      return;
    }
    total += weight;
    if (bucket < LEAST) {
      zero += weight;
    } else if (bits < 0) {
      negative.add(bucket, weight);
    } else {
      positive.add(bucket, weight);
    }
  }

  public long total() {
    return total;
  }

  /// The value below or at which the share `q` of all values lies; NaN when there are none.
  public double percentile(double q) {
    if (total <= 0) {
      return Double.NaN;
    }
    long wanted = Math.clamp((long) Math.ceil(q * total), 1, total);
    long seen = 0;
    for (int i = negative.counts.length - 1; i >= 0; i--) {
      seen += negative.counts[i];
      if (seen >= wanted) {
        return -middle(negative.low + i);
      }
    }
    seen += zero;
    if (seen >= wanted) {
      return 0;
    }
    for (int i = 0; i < positive.counts.length; i++) {
      seen += positive.counts[i];
      if (seen >= wanted) {
        return middle(positive.low + i);
      }
    }
    throw SketchInput.malformed(); // Negative counts, which only made-up bytes have.
  }

  private static double middle(int bucket) {
    return Double.longBitsToDouble((long) bucket << SHIFT | 1L << (SHIFT - 1));
  }

  /// The share of values in the bucket of `value` or below; NaN when there are none.
  public double rank(double value) {
    if (total <= 0 || Double.isNaN(value)) {
      return Double.NaN;
    }
    int bucket =
        Math.min(GREATEST, (int) ((Double.doubleToRawLongBits(value) & Long.MAX_VALUE) >>> SHIFT));
    boolean isZero = bucket < LEAST;
    long below = 0;
    for (int i = 0; i < negative.counts.length; i++) {
      boolean counts = isZero || value > 0 || negative.low + i >= bucket;
      below += counts ? negative.counts[i] : 0;
    }
    if (isZero || value > 0) {
      below += zero;
    }
    for (int i = 0; !isZero && value > 0 && i < positive.counts.length; i++) {
      below += positive.low + i <= bucket ? positive.counts[i] : 0;
    }
    return below / (double) total;
  }

  /// Buckets in use.
  public int buckets() {
    return (int)
        (Arrays.stream(positive.counts).filter(c -> c != 0).count()
            + Arrays.stream(negative.counts).filter(c -> c != 0).count()
            + (zero != 0 ? 1 : 0));
  }

  @Override
  public int kind() {
    return Sketches.VALUE_BUCKETS;
  }

  @Override
  public void merge(Sketch other) {
    if (!(other instanceof ValueBuckets o)) {
      throw Sketches.mismatch(this, other);
    }
    total += o.total;
    zero += o.zero;
    for (int i = 0; i < o.positive.counts.length; i++) {
      if (o.positive.counts[i] != 0) {
        positive.add(o.positive.low + i, o.positive.counts[i]);
      }
    }
    for (int i = 0; i < o.negative.counts.length; i++) {
      if (o.negative.counts[i] != 0) {
        negative.add(o.negative.low + i, o.negative.counts[i]);
      }
    }
  }

  @Override
  public void encode(ByteSink out) {
    SketchOutput.signed(out, zero);
    positive.encode(out);
    negative.encode(out);
  }

  static ValueBuckets decode(SketchInput in) {
    ValueBuckets sketch = new ValueBuckets();
    sketch.zero = in.signed();
    sketch.total = sketch.zero + sketch.positive.decode(in) + sketch.negative.decode(in);
    return sketch;
  }
}
