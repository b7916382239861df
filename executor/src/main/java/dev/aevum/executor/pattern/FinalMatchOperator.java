package dev.aevum.executor.pattern;

import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.executor.function.FunctionRegistry;
import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.RowError;
import dev.aevum.executor.operator.DropsRows;
import dev.aevum.executor.operator.KeepsMatches;
import dev.aevum.executor.operator.KeepsRows;
import dev.aevum.executor.operator.Operator;
import dev.aevum.executor.operator.OperatorContext;
import dev.aevum.executor.operator.Sealing;
import dev.aevum.executor.operator.TimeDriven;
import dev.aevum.executor.waiting.Arrivals;
import dev.aevum.executor.waiting.RowNames;
import dev.aevum.executor.waiting.StreamRows;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.codec.KeyCodec;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.step.Watermarks;
import dev.aevum.planner.plan.PlanNode.MatchNode;
import dev.aevum.planner.plan.SortKey;
import dev.aevum.planner.plan.Traits;
import dev.aevum.storage.state.JournalState;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// MATCH_RECOGNIZE over append-only input with a watermark.
///
/// **Schema**: as [dev.aevum.planner.plan.MatchSpec] says. **Weights**: input and output are
/// insertions; a match is emitted once, when nothing that can still come changes it. **State**:
/// rows that wait for the watermark, rows that an open start still needs (and as many before it as
/// PREV looks back), of each partition its match number where that is asked for, and the latest
/// matches with their rows ([RecentMatches]). **Dropped**: rows when all starts that need them have
/// settled; with WITHIN no start is open for longer; over `maxRowsPerPartition` the oldest starts
/// are given up, which is reported. Rows without a time are dropped and counted.
///
/// Rows are released in order of time as the watermark passes them, equal ones by the other order
/// columns, then by arrival. Threads are not stored: after a restart they come to be again as the
/// rows are taken again from the first unsettled start on.
public final class FinalMatchOperator
    implements Operator, TimeDriven, Sealing, DropsRows, KeepsRows, KeepsMatches {
  private static final int RELEASE = 8192;

  /// Partitions that are read ahead.
  private static final int GROUP = 128;

  private final OperatorContext context;
  private final MatchPlan plan;
  private final long timeOffset;
  private final long maxRows;
  private final JournalState rowJournal;
  private final PartitionRecords records;
  private final StreamRows rows;
  private final Arrivals arrivals;
  private final PatternRun run;
  private final RecentMatches recent;
  private final PartitionTable partitions = new PartitionTable();

  /// Has the partitions instead where it can.
  private final @Nullable PackedRun packed;

  private final TimeLimits limits;
  private final KeyCodec keyCodec;
  private final int[] keyColumns;

  /// Rows are labelled and taken as they are released, one by one.
  private final boolean isRowByRow;

  /// A row that satisfies none of these and finds no open start is forgotten at once.
  private final long beginning;

  private final ByteSink encoded = new ByteSink();
  private int[] offsets = new int[0];
  private long[] hashes = new long[0];
  private long[] times = new long[0];
  private PartitionMatch[] touched = new PartitionMatch[64];
  private int touchedCount;

  /// Rows that have left their windows, for output that is still to be made.
  private int[] leaving = new int[256];

  private int leavingCount;
  private final long[] labels = new long[RELEASE];
  private final @Nullable PartitionMatch[] found = new PartitionMatch[RELEASE];
  private final int[] foundBlocks = new int[RELEASE];
  private PartitionMatch[] expired = new PartitionMatch[64];
  private int expiredCount;
  private final PartitionMatch[] single = new PartitionMatch[1];
  private boolean isEnded;

  /// Restored rows go to their partitions with the first watermark.
  private boolean hasAdvanced;

  /// Nothing: what was read ahead is used, or it would not be read.
  @SuppressWarnings("UnusedVariable")
  private long readAhead;

  private long dropped;

  public FinalMatchOperator(OperatorContext context, MatchNode node, FunctionRegistry registry) {
    if (node.timeColumn() < 0) {
      throw new SqlException(
          ErrorCode.FEATURE_NOT_SUPPORTED, "final matches need an order by a time column");
    }
    this.context = context;
    this.plan = new MatchPlan(node, registry, UnaryOperator.identity());
    this.timeOffset = offset(node);
    this.maxRows = node.maxRowsPerPartition();
    this.rowJournal = context.state().journal(context.table(0));
    this.records = new PartitionRecords(context.state().journal(context.table(1)), plan);
    List<SortKey> ties = node.orderBy().subList(1, node.orderBy().size());
    this.rows = StreamRows.sorted(context.allocator(), plan.inputTypes, ties, rowJournal);
    this.arrivals = new Arrivals(context.allocator());
    this.run = new PatternRun(plan, rows.store(), new Reporting(), new Emitting());
    this.recent = new RecentMatches(context.state().journal(context.table(2)), plan, rows);
    run.rememberIn(recent);
    this.limits = new TimeLimits(Math.max(0, plan.rules.withinMicros()));
    this.keyColumns = node.partitionBy().stream().mapToInt(Integer::intValue).toArray();
    this.keyCodec = new KeyCodec(node.partitionBy().stream().map(plan.inputTypes::get).toList());
    this.isRowByRow = plan.isRowByRow();
    this.beginning = plan.rowsBefore > 0 ? -1L : run.matcher.beginning();
    this.packed = PackedRun.isFor(plan, records) ? new PackedRun(run, rows, this::cut) : null;
    records.restore(partitions);
    rows.restore(batch -> take(batch.retain(), true));
  }

  private static long offset(MatchNode node) {
    for (Traits.TimeColumn t : node.input().traits().timeColumns()) {
      if (t.column() == node.timeColumn()) {
        return t.offsetMicros();
      }
    }
    throw new IllegalStateException("column " + node.timeColumn() + " has no watermark");
  }

  // Arrival.

  @Override
  public void push(int input, DeltaBatch batch) {
    Column time = batch.column(plan.timeColumn);
    arrivals.begin(batch.rows());
    for (int row = 0; row < batch.rows(); row++) {
      long t = MatchPlan.timeOf(time, row);
      if (t == Long.MAX_VALUE || t == Long.MIN_VALUE) {
        dropped++;
      } else {
        arrivals.choose(row, batch.weightAt(row));
      }
    }
    arrivals.give(batch, rowsOnly -> take(rowsOnly, false));
  }

  private void take(DeltaBatch batch, boolean restored) {
    int count = batch.rows();
    if (hashes.length < count) {
      offsets = new int[count + 1];
      hashes = new long[count];
      times = new long[count];
    }
    Column[] keys = new Column[keyColumns.length];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = batch.column(keyColumns[i]);
    }
    encoded.reset();
    keyCodec.encodeAll(keys, count, encoded, offsets);
    KeyCodec.hashAll(encoded.segment(), offsets, count, hashes);
    Column time = batch.column(plan.timeColumn);
    MemorySegment.copy(time.data(), LONG, 0, times, 0, count);
    if (restored) {
      rows.addRestored(batch, times, hashes);
    } else {
      rows.add(batch, times, hashes);
    }
  }

  // Time.

  @Override
  public void advance(long watermark) {
    if (isEnded) {
      return;
    }
    hasAdvanced = true;
    long bound = Watermarks.plus(watermark, timeOffset);
    isEnded = watermark == Watermarks.END;
    EvaluationContext evaluation = context.evaluation().get();
    int released = rows.release(bound, isEnded);
    int[] ids = new int[Math.min(released, RELEASE)];
    for (int from = 0; from < released; from += RELEASE) {
      int count = Math.min(RELEASE, released - from);
      for (int i = 0; i < count; i++) {
        ids[i] = rows.released(from + i);
      }
      release(ids, from, count, evaluation);
    }
    if (packed != null) {
      if (isEnded) {
        packed.finish(evaluation);
      } else {
        packed.expire(bound, evaluation);
      }
    } else {
      advancePartitions(bound, evaluation);
    }
    run.emit(evaluation);
    dropRows();
  }

  private void advancePartitions(long bound, EvaluationContext evaluation) {
    if (isEnded) {
      partitions.forEach(this::touch);
    }
    if (!isRowByRow || isEnded) {
      for (int i = 0; i < touchedCount; i++) {
        run.label(touched[i], isEnded, evaluation);
      }
      run.finishLabels(evaluation);
      run.run(touched, touchedCount, isEnded, evaluation);
    }
    if (plan.isByRows && !isEnded) {
      expireByRows(evaluation);
    } else if (plan.rules.isTimed() && !isEnded) {
      expire(bound, evaluation);
    }
    if (!isRowByRow || isEnded) {
      for (int i = 0; i < touchedCount; i++) {
        trim(touched[i], bound, evaluation);
      }
    }
  }

  /// Gives rows to their partitions, in order.
  private void release(int[] ids, int from, int count, EvaluationContext evaluation) {
    encoded.reset();
    if (offsets.length <= count) {
      offsets = new int[count + 1];
    }
    Column[] keys = new Column[keyColumns.length];
    int made = 0;
    try {
      for (; made < keys.length; made++) {
        keys[made] = rows.store().gather(keyColumns[made], ids, count);
      }
      keyCodec.encodeAll(keys, count, encoded, offsets);
    } finally {
      for (int i = 0; i < made; i++) {
        keys[i].close();
      }
    }
    if (isRowByRow) {
      run.labelRows(ids, 0, count, labels, evaluation);
    }
    for (int group = 0; group < count; group += GROUP) {
      int end = Math.min(count, group + GROUP);
      if (packed != null) {
        packed.take(
            ids, from, group, end, encoded.array(), offsets, labels, foundBlocks, evaluation);
      } else {
        take(ids, from, group, end, evaluation);
      }
    }
    Arrays.fill(found, 0, count, null);
  }

  /// Rows `begin` to `end - 1` of `ids`. What misses the cache is read in loops of its own, where
  /// misses overlap.
  private void take(int[] ids, int from, int begin, int end, EvaluationContext evaluation) {
    long read = 0;
    for (int i = begin; i < end; i++) {
      read += partitions.read(rows.hash(ids[i]));
    }
    for (int i = begin; i < end; i++) {
      found[i] = partitions.find(encoded.array(), offsets[i], offsets[i + 1], rows.hash(ids[i]));
    }
    for (int i = begin; i < end; i++) {
      PartitionMatch p = found[i];
      read += p == null ? 0 : p.read();
    }
    readAhead = read;
    for (int i = begin; i < end; i++) {
      take(ids[i], rows.releasedTime(from + i), i, evaluation);
    }
  }

  private void take(int id, long time, int i, EvaluationContext evaluation) {
    PartitionMatch p = found[i];
    if (p == null) {
      // An earlier row of this run may have made it.
      p = partitions.find(encoded.array(), offsets[i], offsets[i + 1], rows.hash(id));
    }
    if (isRowByRow && (p == null || p.size == 0) && (labels[i] & beginning) == 0) {
      rows.drop(id);
      return;
    }
    if (p == null) {
      p = partitions.add(encoded.array(), offsets[i], offsets[i + 1], rows.hash(id));
    }
    p.addRow(id, plan.rules.isTimed(), plan.isByRows ? p.dropped + p.size : time);
    touch(p);
    if (isRowByRow) {
      p.labels[p.size - 1] = labels[i];
      p.labelled = p.size;
      run.runRows(p, evaluation);
      trim(p, Long.MIN_VALUE, evaluation);
    }
  }

  private void touch(PartitionMatch p) {
    if (p.isTouched) {
      return;
    }
    p.isTouched = true;
    if (touchedCount == touched.length) {
      touched = Arrays.copyOf(touched, touchedCount * 2);
    }
    touched[touchedCount++] = p;
  }

  private boolean isOver(PartitionMatch p, long bound) {
    return p.entryCount > 0 && p.times[p.unsettled] + plan.rules.withinMicros() < bound;
  }

  /// Ends the starts whose time limit the watermark has passed.
  private void expire(long bound, EvaluationContext evaluation) {
    expiredCount = 0;
    if (isRowByRow) {
      // Every open start has a timer.
      limits.pass(bound, this::addExpired);
    } else {
      limits.pass(bound, this::touch);
      for (int i = 0; i < touchedCount; i++) {
        if (isOver(touched[i], bound)) {
          addExpired(touched[i]);
        }
      }
    }
    int fired = expiredCount;
    PartitionMatch[] all = Arrays.copyOf(expired, isRowByRow ? fired : 0);
    // Where one start follows the other, the next one may be over as well.
    while (expiredCount > 0) {
      int left = 0;
      for (int i = 0; i < expiredCount; i++) {
        if (i % GROUP == 0) {
          readAhead(expired, i, Math.min(expiredCount, i + GROUP));
        }
        PartitionMatch p = expired[i];
        if (!isOver(p, bound)) {
          continue;
        }
        // Rows may be there that wait for their NEXT ones.
        long passed = p.position < p.size ? Math.min(bound, p.times[p.position]) : bound;
        run.matcher.passTime(p, passed, run);
        if (p.position < p.labelled) {
          expired[left++] = p;
        }
      }
      run.run(expired, left, false, evaluation);
      for (int i = left; i < expiredCount; i++) {
        expired[i] = null;
      }
      expiredCount = left;
    }
    if (isRowByRow) {
      for (int i = 0; i < fired; i++) {
        touch(all[i]);
        trim(all[i], bound, evaluation);
      }
    }
  }

  /// The next row of a partition is beyond the frames of starts that saw as many rows as they may.
  private void expireByRows(EvaluationContext evaluation) {
    for (int i = 0; i < touchedCount; i++) {
      PartitionMatch p = touched[i];
      int position;
      do {
        position = p.position;
        run.matcher.passTime(p, p.dropped + p.position, run);
        single[0] = p;
        run.run(single, 1, false, evaluation);
      } while (p.position != position);
    }
  }

  private void readAhead(PartitionMatch[] all, int from, int to) {
    long read = 0;
    for (int i = from; i < to; i++) {
      read += all[i].read();
    }
    readAhead = read;
  }

  private void addExpired(PartitionMatch p) {
    if (expiredCount == expired.length) {
      expired = Arrays.copyOf(expired, expiredCount * 2);
    }
    expired[expiredCount++] = p;
  }

  /// Gives up the oldest starts of a partition that keeps too many rows, and drops what nothing
  /// needs.
  private void cut(PartitionMatch p, EvaluationContext evaluation) {
    while (maxRows != MatchNode.NO_LIMIT
        && !isEnded
        && p.size - p.unsettled > maxRows
        && p.position > p.unsettled) {
      int row = p.rows[p.unsettled];
      SqlException error =
          new SqlException(
              ErrorCode.PROGRAM_LIMIT_EXCEEDED,
              "a partition keeps more than "
                  + maxRows
                  + " rows for open starts of its pattern: the oldest start is given up");
      context.errors().report(rowError(error), partitionText(row), 1);
      run.matcher.giveUp(p, run);
      single[0] = p;
      run.run(single, 1, false, evaluation);
    }
    run.finishRows(p);
    int count = run.droppable(p);
    if (count == 0) {
      return;
    }
    // Output that is still to be made may need them.
    if (leavingCount + count > leaving.length) {
      leaving = Arrays.copyOf(leaving, Math.max(leavingCount + count, leaving.length * 2));
    }
    System.arraycopy(p.rows, 0, leaving, leavingCount, count);
    leavingCount += count;
    p.cut(count, run.matcher.stride());
    if (run.isEmitted()) {
      dropRows();
    }
  }

  private void dropRows() {
    for (int i = 0; i < leavingCount; i++) {
      rows.drop(leaving[i]);
    }
    leavingCount = 0;
  }

  private void trim(PartitionMatch p, long bound, EvaluationContext evaluation) {
    cut(p, evaluation);
    if (plan.rules.isTimed() && !plan.isByRows && p.entryCount > 0) {
      long limit = p.times[p.unsettled] + plan.rules.withinMicros();
      if (limit >= bound) {
        limits.set(p, limit);
      }
      // Else it waits for a row, not for time.
    }
  }

  /// Windows that this step has not touched hold no rows of it.
  private void move(int[][] moves, boolean all) {
    if (packed != null) {
      packed.move(moves, all);
    } else if (all) {
      partitions.forEach(p -> p.move(moves));
    } else {
      for (int i = 0; i < touchedCount; i++) {
        touched[i].move(moves);
      }
    }
  }

  @Override
  public void seal() {
    rows.seal(this::move);
    boolean plain = records.areNone();
    for (int i = 0; i < touchedCount; i++) {
      PartitionMatch p = touched[i];
      p.isTouched = false;
      touched[i] = null;
      if ((plain || records.write(p)) && p.size == 0 && p.timer == Long.MAX_VALUE) {
        partitions.remove(p);
      }
    }
    touchedCount = 0;
    long bytes = rows.store().sizeBytes() + partitions.size() * 200L + rows.store().heldRows() * 24;
    if (packed != null) {
      packed.seal();
      bytes += packed.sizeBytes();
    }
    rowJournal.holds(rows.store().heldRows(), bytes);
    records.report(0);
    recent.seal();
  }

  @Override
  public MatchNode matchNode() {
    return plan.node;
  }

  @Override
  public List<byte[]> recentMatches() {
    return recent.all();
  }

  @Override
  public long droppedRows() {
    return dropped;
  }

  @Override
  public long keptKeys() {
    if (!hasAdvanced && keptRows() > 0) {
      return -1;
    }
    return packed != null ? packed.size() : partitions.size();
  }

  @Override
  public long keptRows() {
    return rows.store().heldRows();
  }

  @Override
  public long oldestMicros() {
    return rows.oldest();
  }

  @Override
  public void close() {
    rows.close();
  }

  // Problems and output.

  private static RowError rowError(SqlException e) {
    return new RowError(0, e.code(), e.text(), e.detail(), e.hint());
  }

  private String partitionText(int row) {
    return RowNames.of(rows.store(), row, keyColumns);
  }

  private final class Reporting implements PatternRun.Problems {
    @Override
    public void failMatch(SqlException error, int row) {
      context.errors().report(rowError(error), partitionText(row), 1);
    }

    @Override
    public void report(RowError error, int rowId) {
      context.errors().report(error, RowNames.of(rows.store(), rowId), 1);
    }
  }

  private final class Emitting implements MeasureEvaluation.Target {
    @Override
    public void emit(DeltaBatch output, int[] frames) {
      context.output().emit(output);
    }

    @Override
    public void fail(RowError error, int rowId, int frame) {
      context.errors().report(error, partitionText(rowId), 1);
    }
  }
}
