package dev.aevum.planner.lower;

import dev.aevum.model.batch.Schema;
import dev.aevum.planner.plan.PlanNode;
import dev.aevum.planner.plan.PlanNode.*;
import dev.aevum.planner.plan.PlanNode.RecursiveNode;
import dev.aevum.planner.plan.PlanNode.WorkingTableNode;
import dev.aevum.planner.plan.Traits;
import java.util.List;

/// Copies of plan nodes.
final class PlanNodes {
  private PlanNodes() {}

  /// The node over other inputs with the same columns.
  static PlanNode withInputs(PlanNode node, List<PlanNode> inputs) {
    return rebuild(node, inputs, node.schema(), node.traits());
  }

  static PlanNode withTraits(PlanNode node, Traits traits) {
    return rebuild(node, node.inputs(), node.schema(), traits);
  }

  /// The node with other column names.
  static PlanNode withSchema(PlanNode node, Schema schema) {
    return rebuild(node, node.inputs(), schema, node.traits());
  }

  private static PlanNode rebuild(PlanNode node, List<PlanNode> in, Schema schema, Traits traits) {
    return switch (node) {
      case ScanNode n ->
          new ScanNode(
              n.relation(), n.name(), n.columns(), n.watermark(), n.keyPrefix(), schema, traits);
      case ValuesNode n -> new ValuesNode(n.rows(), schema, traits);
      case CalcNode n -> new CalcNode(in.getFirst(), n.filter(), n.projections(), schema, traits);
      case WindowNode n -> window(n, in.getFirst(), schema, traits);
      case AggregateNode n ->
          new AggregateNode(
              in.getFirst(),
              n.groupKeys(),
              n.calls(),
              n.closeKey(),
              n.emitOnClose(),
              n.partialOf(),
              schema,
              traits);
      case PartialAggregateNode n ->
          new PartialAggregateNode(in.getFirst(), n.groupKeys(), n.calls(), schema, traits);
      case JoinNode n ->
          new JoinNode(
              in.get(0),
              in.get(1),
              n.kind(),
              n.leftKeys(),
              n.rightKeys(),
              n.nullSafe(),
              n.residual(),
              schema,
              traits);
      case CorrelateNode n ->
          new CorrelateNode(in.get(0), in.get(1), n.correlation(), n.kind(), schema, traits);
      case UnionAllNode n -> new UnionAllNode(in, schema, traits);
      case RecursiveNode n ->
          new RecursiveNode(in.get(0), in.get(1), n.table(), n.all(), schema, traits);
      case WorkingTableNode n -> n;
      case SetOperationNode n ->
          new SetOperationNode(n.kind(), in.get(0), in.get(1), schema, traits);
      case SortNode n ->
          new SortNode(in.getFirst(), n.keys(), n.offset(), n.limit(), schema, traits);
      case OverNode n ->
          new OverNode(
              in.getFirst(), n.partitionBy(), n.orderBy(), n.calls(), n.frames(), schema, traits);
      case TableFunctionNode n ->
          new TableFunctionNode(
              in.getFirst(), n.functions(), n.ordinality(), n.outer(), schema, traits);
      case SingleRowNode n -> new SingleRowNode(in.getFirst(), schema, traits);
      case ExchangeNode n -> new ExchangeNode(in.getFirst(), n.keys(), schema, traits);
      case SequenceNode n ->
          new SequenceNode(
              in.getFirst(),
              n.partitionBy(),
              n.timeColumn(),
              n.calls(),
              n.provisional(),
              schema,
              traits);
      case ForecastNode n -> n.with(in.getFirst(), schema, traits);
      case MatchNode n ->
          new MatchNode(
              in.getFirst(),
              n.partitionBy(),
              n.orderBy(),
              n.match(),
              n.timeColumn(),
              n.revising(),
              n.maxRowsPerPartition(),
              schema,
              traits);
      case LearnNode n ->
          new LearnNode(in.getFirst(), n.spec(), n.order(), n.timed(), schema, traits);
      case PredictNode n ->
          new PredictNode(
              in.get(0), in.get(1), n.spec(), n.arguments(), n.kind(), n.refresh(), schema, traits);
      case CloseGateNode n ->
          new CloseGateNode(in.getFirst(), n.timeColumn(), n.offsetMicros(), schema, traits);
    };
  }

  private static WindowNode window(WindowNode n, PlanNode input, Schema schema, Traits traits) {
    return new WindowNode(
        input, n.timeColumn(), n.sizeMicros(), n.slideMicros(), n.offsetMicros(), schema, traits);
  }
}
