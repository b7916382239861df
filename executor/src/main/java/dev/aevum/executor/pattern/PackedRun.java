package dev.aevum.executor.pattern;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.waiting.StreamRows;
import java.util.Arrays;

/// Takes released rows one by one where their labels are all that matters, over [PackedPartitions]:
/// for patterns that leave nothing to be known of a partition but its rows and threads. One thread.
final class PackedRun {
  /// Forgets rows of a partition that nothing needs.
  interface Trimmer {
    void cut(PartitionMatch p, EvaluationContext evaluation);
  }

  private final PatternRun run;
  private final StreamRows rows;
  private final Trimmer trimmer;
  private final boolean timed;
  private final long withinMicros;
  private final long beginning;
  private final PackedPartitions partitions;
  private final BlockTimers timers;
  private final PartitionMatch[] single = new PartitionMatch[1];

  /// Blocks of this step's rows, some more than once; [#ALL] once they are many.
  private int[] touched = new int[64];

  private int touchedCount;

  private static final int ALL = -1;

  /// Nothing: what was read ahead is used, or it would not be read.
  @SuppressWarnings("UnusedVariable")
  private long readAhead;

  PackedRun(PatternRun run, StreamRows rows, Trimmer trimmer) {
    this.run = run;
    this.rows = rows;
    this.trimmer = trimmer;
    MatchRules rules = run.plan.rules;
    this.timed = rules.isTimed();
    this.withinMicros = rules.withinMicros();
    this.beginning = run.matcher.beginning();
    this.partitions = new PackedPartitions(timed, run.matcher.stride());
    this.timers = new BlockTimers(Math.max(0, withinMicros));
  }

  /// Whether it can take the rows of a pattern of which `records` has nothing to keep.
  static boolean isFor(MatchPlan plan, PartitionRecords records) {
    return plan.isRowByRow()
        && !plan.isByRows
        && plan.spec.frame() == null
        && records.areNone()
        && !plan.rules.unmatched()
        && !SharedStarts.isFor(plan.rules)
        && PackedPartitions.fits(plan);
  }

  /// Takes rows `begin` to `end - 1` of `ids`, the released ones from number `from` on. What misses
  /// the cache is read in loops of its own, where misses overlap; `found` is room for that.
  void take(
      int[] ids,
      int from,
      int begin,
      int end,
      byte[] keys,
      int[] offsets,
      long[] labels,
      int[] found,
      EvaluationContext evaluation) {
    long read = 0;
    for (int i = begin; i < end; i++) {
      read += partitions.read(rows.hash(ids[i]));
    }
    readAhead = read;
    for (int i = begin; i < end; i++) {
      found[i] = partitions.find(keys, offsets[i], offsets[i + 1], rows.hash(ids[i]));
    }
    for (int i = begin; i < end; i++) {
      int block = found[i];
      // Earlier rows of this run may have made it, or removed what was found.
      if (block < 0 || !partitions.isOf(block, keys, offsets[i], offsets[i + 1])) {
        block = partitions.find(keys, offsets[i], offsets[i + 1], rows.hash(ids[i]));
      }
      if ((block < 0 || partitions.isEmpty(block)) && (labels[i] & beginning) == 0) {
        rows.drop(ids[i]);
        continue;
      }
      if (block < 0) {
        block = partitions.add(keys, offsets[i], offsets[i + 1], rows.hash(ids[i]));
      }
      take(block, ids[i], rows.releasedTime(from + i), labels[i], evaluation);
    }
  }

  private void take(int block, int id, long time, long label, EvaluationContext evaluation) {
    PartitionMatch p = partitions.load(block);
    p.addRow(id, timed, time);
    p.labels[p.size - 1] = label;
    p.labelled = p.size;
    run.runRows(p, evaluation);
    trim(block, p, Long.MIN_VALUE, evaluation);
    touch(block);
  }

  private void trim(int block, PartitionMatch p, long bound, EvaluationContext evaluation) {
    trimmer.cut(p, evaluation);
    partitions.store(block, p);
    boolean hasTimer = partitions.hasTimer(block);
    if (p.size == 0) {
      if (!hasTimer) {
        partitions.remove(block);
      }
    } else if (timed && !hasTimer && p.entryCount > 0) {
      long limit = p.times[p.unsettled] + withinMicros;
      if (limit >= bound) {
        timers.set(block, limit);
        partitions.setTimer(block, true);
      }
      // Else it waits for a row, not for time.
    }
  }

  private void touch(int block) {
    if (touchedCount == ALL) {
      return;
    }
    if (touchedCount == touched.length) {
      if (touchedCount > partitions.limit() >>> 3) {
        touchedCount = ALL;
        return;
      }
      touched = Arrays.copyOf(touched, touchedCount * 2);
    }
    touched[touchedCount++] = block;
  }

  /// Ends the starts whose time limit the watermark has passed.
  void expire(long bound, EvaluationContext evaluation) {
    if (!timed) {
      return;
    }
    int count = timers.pass(bound);
    int[] blocks = timers.passed();
    for (int i = 0; i < count; i++) {
      int block = blocks[i];
      partitions.setTimer(block, false);
      PartitionMatch p = partitions.load(block);
      // Where one start follows the other, the next one may be over as well.
      while (p.entryCount > 0 && p.times[p.unsettled] + withinMicros < bound) {
        run.matcher.passTime(p, bound, run);
        if (p.position == p.labelled) {
          break;
        }
        run.runRows(p, evaluation);
      }
      trim(block, p, bound, evaluation);
      if (partitions.isUsed(block)) {
        touch(block);
      }
    }
  }

  /// No row follows: all starts end.
  void finish(EvaluationContext evaluation) {
    for (int block = 0; block < partitions.limit(); block++) {
      if (partitions.isUsed(block)) {
        PartitionMatch p = partitions.load(block);
        single[0] = p;
        run.run(single, 1, true, evaluation);
        trimmer.cut(p, evaluation);
        partitions.store(block, p);
        if (p.size == 0) {
          partitions.remove(block);
        }
      }
    }
  }

  /// Rows have moved: see [StreamRows.Holder].
  void move(int[][] moves, boolean all) {
    if (all || touchedCount == ALL) {
      for (int block = 0; block < partitions.limit(); block++) {
        partitions.move(block, moves);
      }
      return;
    }
    Arrays.sort(touched, 0, touchedCount);
    for (int i = 0; i < touchedCount; i++) {
      if (i == 0 || touched[i] != touched[i - 1]) {
        partitions.move(touched[i], moves);
      }
    }
  }

  /// The end of a step, after rows have moved.
  void seal() {
    touchedCount = 0;
  }

  int size() {
    return partitions.size();
  }

  long sizeBytes() {
    return partitions.sizeBytes();
  }
}
