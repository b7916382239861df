package dev.aevum.executor.query;

import dev.aevum.executor.pattern.BatchMatcher;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.planner.plan.PlanNode.MatchNode;
import dev.aevum.planner.plan.SortKey;
import java.util.ArrayList;
import java.util.List;

/// MATCH_RECOGNIZE: rows sorted by partition and order, partition after partition.
final class MatchSource extends BufferedSource {
  private final MatchNode node;
  private final RowSource input;
  private final QueryContext context;

  MatchSource(MatchNode node, RowSource input, QueryContext context) {
    this.node = node;
    this.input = input;
    this.context = context;
  }

  @Override
  boolean fill() {
    try (DeltaBatch rows = Batches.gather(context, node.input().schema(), input);
        BatchMatcher matcher =
            new BatchMatcher(
                node, context.registry(), context::bound, context.evaluation(), this::emit)) {
      List<SortKey> keys = new ArrayList<>();
      node.partitionBy().forEach(c -> keys.add(new SortKey(c, false, false)));
      RowOrder partitions = RowOrder.of(rows, List.copyOf(keys));
      keys.addAll(node.orderBy());
      int[] order = RowOrder.identity(rows.rows());
      RowOrder.of(rows, keys).sort(order, order.length);
      for (int from = 0; from < order.length; ) {
        int to = from + 1;
        while (to < order.length && partitions.equal(order[from], order[to])) {
          to++;
        }
        context.check();
        matcher.partition(rows, order, from, to);
        from = to;
      }
    }
    return false;
  }

  @Override
  public void close() {
    super.close();
    input.close();
  }
}
