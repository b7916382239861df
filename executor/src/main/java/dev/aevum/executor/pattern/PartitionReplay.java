package dev.aevum.executor.pattern;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.RowError;
import dev.aevum.executor.pattern.Checkpoints.Checkpoint;
import dev.aevum.executor.waiting.RowStore;
import dev.aevum.model.batch.BatchWriter;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.error.SqlException;
import dev.aevum.planner.plan.MatchSpec.AfterMatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Matches a partition again from a checkpoint, or its beginning, on; a portion of rows at a time.
/// Either it only watches, or it gives what comes of the starts before a limit. One thread.
///
/// A row is a *border* when it is a start, or would be, whatever comes before: matching goes on
/// there as it does in any other run that has the same rows from there on.
final class PartitionReplay implements AutoCloseable, MatchSink, PatternRun.Problems {
  /// No limit.
  static final int ALL = Integer.MAX_VALUE;

  private static final int MOST_ROWS = 4096;

  private final MatchPlan plan;
  private final EvaluationContext context;
  private final PartitionScan scan;
  private final RowStore store;
  private final PatternRun run;
  private final boolean watches;
  private final PartitionMatch p = new PartitionMatch(new byte[0], 0);
  private final PartitionMatch[] single = {p};
  private final boolean bordersEverywhere;
  private final List<byte[]> keys = new ArrayList<>();
  private final BitSet inside = new BitSet();
  private int[] starts = new int[16];
  private int startCount;
  private final long firstNumber;
  private int nextRows;
  private int limit = ALL;
  private int seen;
  private boolean failed;
  private final List<Checkpoint> made = new ArrayList<>();

  /// Watches only: matches and errors go nowhere.
  PartitionReplay(
      MatchPlan plan, EvaluationContext context, PartitionScan scan, @Nullable Checkpoint from) {
    this(plan, context, scan, from, null, null);
  }

  /// Gives matches to `target`, errors to `problems`.
  PartitionReplay(
      MatchPlan plan,
      EvaluationContext context,
      PartitionScan scan,
      @Nullable Checkpoint from,
      @Nullable Function<RowStore, PatternRun.Problems> problems,
      @Nullable Function<RowStore, MeasureEvaluation.Target> target) {
    this.plan = plan;
    this.context = context;
    this.scan = scan;
    this.store = new RowStore(context.allocator(), plan.inputTypes);
    this.watches = problems == null || target == null;
    this.run =
        problems == null || target == null
            ? new PatternRun(plan, store, this, new Nowhere())
            : new PatternRun(plan, store, problems.apply(store), target.apply(store));
    run.sinkTo(this);
    this.bordersEverywhere =
        plan.spec.afterMatch() instanceof AfterMatch.ToNextRow && !plan.rules.unmatched();
    this.nextRows = RevisingMatchOperator.SPACING;
    this.firstNumber = from == null ? 0 : from.number();
    p.matchNumber = firstNumber;
    if (from != null) {
      p.dropped = 1;
      if (plan.rowsBefore > 0) {
        addRows(-1, plan.rowsBefore);
      }
      p.labelled = p.size;
      p.position = p.size;
      p.unsettled = p.size;
      p.covered = p.size;
      p.shown = p.size;
    }
  }

  private static final class Nowhere implements MeasureEvaluation.Target {
    @Override
    public void emit(DeltaBatch rows, int[] frames) {
      rows.close();
    }

    @Override
    public void fail(RowError error, int rowId, int frame) {
      throw new IllegalStateException("output of a run that watches");
    }
  }

  /// Only starts before row `row` give something.
  void limit(int row) {
    limit = row;
  }

  /// Runs until everything before the limit has been given.
  void runAll() {
    while (!isAtEnd() && p.unsettled < limit) {
      advance();
    }
    if (run.isEveryRow()) {
      run.showRows(p, Math.min(limit, p.unsettled));
    }
    run.emit(context);
  }

  /// Takes the next portion of rows.
  void advance() {
    addRows(1, nextRows);
    nextRows = Math.min(MOST_ROWS, nextRows * 2);
    boolean ended = scan.isAtEnd();
    run.label(p, ended, context);
    run.finishLabels(context);
    int labelled = p.labelled;
    for (int to = p.position + RevisingMatchOperator.SPACING;
        to < labelled;
        to += RevisingMatchOperator.SPACING) {
      p.labelled = to;
      run.run(single, 1, false, context);
      mark();
    }
    p.labelled = labelled;
    run.run(single, 1, ended, context);
    if (!ended) {
      mark();
    }
  }

