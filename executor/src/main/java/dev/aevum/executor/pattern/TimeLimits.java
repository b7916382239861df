package dev.aevum.executor.pattern;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/// Partitions by the time at which their oldest start runs out of time. A partition has one timer
/// at most, at or before that time.
final class TimeLimits {
  private static final int BUCKETS = 256;

  private static final class Bucket {
    PartitionMatch[] partitions = new PartitionMatch[4];
    int count;

    void add(PartitionMatch p) {
      if (count == partitions.length) {
        partitions = Arrays.copyOf(partitions, count * 2);
      }
      partitions[count++] = p;
    }
  }

  private final long width;
  private final TreeMap<Long, Bucket> buckets = new TreeMap<>();
  private Bucket last = new Bucket();
  private long lastNumber = Long.MIN_VALUE;

  TimeLimits(long withinMicros) {
    this.width = Math.max(1, withinMicros / BUCKETS);
  }

  /// Sets the partition's timer if it has none.
  void set(PartitionMatch p, long time) {
    if (p.timer != Long.MAX_VALUE) {
      return;
    }
    p.timer = time;
    long number = Math.floorDiv(time, width);
    if (number != lastNumber) {
      last = buckets.computeIfAbsent(number, n -> new Bucket());
      lastNumber = number;
    }
    last.add(p);
  }

  /// Takes the timers before `bound` away and hands their partitions over.
  void pass(long bound, java.util.function.Consumer<PartitionMatch> expired) {
    while (!buckets.isEmpty()) {
      Map.Entry<Long, Bucket> first = buckets.firstEntry();
      if (first.getKey() > Math.floorDiv(bound, width)) {
        return;
      }
      Bucket bucket = first.getValue();
      boolean whole = first.getKey() < Math.floorDiv(bound, width);
      int kept = 0;
      for (int i = 0; i < bucket.count; i++) {
        PartitionMatch p = bucket.partitions[i];
        if (whole || p.timer < bound) {
          p.timer = Long.MAX_VALUE;
          expired.accept(p);
        } else {
          bucket.partitions[kept++] = p;
        }
      }
      Arrays.fill(bucket.partitions, kept, bucket.count, null);
      bucket.count = kept;
      if (kept > 0) {
        return;
      }
      buckets.pollFirstEntry();
      lastNumber = Long.MIN_VALUE;
      if (!whole) {
        return;
      }
    }
  }
}
