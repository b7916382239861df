package dev.aevum.executor.pattern;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.waiting.RowStore;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.planner.plan.MatchSpec.RowsPerMatch;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Matcher, conditions and measures around one [RowStore]: takes partitions whose windows have
/// grown, or ended, and gives output rows. One thread.
final class PatternRun implements MatchSink {
  /// Rows of frames that are kept before they become output.
  private static final int FRAME_ROWS = 1 << 16;

  private static final int[] NO_PATH = {};

  /// Where problems of rows and partitions go.
  interface Problems extends DefineEvaluation.Failures {
    /// `row`: the row id at which the match starts.
    void failMatch(SqlException error, int row);
  }

  final MatchPlan plan;
  final RowStore store;
  final Matcher matcher;
  private final DefineEvaluation defines;
  private final MeasureEvaluation measures;
  private final boolean isEveryRow;
  private final MatchFrames frames;
  private final Problems problems;
  private final MeasureEvaluation.Target target;
  private PartitionMatch[] active = new PartitionMatch[64];
  private int[] firstVerdict = new int[64];
  private int activeCount;
  private MatchSink sink = this;
  private @Nullable RecentMatches recent;

  PatternRun(MatchPlan plan, RowStore store, Problems problems, MeasureEvaluation.Target target) {
    this.plan = plan;
    this.store = store;
    this.problems = problems;
    this.target = target;
    this.frames = new MatchFrames(plan.following);
    this.isEveryRow = plan.spec.rows() == RowsPerMatch.EVERY_ROW;
    this.matcher = new Matcher(plan.program, plan.rules);
    this.defines = new DefineEvaluation(plan, store);
    this.measures = new MeasureEvaluation(plan, store);
  }

  /// What becomes of starts goes to `taker`, which may hand it on to this.
  void sinkTo(MatchSink taker) {
    sink = taker;
  }

  /// Matches are remembered there.
  void rememberIn(RecentMatches matches) {
    recent = matches;
  }

  /// Labels the partition's rows as far as conditions can be evaluated: all when it has `ended`.
  void label(PartitionMatch p, boolean ended, EvaluationContext context) {
    defines.label(p, ended ? p.size : Math.max(0, p.size - plan.rowsAfter), context, problems);
  }

  /// After the last [#label] of a round.
  void finishLabels(EvaluationContext context) {
    defines.finish(context, problems);
  }

  /// Labels of released rows: see [MatchPlan#isRowByRow].
  void labelRows(int[] ids, int from, int count, long[] labels, EvaluationContext context) {
    defines.labelRows(ids, from, count, labels, context, problems);
  }

  /// Takes the labelled rows of a partition whose conditions do not look at paths.
  void runRows(PartitionMatch p, EvaluationContext context) {
    matcher.run(p, sink);
    emitFull(context);
  }

  /// Takes the labelled rows of the first `count` partitions; `ended`: and they are all there are.
  void run(PartitionMatch[] partitions, int count, boolean ended, EvaluationContext context) {
    if (!plan.hasPathConditions) {
      for (int i = 0; i < count; i++) {
        PartitionMatch p = partitions[i];
        do {
          matcher.run(p, sink);
        } while (ended && !matcher.finish(p, sink));
        emitFull(context);
      }
      return;
    }
    if (active.length < count) {
      active = new PartitionMatch[count];
      firstVerdict = new int[count];
    }
    System.arraycopy(partitions, 0, active, 0, count);
    activeCount = count;
    while (activeCount > 0) {
      wave(ended, context);
    }
    Arrays.fill(active, 0, count, null);
  }

  /// One row of each active partition.
  private void wave(boolean ended, EvaluationContext context) {
    defines.beginVerdicts();
    int kept = 0;
    for (int i = 0; i < activeCount; i++) {
      PartitionMatch p = active[i];
      if (prepare(p, ended)) {
        active[kept] = p;
        firstVerdict[kept++] = defines.ask(p, matcher);
      }
      emitFull(context);
    }
    activeCount = kept;
    boolean[] verdicts = defines.verdicts(context, problems);
    for (int i = 0; i < kept; i++) {
      matcher.take(active[i], verdicts, firstVerdict[i], sink);
      emitFull(context);
    }
  }

  /// False: nothing is left to do.
  private boolean prepare(PartitionMatch p, boolean ended) {
    while (true) {
      while (p.position < p.labelled) {
        if (matcher.prepare(p, sink)) {
          return true;
        }
      }
      if (!ended || matcher.finish(p, sink)) {
        return false;
      }
    }
  }

  private void emitFull(EvaluationContext context) {
    if (frames.usedRows() > FRAME_ROWS) {
      emit(context);
    }
  }

  /// Makes output of what has settled.
  void emit(EvaluationContext context) {
    if (frames.count() > 0) {
      measures.evaluate(context, frames, target);
      if (recent != null) {
        recent.take(frames);
      }
      frames.clear();
    }
  }

  /// No row is needed for output that is not made yet.
  boolean isEmitted() {
    return frames.count() == 0;
  }

  /// Rows of the window that nothing needs any more, from its beginning.
  int droppable(PartitionMatch p) {
    return Math.max(0, p.unsettled - plan.rowsBefore);
  }

  /// Settled starts without a match have rows of their own where every row has one. To be called
  /// before rows are dropped.
  void finishRows(PartitionMatch p) {
    if (isEveryRow) {
      withoutMatch(p, p.unsettled);
    }
  }

  boolean isEveryRow() {
    return isEveryRow;
  }

  /// The rows before `before` have rows of their own where they had none yet.
  void showRows(PartitionMatch p, int before) {
    withoutMatch(p, before);
  }

  private void withoutMatch(PartitionMatch p, int before) {
    for (int row = p.shown; row < before; row++) {
      unmatched(p, row);
    }
    p.shown = Math.max(p.shown, before);
  }

  @Override
  public void match(PartitionMatch p, int start, int end, int[] path, boolean timedOut) {
    if (isEveryRow) {
      withoutMatch(p, start);
      p.shown = start + 1;
    }
    frames.add(
        p,
        plan.program,
        start,
        end,
        path,
        plan.rowsBefore,
        plan.rowsAfter,
        timedOut ? MatchFrames.TIMED_OUT : MatchFrames.MATCH);
  }

  @Override
  public void unmatched(PartitionMatch p, int row) {
    frames.add(p, plan.program, row, row, NO_PATH, 0, 0, MatchFrames.UNMATCHED);
  }

  @Override
  public void tooManyThreads(PartitionMatch p, int start) {
    problems.failMatch(
        new SqlException(
                ErrorCode.PROGRAM_LIMIT_EXCEEDED, "the row pattern has too many ways to match")
            .withHint(
                "Conditions that look at earlier rows of the match keep ways apart: use fewer of them, or a"
                    + " pattern with fewer choices."),
        p.rows[start]);
  }

  @Override
  public void cannotSkip(PartitionMatch p, int start, boolean first) {
    problems.failMatch(
        new SqlException(
                ErrorCode.INVALID_PARAMETER_VALUE,
                first
                    ? "AFTER MATCH SKIP TO cannot skip to the first row of the match"
                    : "AFTER MATCH SKIP TO found no row to skip to in the match")
            .withHint(
                first
                    ? "Matching would go on where it was: skip to a later variable, to LAST of it, or TO NEXT ROW."
                    : "Skip to a variable that every match has a row of, or PAST LAST ROW."),
        p.rows[start]);
  }
}
