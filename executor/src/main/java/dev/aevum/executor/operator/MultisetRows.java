package dev.aevum.executor.operator;

import dev.aevum.executor.aggregate.MultisetAggregate;
import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import java.util.Arrays;

/// The rows of some groups' multisets, group after group, as a [MultisetAggregate] takes them.
final class MultisetRows implements AutoCloseable {
  private final ColumnWriter[] writers;
  private long[] weights = new long[64];
  private int[] starts = new int[64];
  private int rows;
  private int groups;

  MultisetRows(ColumnWriter[] writers) {
    this.writers = writers;
  }

  /// Where the next row's columns are appended, before [#add].
  ColumnWriter[] writers() {
    return writers;
  }

  void add(long weight) {
    if (rows == weights.length) {
      weights = Arrays.copyOf(weights, 2 * rows);
    }
    weights[rows++] = weight;
  }

  void endGroup() {
    if (groups + 1 == starts.length) {
      starts = Arrays.copyOf(starts, 2 * starts.length);
    }
    starts[++groups] = rows;
  }

  /// One result a group; empties this.
  Column evaluate(EvaluationContext context, MultisetAggregate aggregate, boolean distinct) {
    Column[] columns = new Column[writers.length];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = writers[i].finish();
    }
    try {
      int[] all = new int[rows];
      Arrays.setAll(all, i -> i);
      if (distinct) {
        Arrays.fill(weights, 0, rows, 1);
      }
      return aggregate.evaluate(context, columns, all, weights, starts, groups);
    } finally {
      GroupRows.closeAll(columns);
      rows = 0;
      groups = 0;
    }
  }

  @Override
  public void close() {
    for (ColumnWriter w : writers) {
      w.close();
    }
  }
}
