package dev.aevum.executor.query;

import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.PlanNode.SortNode;
import org.jspecify.annotations.Nullable;

/// OFFSET and LIMIT over input in its own order.
final class LimitSource implements RowSource {
  private final RowSource input;
  private final QueryContext context;
  private long toSkip;
  private long left;

  LimitSource(SortNode node, RowSource input, QueryContext context) {
    this.input = input;
    this.context = context;
    this.toSkip = bound(node.offset(), context, 0, ErrorCode.INVALID_ROW_COUNT_IN_OFFSET, "OFFSET");
    this.left =
        bound(node.limit(), context, Long.MAX_VALUE, ErrorCode.INVALID_ROW_COUNT_IN_LIMIT, "LIMIT");
  }

  /// The value of a bigint bound; NULL means none.
  static long bound(
      @Nullable Expr expression, QueryContext context, long none, ErrorCode code, String clause) {
    if (expression == null) {
      return none;
    }
    try (Column value = QueryExecution.constant(expression, context)) {
      if (value.isNull(0)) {
        return none;
      }
      long bound = value.longAt(0);
      if (bound < 0) {
        throw new SqlException(code, clause + " must not be negative");
      }
      return bound;
    }
  }

  @Override
  public @Nullable DeltaBatch next() {
    while (left > 0) {
      DeltaBatch batch = input.next();
      if (batch == null) {
        return null;
      }
      context.check();
      DeltaBatch rows = Batches.expand(context.allocator(), batch);
      int skip = (int) Math.min(toSkip, rows.rows());
      int keep = (int) Math.min(left, rows.rows() - skip);
      toSkip -= skip;
      left -= keep;
      if (keep == rows.rows()) {
        return rows;
      }
      try (rows) {
        if (keep > 0) {
          return Batches.rows(context.allocator(), rows, range(skip, keep), keep);
        }
      }
    }
    return null;
  }

  private static int[] range(int from, int count) {
    int[] rows = new int[count];
    for (int i = 0; i < count; i++) {
      rows[i] = from + i;
    }
    return rows;
  }

  @Override
  public void close() {
    input.close();
  }
}
