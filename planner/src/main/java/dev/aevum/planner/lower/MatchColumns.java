package dev.aevum.planner.lower;

import dev.aevum.model.batch.Field;
import dev.aevum.model.batch.Schema;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.MatchExpr;
import dev.aevum.planner.plan.MatchOperand;
import dev.aevum.planner.plan.MatchSpec;
import dev.aevum.planner.plan.MatchSpec.OutputColumn;
import dev.aevum.planner.plan.PlanNode;
import dev.aevum.planner.plan.PlanNode.MatchNode;
import dev.aevum.planner.plan.SortKey;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The input columns that a [MatchNode] refers to, and the node over an input with other columns.
public final class MatchColumns {
  private MatchColumns() {}

  /// Columns of the input that the node needs.
  static BitSet needed(MatchNode n) {
    BitSet needed = new BitSet();
    n.partitionBy().forEach(needed::set);
    n.orderBy().forEach(k -> needed.set(k.column()));
    for (OutputColumn column : n.match().output()) {
      if (column instanceof OutputColumn.Input input) {
        needed.set(input.column());
      }
    }
    int width = n.input().schema().size();
    for (MatchExpr define : n.match().defines()) {
      need(needed, define, width);
    }
    n.match().measures().forEach(m -> need(needed, m, width));
    return needed;
  }

  private static void need(BitSet needed, @Nullable MatchExpr expr, int width) {
    if (expr == null) {
      return;
    }
    for (MatchOperand operand : expr.operands()) {
      for (Expr value : operand.expressions()) {
        need(needed, value, width);
      }
    }
  }

  private static void need(BitSet needed, Expr expr, int width) {
    if (expr instanceof Expr.ColumnRef ref && ref.index() < width) {
      needed.set(ref.index());
    }
    Exprs.operands(expr).forEach(o -> need(needed, o, width));
  }

  /// The node with only the output columns at `kept`, and without the measures of the others.
  static MatchNode withOutput(MatchNode n, List<Integer> kept) {
    List<OutputColumn> output = new ArrayList<>();
    List<MatchExpr> measures = new ArrayList<>();
    List<Field> fields = new ArrayList<>();
    for (int i : kept) {
      fields.add(n.schema().field(i));
      switch (n.match().output().get(i)) {
        case OutputColumn.Input input -> output.add(input);
        case OutputColumn.Measure measure -> {
          output.add(new OutputColumn.Measure(measures.size()));
          measures.add(n.match().measures().get(measure.measure()));
        }
      }
    }
    MatchSpec match = n.match().withOutput(measures, output);
    return new MatchNode(
        n.input(),
        n.partitionBy(),
        n.orderBy(),
        match,
        n.timeColumn(),
        n.revising(),
        n.maxRowsPerPartition(),
        new Schema(fields),
        n.traits());
  }

  /// The expressions of `match` over an input of `newWidth` columns, of which it knows the first
  /// `width`.
  public static MatchSpec widened(MatchSpec match, int width, int newWidth) {
    UnaryOperator<Expr> leaf =
        e ->
            e instanceof Expr.ColumnRef ref && ref.index() >= width
                ? new Expr.ColumnRef(ref.index() - width + newWidth, ref.type(), ref.nullable())
                : e;
    return match.withExpressions(e -> e, e -> Exprs.rewrite(e, leaf));
  }

  /// The node over `input`, where column c of its old input is `at(c)`; `more` keys follow those of
  /// ORDER BY.
  static MatchNode over(MatchNode n, PlanNode input, IntUnaryOperator at, List<SortKey> more) {
    int oldWidth = n.input().schema().size();
    int newWidth = input.schema().size();
    UnaryOperator<Expr> leaf =
        e ->
            e instanceof Expr.ColumnRef ref
                ? new Expr.ColumnRef(
                    ref.index() < oldWidth
                        ? at.applyAsInt(ref.index())
                        : ref.index() - oldWidth + newWidth,
                    ref.type(),
                    ref.nullable())
                : e;
    List<OutputColumn> output = new ArrayList<>();
    for (OutputColumn column : n.match().output()) {
      output.add(
          switch (column) {
            case OutputColumn.Input c -> new OutputColumn.Input(at.applyAsInt(c.column()));
            case OutputColumn.Measure c -> c;
          });
    }
    MatchSpec moved = n.match().withExpressions(e -> e, e -> Exprs.rewrite(e, leaf));
    MatchSpec match = moved.withOutput(moved.measures(), output);
    List<SortKey> order = new ArrayList<>();
    for (SortKey key : n.orderBy()) {
      order.add(new SortKey(at.applyAsInt(key.column()), key.descending(), key.nullsFirst()));
    }
    order.addAll(more);
    return new MatchNode(
        input,
        n.partitionBy().stream().map(c -> at.applyAsInt(c)).toList(),
        order,
        match,
        n.timeColumn() < 0 ? -1 : at.applyAsInt(n.timeColumn()),
        n.revising(),
        n.maxRowsPerPartition(),
        n.schema(),
        n.traits());
  }
}
