package dev.aevum.executor.query;

import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.planner.plan.PlanNode.SingleRowNode;

/// A scalar subquery: one row, NULLs for none, 21000 for more.
final class SingleRowSource extends BufferedSource {
  private final SingleRowNode node;
  private final RowSource input;
  private final QueryContext context;

  SingleRowSource(SingleRowNode node, RowSource input, QueryContext context) {
    this.node = node;
    this.input = input;
    this.context = context;
  }

  @Override
  boolean fill() {
    DeltaBatch rows = Batches.gather(context, node.schema(), input);
    if (rows.rows() == 1) {
      emit(rows);
      return false;
    }
    int count = rows.rows();
    rows.close();
    if (count > 1) {
      throw new SqlException(
          ErrorCode.CARDINALITY_VIOLATION,
          "more than one row returned by a subquery used as an expression");
    }
    emit(
        new DeltaBatch(
            1,
            node.schema().types().stream()
                .map(t -> NullColumns.of(context.allocator(), t, 1))
                .toArray(Column[]::new),
            null));
    return false;
  }

  @Override
  public void close() {
    super.close();
    input.close();
  }
}
