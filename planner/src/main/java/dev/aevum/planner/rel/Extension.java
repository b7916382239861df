package dev.aevum.planner.rel;

import dev.aevum.model.error.SourceSpan;
import dev.aevum.planner.catalog.RelationInfo;
import dev.aevum.planner.plan.MatchSpec;
import dev.aevum.planner.plan.PlanNode.JoinKind;
import dev.aevum.planner.plan.PlanNode.SetKind;
import dev.aevum.planner.plan.SortKey;
import dev.aevum.planner.plan.WindowFrame;
import dev.aevum.planner.plan.function.FunctionSignature;
import dev.aevum.planner.plan.function.SequenceSignature;
import java.util.List;
import java.util.Map;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/// The relational operators that Calcite has not, or not with our meaning. Each becomes the plan
/// record of the same name.
public sealed interface Extension {
  record Scan(RelationInfo.Stored relation) implements Extension {}

  record Values(List<List<RexNode>> rows) implements Extension {
    public Values {
      rows = rows.stream().map(List::copyOf).toList();
    }
  }

  record Window(int timeColumn, long sizeMicros, long slideMicros, long offsetMicros)
      implements Extension {}

  /// MATCH_RECOGNIZE. `timeColumn` as in [dev.aevum.planner.plan.PlanNode.MatchNode]; `span`: ORDER
  /// BY, or the whole clause.
  record Match(
      List<Integer> partitionBy,
      List<SortKey> orderBy,
      MatchSpec match,
      int timeColumn,
      SourceSpan span)
      implements Extension {
    public Match {
      partitionBy = List.copyOf(partitionBy);
      orderBy = List.copyOf(orderBy);
    }
  }

  record TableFunction(List<RexNode> functions, boolean ordinality, boolean outer)
      implements Extension {
    public TableFunction {
      functions = List.copyOf(functions);
    }
  }

  record OverCall(
      FunctionSignature function,
      List<Integer> arguments,
      int filter,
      WindowFrame frame,
      RelDataType type) {}

  record Over(List<Integer> partitionBy, List<SortKey> orderBy, List<OverCall> calls)
      implements Extension {}

  /// WITH RECURSIVE: inputs are the start and the step.
  record Recursive(int table, boolean all) implements Extension {}

  record WorkingTable(int table) implements Extension {}

  record SingleRow() implements Extension {}

  record SequenceCall(
      SequenceSignature function, List<Integer> arguments, Map<String, Object> options) {}

  record Sequence(List<Integer> partitionBy, int timeColumn, List<SequenceCall> calls)
      implements Extension {}

  /// See [dev.aevum.planner.plan.PlanNode.ForecastNode].
  record Forecast(int keys, long stepMicros, long everyMicros, boolean history)
      implements Extension {}

  /// Capture i of the right side is left column `captures[i]`.
  record Correlate(int correlation, JoinKind kind, List<Integer> captures) implements Extension {}

  record Sort(List<SortKey> keys, @Nullable RexNode offset, @Nullable RexNode limit)
      implements Extension {}

  record SetOperation(SetKind kind) implements Extension {}
}
