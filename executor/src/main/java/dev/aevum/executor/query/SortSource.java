package dev.aevum.executor.query;

import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.planner.plan.PlanNode.SortNode;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// ORDER BY with OFFSET and LIMIT.
final class SortSource implements RowSource {
  private final SortNode node;
  private final RowSource input;
  private final QueryContext context;
  private @Nullable DeltaBatch all;
  private int[] order = new int[0];
  private int at;
  private int end;

  SortSource(SortNode node, RowSource input, QueryContext context) {
    this.node = node;
    this.input = input;
    this.context = context;
  }

  @Override
  public @Nullable DeltaBatch next() {
    DeltaBatch rows = all;
    if (rows == null) {
      rows = sort();
    }
    int count = Math.min(DeltaBatch.TARGET_ROWS, end - at);
    if (count <= 0) {
      return null;
    }
    context.check();
    int[] chosen = Arrays.copyOfRange(order, at, at + count);
    at += count;
    return Batches.rows(context.allocator(), rows, chosen, count);
  }

  private DeltaBatch sort() {
    long offset =
        LimitSource.bound(
            node.offset(), context, 0, ErrorCode.INVALID_ROW_COUNT_IN_OFFSET, "OFFSET");
    long limit =
        LimitSource.bound(
            node.limit(), context, Long.MAX_VALUE, ErrorCode.INVALID_ROW_COUNT_IN_LIMIT, "LIMIT");
    DeltaBatch rows = Batches.gather(context, node.input().schema(), input);
    all = rows;
    order = RowOrder.identity(rows.rows());
    RowOrder.of(rows, node.keys()).sort(order, order.length);
    at = (int) Math.min(offset, rows.rows());
    end = (int) Math.min(rows.rows(), limit > rows.rows() - at ? rows.rows() : at + limit);
    return rows;
  }

  @Override
  public void close() {
    input.close();
    if (all != null) {
      all.close();
      all = null;
    }
    end = 0;
  }
}
