package dev.aevum.executor.query;

import dev.aevum.executor.kernel.Gather;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.planner.plan.AggregateCall;
import dev.aevum.planner.plan.PlanNode.AggregateNode;
import java.util.Arrays;
import java.util.Optional;

/// GROUP BY: folded as the input comes where every call can; else over gathered input, whose rows
/// are numbered by group.
final class AggregateSource extends BufferedSource {
  private final AggregateNode node;
  private final RowSource input;
  private final QueryContext context;

  AggregateSource(AggregateNode node, RowSource input, QueryContext context) {
    this.node = node;
    this.input = input;
    this.context = context;
  }

  @Override
  boolean fill() {
    Optional<StreamedGroups> streamed = StreamedGroups.of(node, context);
    if (streamed.isPresent()) {
      try (StreamedGroups groups = streamed.get()) {
        for (DeltaBatch next = input.next(); next != null; next = input.next()) {
          try (DeltaBatch rows = Batches.expand(context.allocator(), next)) {
            groups.add(rows);
          }
          context.check();
        }
        emit(groups.finish());
      }
    } else {
      gathered();
    }
    return false;
  }

  private void gathered() {
    try (DeltaBatch rows = Batches.gather(context, node.input().schema(), input)) {
      int[] groupOf = new int[rows.rows()];
      int[] firstRow = new int[Math.max(1, rows.rows())];
      int groups = number(rows, groupOf, firstRow);
      Column[] out = new Column[node.groupKeys().size() + node.calls().size()];
      int made = 0;
      try {
        for (int key : node.groupKeys()) {
          out[made++] = Gather.gather(context.allocator(), rows.column(key), firstRow, groups);
        }
        for (AggregateCall call : node.calls()) {
          out[made++] = GroupFold.fold(call, rows, groupOf, groups, context);
          context.check();
        }
      } catch (RuntimeException e) {
        for (Column c : out) {
          if (c != null) {
            c.close();
          }
        }
        throw e;
      }
      emit(new DeltaBatch(groups, out, null));
    }
  }

  private int number(DeltaBatch rows, int[] groupOf, int[] firstRow) {
    if (node.groupKeys().isEmpty()) {
      Arrays.fill(groupOf, 0);
      return 1;
    }
    Column[] keys = Batches.chosen(rows, node.groupKeys());
    KeyTable table = new KeyTable(Arrays.stream(keys).map(Column::type).toList());
    for (int row = 0; row < rows.rows(); row++) {
      int before = table.size();
      groupOf[row] = table.find(keys, row, true);
      if (table.size() > before) {
        firstRow[before] = row;
      }
    }
    return table.size();
  }

  @Override
  public void close() {
    super.close();
    input.close();
  }
}
