package dev.aevum.planner.lower;

import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.PlanNode;
import dev.aevum.planner.plan.PlanNode.*;
import dev.aevum.planner.plan.PlanNode.RecursiveNode;
import dev.aevum.planner.plan.PlanNode.WorkingTableNode;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// References out of the right side of a correlation.
final class OuterReferences {
  private OuterReferences() {}

  /// Sets the left columns that `node` refers to.
  static void collect(PlanNode node, int correlation, BitSet columns) {
    map(
        node,
        e -> {
          if (e instanceof Expr.OuterRef ref && ref.correlation() == correlation) {
            columns.set(ref.index());
          }
          return e;
        });
  }

  static PlanNode move(PlanNode node, int correlation, IntUnaryOperator position) {
    return map(
        node,
        e ->
            e instanceof Expr.OuterRef ref && ref.correlation() == correlation
                ? new Expr.OuterRef(
                    correlation, position.applyAsInt(ref.index()), ref.type(), ref.nullable())
                : e);
  }

  private static PlanNode map(PlanNode node, UnaryOperator<Expr> leaf) {
    return switch (node) {
      case ScanNode n ->
          new ScanNode(
              n.relation(),
              n.name(),
              n.columns(),
              n.watermark(),
              Exprs.rewrite(n.keyPrefix(), leaf),
              n.schema(),
              n.traits());
      case ValuesNode n -> {
        List<List<Expr>> rows = new ArrayList<>();
        n.rows().forEach(r -> rows.add(Exprs.rewrite(r, leaf)));
        yield new ValuesNode(rows, n.schema(), n.traits());
      }
      case CalcNode n ->
          new CalcNode(
              map(n.input(), leaf),
              optional(n.filter(), leaf),
              Exprs.rewrite(n.projections(), leaf),
              n.schema(),
              n.traits());
      case WindowNode n ->
          new WindowNode(
              map(n.input(), leaf),
              n.timeColumn(),
              n.sizeMicros(),
              n.slideMicros(),
              n.offsetMicros(),
              n.schema(),
              n.traits());
      case AggregateNode n ->
          new AggregateNode(
              map(n.input(), leaf),
              n.groupKeys(),
              n.calls(),
              n.closeKey(),
              n.emitOnClose(),
              n.schema(),
              n.traits());
      case PartialAggregateNode n -> throw new IllegalStateException("partial groups in a query");
      case JoinNode n ->
          new JoinNode(
              map(n.left(), leaf),
              map(n.right(), leaf),
              n.kind(),
              n.leftKeys(),
              n.rightKeys(),
              n.nullSafe(),
              optional(n.residual(), leaf),
              n.schema(),
              n.traits());
      case CorrelateNode n ->
          new CorrelateNode(
              map(n.left(), leaf),
              map(n.right(), leaf),
              n.correlation(),
              n.kind(),
              n.schema(),
              n.traits());
      case UnionAllNode n ->
          new UnionAllNode(
              n.inputs().stream().map(i -> map(i, leaf)).toList(), n.schema(), n.traits());
      case RecursiveNode n ->
          new RecursiveNode(
              map(n.start(), leaf),
              map(n.step(), leaf),
              n.table(),
              n.all(),
              n.schema(),
              n.traits());
      case WorkingTableNode n -> n;
      case SetOperationNode n ->
          new SetOperationNode(
              n.kind(), map(n.left(), leaf), map(n.right(), leaf), n.schema(), n.traits());
      case SortNode n ->
          new SortNode(
              map(n.input(), leaf),
              n.keys(),
              optional(n.offset(), leaf),
              optional(n.limit(), leaf),
              n.schema(),
              n.traits());
      case OverNode n ->
          new OverNode(
              map(n.input(), leaf),
              n.partitionBy(),
              n.orderBy(),
              n.calls(),
              n.frames(),
              n.schema(),
              n.traits());
      case TableFunctionNode n -> {
        List<Expr.Call> functions = new ArrayList<>();
        n.functions().forEach(f -> functions.add((Expr.Call) Exprs.rewrite(f, leaf)));
        yield new TableFunctionNode(
            map(n.input(), leaf), functions, n.ordinality(), n.outer(), n.schema(), n.traits());
      }
      case SequenceNode n -> PlanNodes.withInputs(n, List.of(map(n.input(), leaf)));
      case ForecastNode n -> PlanNodes.withInputs(n, List.of(map(n.input(), leaf)));
      case MatchNode n -> PlanNodes.withInputs(n, List.of(map(n.input(), leaf)));
      case LearnNode n -> throw new IllegalStateException("a model in a query");
      case PredictNode n ->
          PlanNodes.withInputs(n, List.of(map(n.input(), leaf), map(n.model(), leaf)));
      case SingleRowNode n -> new SingleRowNode(map(n.input(), leaf), n.schema(), n.traits());
      case ExchangeNode n ->
          new ExchangeNode(map(n.input(), leaf), n.keys(), n.schema(), n.traits());
      case CloseGateNode n ->
          new CloseGateNode(
              map(n.input(), leaf), n.timeColumn(), n.offsetMicros(), n.schema(), n.traits());
    };
  }

  private static @Nullable Expr optional(@Nullable Expr expr, UnaryOperator<Expr> leaf) {
    return expr == null ? null : Exprs.rewrite(expr, leaf);
  }
}
