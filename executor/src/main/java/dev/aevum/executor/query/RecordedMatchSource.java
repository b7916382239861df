package dev.aevum.executor.query;

import dev.aevum.executor.pattern.RecordedMatches;
import dev.aevum.model.batch.Schema;
import dev.aevum.planner.plan.PlanNode.MatchNode;
import java.util.List;

/// MATCH_RECOGNIZE whose matches are known: gives their rows.
final class RecordedMatchSource extends BufferedSource {
  private final MatchNode node;
  private final Schema recorded;
  private final List<byte[]> matches;
  private final QueryContext context;

  RecordedMatchSource(MatchNode node, Schema recorded, List<byte[]> matches, QueryContext context) {
    this.node = node;
    this.recorded = recorded;
    this.matches = matches;
    this.context = context;
  }

  @Override
  boolean fill() {
    try (RecordedMatches replayed =
        new RecordedMatches(
            node, recorded, context.registry(), context::bound, context.evaluation())) {
      replayed.replay(matches, this::emit);
    }
    context.check();
    return false;
  }
}
