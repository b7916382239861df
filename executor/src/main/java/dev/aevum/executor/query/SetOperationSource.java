package dev.aevum.executor.query;

import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.planner.plan.PlanNode;
import dev.aevum.planner.plan.PlanNode.SetKind;
import dev.aevum.planner.plan.PlanNode.SetOperationNode;
import java.util.Arrays;

/// INTERSECT and EXCEPT: the right rows are counted by value, the left rows pass or not. NULLs are
/// equal.
final class SetOperationSource extends BufferedSource {
  private final SetOperationNode node;
  private final QueryContext context;

  SetOperationSource(SetOperationNode node, QueryContext context) {
    this.node = node;
    this.context = context;
  }

  @Override
  boolean fill() {
    KeyTable table = new KeyTable(node.schema().types());
    int[] rightCount = new int[64];
    try (DeltaBatch right = gathered(node.right())) {
      Column[] columns = right.columns().toArray(Column[]::new);
      for (int row = 0; row < right.rows(); row++) {
        int number = table.find(columns, row, true);
        if (number >= rightCount.length) {
          rightCount = Arrays.copyOf(rightCount, number * 2);
        }
        rightCount[number]++;
      }
    }
    try (DeltaBatch left = gathered(node.left())) {
      int[] passed = pass(left, table, rightCount);
      emit(Batches.rows(context.allocator(), left, passed, passed.length));
    }
    return false;
  }

  private int[] pass(DeltaBatch left, KeyTable table, int[] rightCount) {
    Column[] columns = left.columns().toArray(Column[]::new);
    int known = table.size();
    int[] remaining = Arrays.copyOf(rightCount, Math.max(known, 1));
    boolean[] seen = new boolean[known + left.rows() + 1];
    int[] passed = new int[left.rows()];
    int count = 0;
    for (int row = 0; row < left.rows(); row++) {
      int number = table.find(columns, row, true);
      boolean inRight = number < known && remaining[number] > 0;
      boolean first = !seen[number];
      seen[number] = true;
      boolean passes =
          switch (node.kind()) {
            case INTERSECT -> inRight && first;
            case EXCEPT -> number >= known && first;
            case INTERSECT_ALL -> inRight;
            case EXCEPT_ALL -> !inRight;
          };
      if (inRight && (node.kind() == SetKind.INTERSECT_ALL || node.kind() == SetKind.EXCEPT_ALL)) {
        remaining[number]--;
      }
      if (passes) {
        passed[count++] = row;
      }
    }
    return Arrays.copyOf(passed, count);
  }

  private DeltaBatch gathered(PlanNode input) {
    return Batches.gather(context, input.schema(), QueryExecution.open(input, context));
  }
}
