package dev.aevum.executor.pattern;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.Gather;
import dev.aevum.executor.kernel.RowError;
import dev.aevum.executor.kernel.RowErrors;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.executor.waiting.RowStore;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.planner.plan.MatchSpec.OutputColumn;
import dev.aevum.planner.plan.MatchSpec.RowsPerMatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Makes output rows of matches. One thread.
final class MeasureEvaluation {
  /// Takes output, and the rows that could not be made.
  interface Target {
    /// Gives the batch away; row i belongs to frame `frames[i]`.
    void emit(DeltaBatch rows, int[] frames);

    /// Output of the match around row `rowId` failed.
    void fail(RowError error, int rowId, int frame);
  }

  private static final int BATCH = 4096;

  private final MatchPlan plan;
  private final RowStore store;
  private final FrameRows rows = new FrameRows();
  private final FrameRows evaluated = new FrameRows();
  private int[] ids = new int[64];
  private int[] positions = new int[64];
  private int[] owners = new int[64];

  MeasureEvaluation(MatchPlan plan, RowStore store) {
    this.plan = plan;
    this.store = store;
  }

  /// The output of all frames, in order.
  void evaluate(EvaluationContext context, MatchFrames frames, Target target) {
    rows.clear();
    for (int f = 0; f < frames.count(); f++) {
      addRows(frames, f);
      if (rows.count() >= BATCH) {
        emit(context, frames, target);
      }
    }
    emit(context, frames, target);
  }

  private void addRows(MatchFrames frames, int frame) {
    int length = frames.length(frame);
    if (isOneRow() || frames.kind(frame) == MatchFrames.UNMATCHED) {
      rows.add(frame, length - 1);
    } else if (length == 0) {
      if (plan.spec.rows() != RowsPerMatch.ALL_ROWS_OMIT_EMPTY) {
        rows.add(frame, -1);
      }
    } else {
      for (int i = 0; i < length; i++) {
        int place = frames.place(frame, i);
        if (!frames.isExcluded(place) && frames.variableAt(place) >= 0) {
          rows.add(frame, i);
        }
      }
    }
  }

  private void emit(EvaluationContext context, MatchFrames frames, Target target) {
    int count = rows.count();
    if (count == 0) {
      return;
    }
    ensure(count);
    RowErrors outer = context.exchangeErrors(new RowErrors());
    RowErrors errors = new RowErrors();
    List<Column> measures = new ArrayList<>();
    List<Column> columns = new ArrayList<>();
    try {
      int found = matched(frames);
      try {
        for (MatchExpression measure : plan.measures) {
          Column value = measure.evaluate(context, store, frames, evaluated);
          measures.add(RowStore.spread(context.allocator(), value, positions, found, count));
        }
      } finally {
        errors = context.exchangeErrors(outer);
      }
      for (int i = 0; i < count; i++) {
        int frame = rows.frame(i);
        int place = rows.current(i) < 0 ? -1 : frames.place(frame, rowOf(i));
        ids[i] = place < 0 ? frames.base(frame) : frames.rowAt(place);
        owners[i] = frame;
      }
      for (OutputColumn column : plan.spec.output()) {
        columns.add(
            switch (column) {
              case OutputColumn.Input input -> store.gather(input.column(), ids, count);
              case OutputColumn.Measure measure -> measures.get(measure.measure()).retain();
            });
      }
      DeltaBatch batch = new DeltaBatch(count, columns.toArray(Column[]::new), null);
      columns.clear();
      give(context, batch, errors, target);
    } finally {
      measures.forEach(Column::close);
      columns.forEach(Column::close);
      rows.clear();
    }
  }

  /// ONE ROW shows columns of the first row: they are those of the partition, or in a window of the
  /// row from which the match was searched.
  private int rowOf(int i) {
    return isOneRow() ? 0 : rows.current(i);
  }

  private boolean isOneRow() {
    return plan.spec.rows() == RowsPerMatch.ONE_ROW || plan.spec.rows() == RowsPerMatch.EVERY_ROW;
  }

  private int matched(MatchFrames frames) {
    evaluated.clear();
    int found = 0;
    for (int i = 0; i < rows.count(); i++) {
      if (frames.kind(rows.frame(i)) != MatchFrames.UNMATCHED) {
        evaluated.add(rows.frame(i), rows.current(i));
        positions[found++] = i;
      }
    }
    return found;
  }

  private void give(EvaluationContext context, DeltaBatch batch, RowErrors errors, Target target) {
    if (errors.isEmpty()) {
      target.emit(batch, Arrays.copyOf(owners, batch.rows()));
      return;
    }
    try (batch) {
      boolean[] failed = new boolean[batch.rows()];
      for (RowError e : errors.all()) {
        int row = positions[e.row()];
        failed[row] = true;
        target.fail(e, ids[row], owners[row]);
      }
      int kept = 0;
      int[] chosen = new int[batch.rows()];
      for (int i = 0; i < batch.rows(); i++) {
        if (!failed[i]) {
          owners[kept] = owners[i];
          chosen[kept++] = i;
        }
      }
      target.emit(
          Gather.gather(context.allocator(), batch, Selection.of(chosen, kept)),
          Arrays.copyOf(owners, kept));
    }
  }

  private void ensure(int count) {
    if (ids.length < count) {
      int larger = Math.max(count, ids.length * 2);
      ids = new int[larger];
      positions = new int[larger];
      owners = new int[larger];
    }
  }
}
