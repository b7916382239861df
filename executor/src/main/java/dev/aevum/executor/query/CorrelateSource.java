package dev.aevum.executor.query;

import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.planner.plan.PlanNode.CorrelateNode;
import dev.aevum.planner.plan.PlanNode.JoinKind;
import java.util.Arrays;

/// Runs the right side once per left row, which its expressions see as outer columns.
final class CorrelateSource extends BufferedSource {
  private final CorrelateNode node;
  private final RowSource left;
  private final QueryContext context;

  CorrelateSource(CorrelateNode node, RowSource left, QueryContext context) {
    this.node = node;
    this.left = left;
    this.context = context;
  }

  @Override
  boolean fill() {
    DeltaBatch next = left.next();
    if (next == null) {
      return false;
    }
    try (DeltaBatch in = Batches.expand(context.allocator(), next)) {
      for (int row = 0; row < in.rows(); row++) {
        context.check();
        context.evaluation().setOuterRow(node.correlation(), in, row);
        try (RowSource right = QueryExecution.open(node.right(), context)) {
          one(in, row, right);
        } finally {
          context.evaluation().clearOuterRow(node.correlation());
        }
      }
    }
    return true;
  }

  private void one(DeltaBatch in, int row, RowSource right) {
    boolean any = false;
    for (DeltaBatch next = right.next(); next != null; next = right.next()) {
      try (DeltaBatch matches = Batches.expand(context.allocator(), next)) {
        any |= matches.rows() > 0;
        if (node.kind() == JoinKind.INNER || node.kind() == JoinKind.LEFT) {
          emit(Batches.join(matches.rows(), repeated(in, row, matches.rows()), retained(matches)));
        } else if (any) {
          break;
        }
      }
    }
    switch (node.kind()) {
      case INNER -> {}
      case LEFT -> {
        if (!any) {
          emit(Batches.join(1, repeated(in, row, 1), nulls()));
        }
      }
      case SEMI, ANTI -> {
        if (any == (node.kind() == JoinKind.SEMI)) {
          emit(new DeltaBatch(1, repeated(in, row, 1), null));
        }
      }
      case RIGHT, FULL -> throw new IllegalStateException("a correlated " + node.kind() + " join");
    }
  }

  private Column[] repeated(DeltaBatch in, int row, int times) {
    int[] rows = new int[times];
    Arrays.fill(rows, row);
    return Batches.columns(context.allocator(), in, rows, times);
  }

  private static Column[] retained(DeltaBatch batch) {
    return batch.columns().stream().map(Column::retain).toArray(Column[]::new);
  }

  private Column[] nulls() {
    return node.right().schema().types().stream()
        .map(t -> NullColumns.of(context.allocator(), t, 1))
        .toArray(Column[]::new);
  }

  @Override
  public void close() {
    super.close();
    left.close();
  }
}
