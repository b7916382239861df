package dev.aevum.executor.step;

import dev.aevum.executor.expression.CalcEvaluator;
import dev.aevum.executor.expression.ExpressionCompiler;
import dev.aevum.executor.operator.AggregateOperator;
import dev.aevum.executor.operator.CalcOperator;
import dev.aevum.executor.operator.CloseAggregateOperator;
import dev.aevum.executor.operator.CloseGateOperator;
import dev.aevum.executor.operator.ExchangeOperator;
import dev.aevum.executor.operator.ForecastOperator;
import dev.aevum.executor.operator.JoinOperator;
import dev.aevum.executor.operator.LearnOperator;
import dev.aevum.executor.operator.Operator;
import dev.aevum.executor.operator.OperatorContext;
import dev.aevum.executor.operator.PartialAggregateOperator;
import dev.aevum.executor.operator.PredictOperator;
import dev.aevum.executor.operator.RevisingForecastOperator;
import dev.aevum.executor.operator.RevisingSequenceOperator;
import dev.aevum.executor.operator.ScanOperator;
import dev.aevum.executor.operator.SequenceOperator;
import dev.aevum.executor.operator.UnionAllOperator;
import dev.aevum.executor.operator.ValuesOperator;
import dev.aevum.executor.operator.WindowOperator;
import dev.aevum.executor.pattern.FinalMatchOperator;
import dev.aevum.executor.pattern.RevisingMatchOperator;
import dev.aevum.executor.spi.StepOutput.LateRows;
import dev.aevum.executor.spi.StepOutput.RowError;
import dev.aevum.model.batch.Schema;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.step.ObjectId;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.PlanNode;
import dev.aevum.planner.plan.ViewPlan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Makes the operators of a view on one worker: one arm a node kind. Equal parts of the plan (same
/// nodes over same inputs) become one part of the circuit, with one state, that gives its output to
/// all who want it; it has the number of the first in post-order.
final class CircuitBuilder {
  private final StepWorker worker;
  private final int view;
  private final AtomicInteger edges;
  private final List<CircuitNode> nodes = new ArrayList<>();
  private final Map<PlanNode, CircuitNode> built = new HashMap<>();
  private final ViewCircuit circuit;

  /// `firstEdge`: the number of the view's first exchange, the same on all workers.
  CircuitBuilder(StepWorker worker, int view, int firstEdge) {
    this.worker = worker;
    this.view = view;
    this.edges = new AtomicInteger(firstEdge);
    this.circuit = new ViewCircuit(view, nodes, worker.timer(), worker.maxOutputBytes());
  }

  /// On an exception nothing is left open.
  ViewCircuit build(ViewPlan plan) {
    try {
      int size = size(plan.root());
      CircuitNode output =
          new CircuitNode(view, size + 1, "Output", worker.recordedState(), worker.timer());
      output.run(circuit.root);
      output.connect(0, build(plan.root(), 0));
      nodes.add(output);
      return circuit;
    } catch (RuntimeException | Error e) {
      circuit.close(false);
      throw e;
    }
  }

  static int size(PlanNode node) {
    int size = 1;
    for (PlanNode input : node.inputs()) {
      size += size(input);
    }
    return size;
  }

  /// `base`: how many nodes come before this subtree in post-order.
  private CircuitNode build(PlanNode plan, int base) {
    CircuitNode shared = built.get(plan);
    if (shared != null) {
      return shared;
    }
    int ordinal = base + size(plan);
    CircuitNode node =
        new CircuitNode(view, ordinal, name(plan), worker.recordedState(), worker.timer());
    int before = base;
    for (int i = 0; i < plan.inputs().size(); i++) {
      PlanNode child = plan.inputs().get(i);
      node.connect(i, build(child, before));
      before += size(child);
    }
    nodes.add(node);
    built.put(plan, node);
    node.run(operator(plan, context(node)));
    return node;
  }

  private OperatorContext context(CircuitNode node) {
    ObjectId id = new ObjectId(view, node.ordinal);
    return new OperatorContext(
        worker.allocator(),
        worker::evaluation,
        node.state,
        view,
        node.ordinal,
        node.name,
        worker.shards(),
        node,
        (error, rowText, weight) ->
            circuit.errors.add(
                new RowError(
                    view,
                    id,
                    node.name,
                    error.code().sqlState(),
                    error.message(),
                    rowText,
                    weight)));
  }

  private Operator operator(PlanNode plan, OperatorContext context) {
    return switch (plan) {
      case PlanNode.ScanNode n ->
          new ScanOperator(
              context,
              n,
              (stream, watermark, batch) ->
                  circuit.late.add(new LateRows(view, stream, watermark, batch)));
      case PlanNode.ValuesNode n ->
          new ValuesOperator(
              context, n.rows().stream().map(row -> calc(null, row, List.of())).toList());
      case PlanNode.CalcNode n ->
          new CalcOperator(context, calc(n.filter(), n.projections(), n.input().schema().types()));
      case PlanNode.WindowNode n -> new WindowOperator(context, n);
      case PlanNode.AggregateNode n ->
          n.emitOnClose()
              ? new CloseAggregateOperator(context, n, worker.functions()::aggregate)
              : new AggregateOperator(context, n, worker.functions()::aggregate);
      case PlanNode.PartialAggregateNode n ->
          new PartialAggregateOperator(context, n, worker.functions()::aggregate);
      case PlanNode.JoinNode n -> new JoinOperator(context, n, residual(n));
      case PlanNode.UnionAllNode n -> new UnionAllOperator(context);
      case PlanNode.ExchangeNode n ->
          new ExchangeOperator(
              context, n, worker.exchange(), edges.getAndIncrement(), worker.index(), worker::step);
      case PlanNode.CloseGateNode n -> new CloseGateOperator(context, n);
      case PlanNode.MatchNode n ->
          n.revising()
              ? new RevisingMatchOperator(context, n, worker.functions())
              : new FinalMatchOperator(context, n, worker.functions());
      case PlanNode.SequenceNode n ->
          n.revising()
              ? new RevisingSequenceOperator(context, n, worker.functions().sequenceFunctions())
              : new SequenceOperator(context, n, worker.functions().sequenceFunctions());
      case PlanNode.ForecastNode n ->
          n.input().traits().appendOnly()
              ? new ForecastOperator(context, n)
              : new RevisingForecastOperator(context, n);
      case PlanNode.LearnNode n ->
          new LearnOperator(context, n, worker.functions().learningAlgorithms());
      case PlanNode.PredictNode n ->
          new PredictOperator(context, n, worker.functions().learningAlgorithms());
      case PlanNode.CorrelateNode n -> throw unsupported(n);
      case PlanNode.SetOperationNode n -> throw unsupported(n);
      case PlanNode.RecursiveNode n -> throw unsupported(n);
      case PlanNode.WorkingTableNode n -> throw unsupported(n);
      case PlanNode.SortNode n -> throw unsupported(n);
      case PlanNode.OverNode n -> throw unsupported(n);
      case PlanNode.TableFunctionNode n -> throw unsupported(n);
      case PlanNode.SingleRowNode n -> throw unsupported(n);
    };
  }

  private CalcEvaluator calc(
      @Nullable Expr filter, List<Expr> projections, List<SqlType> inputTypes) {
    return ExpressionCompiler.calc(filter, projections, inputTypes, worker.functions());
  }

  private @Nullable CalcEvaluator residual(PlanNode.JoinNode node) {
    if (node.residual() == null) {
      return null;
    }
    List<Expr> columns = new ArrayList<>();
    for (PlanNode side : node.inputs()) {
      Schema schema = side.schema();
      for (int i = 0; i < schema.size(); i++) {
        columns.add(new Expr.ColumnRef(columns.size(), schema.type(i), schema.field(i).nullable()));
      }
    }
    return calc(node.residual(), columns, columns.stream().map(Expr::type).toList());
  }

  private static SqlException unsupported(PlanNode node) {
    return new SqlException(
        ErrorCode.FEATURE_NOT_SUPPORTED,
        "continuous queries do not support " + name(node) + " yet");
  }

  static String name(PlanNode plan) {
    if (plan instanceof PlanNode.ScanNode scan) {
      return "Scan " + scan.name();
    }
    String simple = plan.getClass().getSimpleName();
    return simple.substring(0, simple.length() - "Node".length());
  }
}
