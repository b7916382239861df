package dev.aevum.executor.query;

import dev.aevum.executor.expression.CalcEvaluator;
import dev.aevum.executor.kernel.Gather;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.planner.plan.PlanNode.CalcNode;
import org.jspecify.annotations.Nullable;

/// Filter and projection, batch by batch.
final class CalcSource implements RowSource {
  private final RowSource input;
  private final QueryContext context;
  private final CalcEvaluator evaluator;

  CalcSource(CalcNode node, RowSource input, QueryContext context) {
    this.input = input;
    this.context = context;
    this.evaluator = context.calc(node.filter(), node.projections(), node.input().schema().types());
  }

  @Override
  public @Nullable DeltaBatch next() {
    for (DeltaBatch batch = input.next(); batch != null; batch = input.next()) {
      try (DeltaBatch in = batch) {
        CalcEvaluator.Result result = evaluator.evaluate(context.evaluation(), in);
        try (result) {
          context.check();
          if (result.rows().isEmpty()) {
            continue;
          }
          Column[] columns = result.columns().clone();
          for (Column c : columns) {
            c.retain();
          }
          return new DeltaBatch(
              result.rows().size(),
              columns,
              Gather.gatherWeights(context.allocator(), in, result.rows()));
        }
      }
    }
    return null;
  }

  @Override
  public void close() {
    input.close();
  }
}
