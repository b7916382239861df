package dev.aevum.executor.query;

import dev.aevum.executor.learning.Scorer;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.planner.plan.PlanNode.PredictNode;
import org.jspecify.annotations.Nullable;

/// Appends what a model predicts, by the version that the query's snapshot holds.
final class PredictSource implements RowSource {
  private final RowSource input;
  private final QueryContext context;
  private final Scorer scorer;

  PredictSource(PredictNode node, RowSource input, QueryContext context) {
    this.input = input;
    this.context = context;
    this.scorer = new Scorer(context.allocator(), node, context.registry().learningAlgorithms());
    try (RowSource versions = QueryExecution.open(node.model(), context)) {
      for (DeltaBatch next = versions.next(); next != null; next = versions.next()) {
        try (DeltaBatch batch = next) {
          scorer.apply(batch, (key, hash, version) -> {});
        }
        context.check();
      }
    }
  }

  @Override
  public @Nullable DeltaBatch next() {
    DeltaBatch next = input.next();
    if (next == null) {
      return null;
    }
    try (DeltaBatch batch = Batches.expand(context.allocator(), next)) {
      context.check();
      return Batches.append(batch, scorer.score(batch));
    }
  }

  @Override
  public void close() {
    input.close();
  }
}
