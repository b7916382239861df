package dev.aevum.executor.operator;

import dev.aevum.executor.kernel.Selection;
import dev.aevum.model.batch.Column;
import java.util.ArrayList;
import java.util.List;

/// The FILTER clauses of an aggregate's calls: for each, which rows of the batch at hand pass, and
/// where their groups are. Reused from batch to batch.
final class RowFilters {
  private final List<Filtered> filters = new ArrayList<>();

  /// The rows of one filter; `slots` by position in `selection`.
  static final class Filtered {
    private final int column;
    private int[] rows = new int[0];
    private long[] ownSlots = new long[0];
    long[] slots = new long[0];
    Selection selection = Selection.all(0);

    Filtered(int column) {
      this.column = column;
    }

    private void select(Column[] inputs, long[] allSlots, Selection all) {
      if (column < 0) {
        selection = all;
        slots = allSlots;
        return;
      }
      int n = all.size();
      if (rows.length < n) {
        rows = new int[allSlots.length];
        ownSlots = new long[allSlots.length];
      }
      slots = ownSlots;
      Column condition = inputs[column];
      int count = 0;
      for (int k = 0; k < n; k++) {
        int row = all.row(k);
        rows[count] = row;
        slots[count] = allSlots[k];
        count += condition.booleanAt(row) && !condition.isNull(row) ? 1 : 0;
      }
      selection = Selection.of(rows, count);
    }
  }

  RowFilters(AggregateLayout layout) {
    layout.accumulators.forEach(a -> note(a.filter()));
    layout.sketches.forEach(s -> note(s.filter()));
    layout.extremeSources.forEach(s -> note(s.filter()));
    layout.distinctSources.forEach(s -> note(s.filter()));
  }

  private void note(int column) {
    if (filters.stream().noneMatch(f -> f.column == column)) {
      filters.add(new Filtered(column));
    }
  }

  /// Takes in a batch: `slots` by position in `rows`.
  void select(Column[] inputs, long[] slots, Selection rows) {
    for (Filtered f : filters) {
      f.select(inputs, slots, rows);
    }
  }

  /// The rows that pass `column`; all for -1.
  Filtered of(int column) {
    for (Filtered f : filters) {
      if (f.column == column) {
        return f;
      }
    }
    throw new IllegalStateException("filter " + column);
  }
}
