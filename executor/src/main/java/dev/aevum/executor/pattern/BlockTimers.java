package dev.aevum.executor.pattern;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/// Blocks of [PackedPartitions] by the time at which their oldest start runs out of time. A block
/// has one timer at most, at or before that time. One thread.
final class BlockTimers {
  private static final int BUCKETS = 256;

  private static final class Bucket {
    int[] blocks = new int[4];
    long[] times = new long[4];
    int count;

    void add(int block, long time) {
      if (count == blocks.length) {
        blocks = Arrays.copyOf(blocks, count * 2);
        times = Arrays.copyOf(times, count * 2);
      }
      blocks[count] = block;
      times[count++] = time;
    }
  }

  private final long width;
  private final TreeMap<Long, Bucket> buckets = new TreeMap<>();
  private Bucket last = new Bucket();
  private long lastNumber = Long.MIN_VALUE;
  private int[] passed = new int[64];
  private int passedCount;

  BlockTimers(long withinMicros) {
    this.width = Math.max(1, withinMicros / BUCKETS);
  }

  /// Sets the timer of a block that has none.
  void set(int block, long time) {
    long number = Math.floorDiv(time, width);
    if (number != lastNumber) {
      last = buckets.computeIfAbsent(number, n -> new Bucket());
      lastNumber = number;
    }
    last.add(block, time);
  }

  /// Takes the timers before `bound` away: returns how many, their blocks are [#passed].
  int pass(long bound) {
    passedCount = 0;
    long limit = Math.floorDiv(bound, width);
    while (!buckets.isEmpty()) {
      Map.Entry<Long, Bucket> first = buckets.firstEntry();
      if (first.getKey() > limit) {
        break;
      }
      Bucket bucket = first.getValue();
      if (first.getKey() == limit) {
        part(bucket, bound);
        if (bucket.count > 0) {
          break;
        }
      } else {
        reserve(bucket.count);
        System.arraycopy(bucket.blocks, 0, passed, passedCount, bucket.count);
        passedCount += bucket.count;
      }
      buckets.pollFirstEntry();
      lastNumber = Long.MIN_VALUE;
    }
    return passedCount;
  }

  private void part(Bucket bucket, long bound) {
    reserve(bucket.count);
    int kept = 0;
    for (int i = 0; i < bucket.count; i++) {
      if (bucket.times[i] < bound) {
        passed[passedCount++] = bucket.blocks[i];
      } else {
        bucket.blocks[kept] = bucket.blocks[i];
        bucket.times[kept++] = bucket.times[i];
      }
    }
    bucket.count = kept;
  }

  private void reserve(int more) {
    if (passedCount + more > passed.length) {
      passed = Arrays.copyOf(passed, Math.max(passedCount + more, passed.length * 2));
    }
  }

  int[] passed() {
    return passed;
  }
}
