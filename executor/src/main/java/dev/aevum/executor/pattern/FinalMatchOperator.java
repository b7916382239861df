package dev.aevum.executor.pattern;

import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.executor.function.FunctionRegistry;
import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.Gather;
import dev.aevum.executor.kernel.RowError;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.executor.operator.DropsRows;
import dev.aevum.executor.operator.Operator;
import dev.aevum.executor.operator.OperatorContext;
import dev.aevum.executor.operator.Sealing;
import dev.aevum.executor.operator.TimeDriven;
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
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/// MATCH_RECOGNIZE over append-only input with a watermark.
///
/// **Schema**: as [dev.aevum.planner.plan.pattern.MatchSpec] says. **Weights**: input and output
/// are insertions; a match is emitted once, when nothing that can still come changes it. **State**:
/// rows that wait for the watermark, rows that an open start still needs (and as many before it as
/// PREV looks back), and of each partition its match number where that is asked for. **Dropped**:
/// rows when all starts that need them have settled; with WITHIN no start is open for longer; over
/// `maxRowsPerPartition` the oldest starts are given up, which is reported. Rows without a time are
/// dropped and counted.
///
/// Rows are released in order of time as the watermark passes them, equal ones by the other order
/// columns, then by arrival. Threads are not stored: after a restart they come to be again as the
/// rows are taken again from the first unsettled start on.
public final class FinalMatchOperator implements Operator, TimeDriven, Sealing, DropsRows {
  private final OperatorContext context;
  private final MatchPlan plan;
  private final long timeOffset;
  private final long maxRows;
  private final JournalState rowJournal;
  private final PartitionRecords records;
  private final StreamRows rows;
  private final PatternRun run;
  private final PartitionTable partitions = new PartitionTable();
  private final TimeLimits limits;
  private final KeyCodec keyCodec;
  private final int[] keyColumns;
  private final List<SortKey> ties;
  private final ByteSink encoded = new ByteSink();
  private int[] offsets = new int[0];
  private long[] hashes = new long[0];
  private long[] times = new long[0];
  private PartitionMatch[] owners = new PartitionMatch[0];
  private PartitionMatch[] touched = new PartitionMatch[64];
  private int touchedCount;
  private PartitionMatch[] expired = new PartitionMatch[64];
  private int expiredCount;
  private final PartitionMatch[] single = new PartitionMatch[1];
  private boolean isEnded;
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
    this.rows = new StreamRows(context.allocator(), plan.inputTypes, rowJournal);
    this.run = new PatternRun(plan, rows.store, new Reporting(), new Emitting());
    this.limits = new TimeLimits(Math.max(0, plan.rules.withinMicros()));
    this.keyColumns = node.partitionBy().stream().mapToInt(Integer::intValue).toArray();
    this.keyCodec = new KeyCodec(node.partitionBy().stream().map(plan.inputTypes::get).toList());
    this.ties = node.orderBy().subList(1, node.orderBy().size());
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
    for (int from = 0; from < batch.rows(); from += RowStore.CHUNK_ROWS) {
      pushRows(batch, from, Math.min(batch.rows(), from + RowStore.CHUNK_ROWS));
    }
  }

  /// Rows `from` to `to - 1`, each as often as it weighs.
  private void pushRows(DeltaBatch batch, int from, int to) {
    Column time = batch.column(plan.timeColumn);
    int[] kept = new int[to - from];
    int count = 0;
    for (int row = from; row < to; row++) {
      long t = MatchPlan.timeOf(time, row);
      if (t == Long.MAX_VALUE || t == Long.MIN_VALUE) {
        dropped++;
        continue;
      }
      long weight = batch.weightAt(row);
      if (weight < 0) {
        throw new IllegalStateException("a retraction in append-only input");
      }
      for (long n = weight; n > 0; n--) {
        if (count == kept.length) {
          kept = Arrays.copyOf(kept, count * 2);
        }
        kept[count++] = row;
      }
    }
    if (count == batch.rows() && batch.weights() == null) {
      take(batch.retain(), false);
      return;
    }
    for (int at = 0; at < count; at += RowStore.CHUNK_ROWS) {
      int end = Math.min(count, at + RowStore.CHUNK_ROWS);
      int[] chosen = Arrays.copyOfRange(kept, at, end);
      Column[] columns = new Column[batch.columnCount()];
      for (int c = 0; c < columns.length; c++) {
        columns[c] =
            Gather.gather(context.allocator(), batch.column(c), Selection.of(chosen, end - at));
      }
      take(new DeltaBatch(end - at, columns, null), false);
    }
  }

  private void take(DeltaBatch batch, boolean restored) {
    int count = batch.rows();
    if (count == 0) {
      batch.close();
      return;
    }
    if (hashes.length < count) {
      offsets = new int[count + 1];
      hashes = new long[count];
      times = new long[count];
      owners = new PartitionMatch[count];
    }
    Column[] keys = new Column[keyColumns.length];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = batch.column(keyColumns[i]);
    }
    encoded.reset();
    keyCodec.encodeAll(keys, count, encoded, offsets);
    KeyCodec.hashAll(encoded.segment(), offsets, count, hashes);
    Column time = batch.column(plan.timeColumn);
    for (int row = 0; row < count; row++) {
      times[row] = time.data().get(LONG, (long) row << 3);
      owners[row] = partitions.find(encoded.array(), offsets[row], offsets[row + 1], hashes[row]);
      owners[row].waiting++;
    }
    if (restored) {
      rows.addRestored(batch, times, owners);
    } else {
      rows.add(batch, times, owners);
    }
  }

  // Time.

  @Override
  public void advance(long watermark) {
    if (isEnded) {
      return;
    }
    long bound = Watermarks.plus(watermark, timeOffset);
    isEnded = watermark == Watermarks.END;
    EvaluationContext evaluation = context.evaluation().get();
    release(bound);
    if (isEnded) {
      partitions.forEach(this::touch);
    }
    for (int i = 0; i < touchedCount; i++) {
      run.label(touched[i], isEnded, evaluation);
    }
    run.finishLabels(evaluation);
    run.run(touched, touchedCount, isEnded, evaluation);
    if (plan.rules.isTimed() && !isEnded) {
      expire(bound, evaluation);
    }
    run.emit(evaluation);
    for (int i = 0; i < touchedCount; i++) {
      settle(touched[i], evaluation);
    }
    run.emit(evaluation);
    for (int i = 0; i < touchedCount; i++) {
      trim(touched[i], bound);
    }
  }

  private void release(long bound) {
    int released = rows.release(bound, isEnded);
    boolean timed = plan.rules.isTimed();
    boolean anyTies = false;
    for (int i = 0; i < released; i++) {
      int id = rows.released(i);
      long time = rows.releasedTime(i);
      PartitionMatch p = rows.owner(id);
      if (!p.isTouched) {
        touch(p);
        p.lastTime = time;
        p.tieFrom = -1;
      } else if (p.lastTime == time) {
        anyTies = true;
        p.tieFrom = p.tieFrom < 0 ? p.size - 1 : p.tieFrom;
      } else {
        p.lastTime = time;
      }
      p.addRow(id, timed, time);
      p.waiting--;
    }
    if (anyTies) {
      for (int i = 0; i < touchedCount; i++) {
        PartitionMatch p = touched[i];
        if (p.tieFrom >= 0) {
          RowTies.sort(p, rows, plan.timeColumn, ties);
          p.tieFrom = -1;
        }
      }
    }
  }

  private void touch(PartitionMatch p) {
    if (p.isTouched) {
      return;
    }
    p.isTouched = true;
    p.tieFrom = -1;
    if (touchedCount == touched.length) {
      touched = Arrays.copyOf(touched, touchedCount * 2);
    }
    touched[touchedCount++] = p;
  }

  /// Ends the starts whose time limit the watermark has passed.
  private void expire(long bound, EvaluationContext evaluation) {
    limits.pass(bound, this::touch);
    expiredCount = 0;
    for (int i = 0; i < touchedCount; i++) {
      if (touched[i].entryCount > 0) {
        if (expiredCount == expired.length) {
          expired = Arrays.copyOf(expired, expiredCount * 2);
        }
        expired[expiredCount++] = touched[i];
      }
    }
    // Where one start follows the other, the next one may be over as well.
    while (expiredCount > 0) {
      int left = 0;
      for (int i = 0; i < expiredCount; i++) {
        PartitionMatch p = expired[i];
        // Rows may be there that wait for their NEXT ones.
        long passed = p.position < p.size ? Math.min(bound, p.times[p.position]) : bound;
        run.matcher.passTime(p, passed, run);
        if (p.position < p.labelled) {
          expired[left++] = p;
        }
      }
      run.run(expired, left, false, evaluation);
      expiredCount = left;
    }
  }

  /// Gives up the oldest starts of a partition that keeps too many rows.
  private void settle(PartitionMatch p, EvaluationContext evaluation) {
    if (maxRows == MatchNode.NO_LIMIT || isEnded) {
      return;
    }
    while (p.size - p.unsettled > maxRows && p.position > p.unsettled) {
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
  }

  private void trim(PartitionMatch p, long bound) {
    int count = run.droppable(p);
    for (int i = 0; i < count; i++) {
      rows.drop(p.rows[i]);
    }
    p.cut(count, run.matcher.stride());
    if (plan.rules.isTimed() && p.entryCount > 0) {
      long limit = p.times[p.entries[Matcher.START]] + plan.rules.withinMicros();
      if (limit >= bound) {
        limits.set(p, limit);
      }
      // Else it waits for a row, not for time.
    }
  }

  @Override
  public void seal() {
    rows.seal(touched, touchedCount, partitions::forEach);
    for (int i = 0; i < touchedCount; i++) {
      PartitionMatch p = touched[i];
      p.isTouched = false;
      touched[i] = null;
      if (records.write(p) && p.size == 0 && p.timer == Long.MAX_VALUE && p.waiting == 0) {
        partitions.remove(p);
      }
    }
    touchedCount = 0;
    long bytes = rows.store.sizeBytes() + partitions.size() * 200L + rows.store.heldRows() * 24;
    rowJournal.holds(rows.store.heldRows(), bytes);
    records.report(0);
  }

  @Override
  public long droppedRows() {
    return dropped;
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
    return RowNames.of(rows.store, row, keyColumns);
  }

  private final class Reporting implements PatternRun.Problems {
    @Override
    public void cannotSkip(SqlException error, int row) {
      context.errors().report(rowError(error), partitionText(row), 1);
    }

    @Override
    public void report(RowError error, int rowId) {
      context.errors().report(error, RowNames.of(rows.store, rowId), 1);
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