  /// `direction` -1: the rows before.
  private void addRows(int direction, int most) {
    try (BatchWriter out = new BatchWriter(context.allocator(), plan.inputTypes, false, most)) {
      if (direction < 0) {
        scan.readBefore(most, out, keys);
      } else {
        scan.read(most, out, keys);
      }
      if (out.rows() == 0) {
        return;
      }
      DeltaBatch rows = out.finish();
      int chunk = store.add(rows);
      boolean timed = plan.rules.isTimed();
      for (int i = 0; i < rows.rows(); i++) {
        long time = 0;
        if (timed) {
          time =
              plan.isByRows
                  ? p.dropped + p.size
                  : MatchPlan.timeOf(rows.column(plan.timeColumn), i);
        }
        p.addRow(RowStore.id(chunk, i), timed, time);
      }
    }
  }

  /// Remembers where things stand.
  private void mark() {
    seen = Math.max(seen, p.position);
    int last = Math.max(p.unsettled, seen - 1 + plan.rowsAfter);
    if (last < p.size
        && p.unsettled > 0
        && !isCopy(p.unsettled)
        && (p.covered <= p.unsettled || !plan.rules.unmatched())) {
      made.add(
          new Checkpoint(
              keys.get(p.unsettled), keys.get(last), firstNumber + startsBefore(p.unsettled)));
    }
  }

  List<Checkpoint> checkpoints() {
    return made;
  }

  boolean isAtEnd() {
    return scan.isAtEnd();
  }

  /// An error has come up.
  boolean hasFailed() {
    return failed;
  }

  int size() {
    return p.size;
  }

  byte[] key(int row) {
    return keys.get(row);
  }

  /// The first row behind row key `changed`; the number of rows so far where there is none.
  int firstBehind(byte[] changed) {
    int low = 0;
    int high = keys.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Arrays.compareUnsigned(keys.get(middle), changed) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /// All starts before the row are settled.
  boolean isSettled(int row) {
    return row <= p.unsettled && row < p.size;
  }

  boolean isBorder(int row) {
    return bordersEverywhere || !inside.get(row);
  }

  /// Whether the row is equal to the one before.
  @SuppressWarnings("ReferenceEquality") // copies of a row share their key
  boolean isCopy(int row) {
    return row > 0 && keys.get(row) == keys.get(row - 1);
  }

  /// Whether the row is the partition's first.
  boolean isFirst(int row) {
    return p.dropped + row == 0;
  }

  long numberAt(int row) {
    return plan.usesNumber ? firstNumber + startsBefore(row) : 0;
  }

  private int startsBefore(int row) {
    int at = Arrays.binarySearch(starts, 0, startCount, row);
    return at < 0 ? -at - 1 : at;
  }

  @Override
  public void match(PartitionMatch partition, int start, int end, int[] path, boolean timedOut) {
    if (startCount == starts.length) {
      starts = Arrays.copyOf(starts, startCount * 2);
    }
    starts[startCount++] = start;
    if (!timedOut && end > start + 1) {
      inside.set(start + 1, end);
    }
    if (!watches && start < limit) {
      run.match(partition, start, end, path, timedOut);
    }
  }

  @Override
  public void unmatched(PartitionMatch partition, int row) {
    if (!watches && row < limit) {
      run.unmatched(partition, row);
    }
  }

  @Override
  public void tooManyThreads(PartitionMatch partition, int start) {
    failed = true;
    if (!watches && start < limit) {
      run.tooManyThreads(partition, start);
    }
  }

  @Override
  public void cannotSkip(PartitionMatch partition, int start, boolean first) {
    failed = true;
    if (!watches && start < limit) {
      run.cannotSkip(partition, start, first);
    }
  }

  @Override
  public void failMatch(SqlException error, int row) {
    failed = true;
  }

  @Override
  public void report(RowError error, int rowId) {
    failed = true;
  }

  @Override
  public void close() {
    store.close();
  }
}
