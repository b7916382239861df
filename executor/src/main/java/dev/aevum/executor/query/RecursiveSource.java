package dev.aevum.executor.query;

import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.planner.plan.PlanNode.RecursiveNode;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// WITH RECURSIVE, one round at a time: a LIMIT above ends a recursion that would not end itself.
/// The rows of the round before are the batch of the recursion's correlation.
final class RecursiveSource extends BufferedSource {
  private final RecursiveNode node;
  private final RowSource start;
  private final QueryContext context;
  private final @Nullable KeyTable seen;
  private @Nullable DeltaBatch last;

  RecursiveSource(RecursiveNode node, RowSource start, QueryContext context) {
    this.node = node;
    this.start = start;
    this.context = context;
    this.seen = node.all() ? null : new KeyTable(node.schema().types());
  }

  @Override
  boolean fill() {
    DeltaBatch found = last == null ? firstRound() : nextRound(last);
    if (last != null) {
      last.close();
      last = null;
    }
    if (found.rows() == 0) {
      found.close();
      return false;
    }
    last = found;
    emit(retained(found));
    return true;
  }

  private DeltaBatch firstRound() {
    return fresh(Batches.gather(context, node.start().schema(), start));
  }

  private DeltaBatch nextRound(DeltaBatch before) {
    context.check();
    context.evaluation().setOuterRow(node.table(), before, 0);
    try {
      RowSource step = QueryExecution.open(node.step(), context);
      return fresh(Batches.gather(context, node.step().schema(), step));
    } finally {
      context.evaluation().clearOuterRow(node.table());
    }
  }

  /// The rows that were not seen before; takes the batch over.
  private DeltaBatch fresh(DeltaBatch rows) {
    KeyTable table = seen;
    if (table == null) {
      return rows;
    }
    try (rows) {
      Column[] columns = rows.columns().toArray(Column[]::new);
      int[] kept = new int[rows.rows()];
      int count = 0;
      for (int row = 0; row < rows.rows(); row++) {
        int before = table.size();
        table.find(columns, row, true);
        if (table.size() > before) {
          kept[count++] = row;
        }
      }
      return Batches.rows(context.allocator(), rows, Arrays.copyOf(kept, count), count);
    }
  }

  private static DeltaBatch retained(DeltaBatch rows) {
    return new DeltaBatch(
        rows.rows(), rows.columns().stream().map(Column::retain).toArray(Column[]::new), null);
  }

  @Override
  public void close() {
    super.close();
    start.close();
    if (last != null) {
      last.close();
      last = null;
    }
  }
}
