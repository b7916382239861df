package dev.aevum.executor.query;

import dev.aevum.executor.expression.VectorExpression;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.batch.Schema;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.PlanNode;
import dev.aevum.planner.plan.PlanNode.AggregateNode;
import dev.aevum.planner.plan.PlanNode.CalcNode;
import dev.aevum.planner.plan.PlanNode.CloseGateNode;
import dev.aevum.planner.plan.PlanNode.CorrelateNode;
import dev.aevum.planner.plan.PlanNode.ExchangeNode;
import dev.aevum.planner.plan.PlanNode.ForecastNode;
import dev.aevum.planner.plan.PlanNode.JoinNode;
import dev.aevum.planner.plan.PlanNode.LearnNode;
import dev.aevum.planner.plan.PlanNode.MatchNode;
import dev.aevum.planner.plan.PlanNode.OverNode;
import dev.aevum.planner.plan.PlanNode.PartialAggregateNode;
import dev.aevum.planner.plan.PlanNode.PredictNode;
import dev.aevum.planner.plan.PlanNode.RecursiveNode;
import dev.aevum.planner.plan.PlanNode.ScanNode;
import dev.aevum.planner.plan.PlanNode.SequenceNode;
import dev.aevum.planner.plan.PlanNode.SetOperationNode;
import dev.aevum.planner.plan.PlanNode.SingleRowNode;
import dev.aevum.planner.plan.PlanNode.SortNode;
import dev.aevum.planner.plan.PlanNode.TableFunctionNode;
import dev.aevum.planner.plan.PlanNode.UnionAllNode;
import dev.aevum.planner.plan.PlanNode.ValuesNode;
import dev.aevum.planner.plan.PlanNode.WindowNode;
import dev.aevum.planner.plan.PlanNode.WorkingTableNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// Opens the sources of a plan.
public final class QueryExecution {
  private QueryExecution() {}

  /// The rows of `node`. The caller closes the source; errors come from it as SqlException.
  public static RowSource open(PlanNode node, QueryContext context) {
    return switch (node) {
      case ScanNode n -> scan(n, context);
      case ValuesNode n -> new ValuesSource(n, context);
      case CalcNode n -> over(n.input(), context, input -> new CalcSource(n, input, context));
      case WindowNode n -> over(n.input(), context, input -> new WindowSource(n, input, context));
      case AggregateNode n ->
          over(n.input(), context, input -> new AggregateSource(n, input, context));
      case PartialAggregateNode n ->
          throw new IllegalStateException("partial groups in an ad-hoc plan");
      case JoinNode n -> new JoinSource(n, context);
      case CorrelateNode n ->
          over(n.left(), context, input -> new CorrelateSource(n, input, context));
      case UnionAllNode n -> new UnionSource(n, context);
      case SetOperationNode n -> new SetOperationSource(n, context);
      case RecursiveNode n ->
          over(n.start(), context, input -> new RecursiveSource(n, input, context));
      case WorkingTableNode n -> new WorkingTableSource(n, context);
      case SortNode n ->
          n.keys().isEmpty()
              ? over(n.input(), context, input -> new LimitSource(n, input, context))
              : over(n.input(), context, input -> new SortSource(n, input, context));
      case OverNode n -> over(n.input(), context, input -> new OverSource(n, input, context));
      case MatchNode n -> over(n.input(), context, input -> new MatchSource(n, input, context));
      case SequenceNode n ->
          over(n.input(), context, input -> new SequenceSource(n, input, context));
      case ForecastNode n ->
          over(n.input(), context, input -> new ForecastSource(n, input, context));
      case LearnNode n -> throw new IllegalStateException("a model in an ad-hoc plan");
      case PredictNode n -> over(n.input(), context, input -> new PredictSource(n, input, context));
      case TableFunctionNode n ->
          over(n.input(), context, input -> new TableFunctionSource(n, input, context));
      case SingleRowNode n ->
          over(n.input(), context, input -> new SingleRowSource(n, input, context));
      case ExchangeNode n -> open(n.input(), context);
      case CloseGateNode n -> throw new IllegalStateException("a close gate in an ad-hoc plan");
    };
  }

  /// Rows of a row pattern, filtered and projected, whose matches are given.
  ///
  /// @param recorded the columns of their input, see [dev.aevum.executor.pattern.RecordedMatches]
  public static RowSource ofMatches(
      CalcNode calc, Schema recorded, List<byte[]> matches, QueryContext context) {
    if (!(calc.input() instanceof MatchNode match)) {
      throw new IllegalArgumentException("no row pattern");
    }
    return new CalcSource(
        calc, new RecordedMatchSource(match, recorded, matches, context), context);
  }

  /// The rows of `calc` over a row pattern whose input is `rows`, with the columns `recorded`.
  public static RowSource ofRows(
      CalcNode calc, Schema recorded, List<byte[]> rows, QueryContext context) {
    if (!(calc.input() instanceof MatchNode match)) {
      throw new IllegalArgumentException("no row pattern");
    }
    RowSource input = new RecordedRowSource(match.input().schema(), recorded, rows, context);
    return new CalcSource(calc, new MatchSource(match, input, context), context);
  }

  /// A source over the rows of `node`, which are closed when it cannot be made.
  private static RowSource over(
      PlanNode node, QueryContext context, UnaryOperator<RowSource> source) {
    RowSource input = open(node, context);
    try {
      return source.apply(input);
    } catch (RuntimeException | Error e) {
      input.close();
      throw e;
    }
  }

  private static RowSource scan(ScanNode node, QueryContext context) {
    List<Column> prefix = new ArrayList<>();
    try (DeltaBatch unit = Batches.unit()) {
      for (Expr value : node.keyPrefix()) {
        VectorExpression expression = context.compile(value, List.of());
        prefix.add(expression.evaluate(context.evaluation(), unit, Selection.all(1)));
      }
      context.check();
      return context.relations().read(node.relation(), node.columns(), prefix);
    } finally {
      prefix.forEach(Column::close);
    }
  }

  /// The value of an expression over nothing, as a column of one row; the caller closes it.
  static Column constant(Expr expression, QueryContext context) {
    try (DeltaBatch unit = Batches.unit()) {
      Column value =
          context
              .compile(expression, List.of())
              .evaluate(context.evaluation(), unit, Selection.all(1));
      try {
        context.check();
        return value.retain();
      } finally {
        value.close();
      }
    }
  }
}
