package dev.aevum.executor.query;

import dev.aevum.executor.kernel.Gather;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.planner.plan.AggregateCall;
import dev.aevum.planner.plan.PlanNode.OverNode;
import dev.aevum.planner.plan.SortKey;
import dev.aevum.planner.plan.function.FunctionSignature;
import java.util.ArrayList;
import java.util.List;

/// Window functions: rows sorted by partition and order, each call computed over that order,
/// results put back in input order's place.
final class OverSource extends BufferedSource {
  private final OverNode node;
  private final RowSource input;
  private final QueryContext context;

  OverSource(OverNode node, RowSource input, QueryContext context) {
    this.node = node;
    this.input = input;
    this.context = context;
  }

  @Override
  boolean fill() {
    try (DeltaBatch gathered = Batches.gather(context, node.input().schema(), input)) {
      List<SortKey> keys = new ArrayList<>();
      node.partitionBy().forEach(c -> keys.add(new SortKey(c, false, false)));
      RowOrder partitions = RowOrder.of(gathered, List.copyOf(keys));
      keys.addAll(node.orderBy());
      RowOrder whole = RowOrder.of(gathered, keys);
      int[] order = RowOrder.identity(gathered.rows());
      whole.sort(order, order.length);
      int[] partitionStart = starts(order, partitions);
      int[] peerStart = starts(order, whole);
      try (DeltaBatch sorted = Batches.rows(context.allocator(), gathered, order, order.length)) {
        OverFrames frames = OverFrames.of(partitionStart, peerStart);
        Column[] results = new Column[node.calls().size()];
        for (int i = 0; i < results.length; i++) {
          AggregateCall call = node.calls().get(i);
          FrameRanges ranges = FrameRanges.of(node.frames().get(i), sorted, frames, node.orderBy());
          results[i] =
              call.function().kind() == FunctionSignature.Kind.WINDOW
                  ? RankFunctions.evaluate(call, sorted, frames, ranges, context)
                  : FrameFold.evaluate(ordered(call), sorted, ranges, context);
          context.check();
        }
        emit(Batches.append(sorted, results));
      }
    }
    return false;
  }

  /// Aggregates that depend on order have that of the window.
  private AggregateCall ordered(AggregateCall call) {
    return new AggregateCall(
        call.function(),
        call.arguments(),
        call.distinct(),
        call.filter(),
        node.orderBy(),
        call.type(),
        call.nullable());
  }

  /// Per position of the order where its run of equal keys starts.
  private static int[] starts(int[] order, RowOrder keys) {
    int[] starts = new int[order.length];
    for (int i = 1; i < order.length; i++) {
      starts[i] = keys.equal(order[i - 1], order[i]) ? starts[i - 1] : i;
    }
    return starts;
  }

  @Override
  public void close() {
    super.close();
    input.close();
  }

  static Column gatherOrNull(QueryContext context, Column source, int[] rows) {
    return Gather.gatherOrNull(context.allocator(), source, rows, rows.length);
  }
}
