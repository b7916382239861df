package dev.aevum.executor.query;

import dev.aevum.model.batch.BatchWriter;
import dev.aevum.model.batch.Column;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.PlanNode.ValuesNode;
import java.util.List;

/// Rows of expressions over nothing.
final class ValuesSource extends BufferedSource {
  private final ValuesNode node;
  private final QueryContext context;

  ValuesSource(ValuesNode node, QueryContext context) {
    this.node = node;
    this.context = context;
  }

  @Override
  boolean fill() {
    try (BatchWriter out =
        new BatchWriter(context.allocator(), node.schema().types(), false, node.rows().size())) {
      for (List<Expr> row : node.rows()) {
        for (int i = 0; i < row.size(); i++) {
          try (Column value = QueryExecution.constant(row.get(i), context)) {
            out.column(i).appendFrom(value, 0);
          }
        }
        out.endRow();
      }
      emit(out.finish());
    }
    return false;
  }
}
