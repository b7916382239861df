package dev.aevum.planner.bind;

import dev.aevum.model.error.SourceSpan;
import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.parser.tree.ArraySubqueryNode;
import dev.aevum.parser.tree.ExistsNode;
import dev.aevum.parser.tree.RowNode;
import dev.aevum.planner.error.PatternErrors;
import dev.aevum.planner.error.StatementErrors;
import dev.aevum.planner.rel.Rels;
import dev.aevum.planner.rex.Rex;
import dev.aevum.planner.rex.Scalar;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/// Sub-queries in expressions. They stay calls until [SubqueryRemoval] joins them to the row they
/// are evaluated for.
final class SubqueryBinder {
  private final ExpressionBinder expressions;

  SubqueryBinder(ExpressionBinder expressions) {
    this.expressions = expressions;
  }

  private record Bound(RelNode rel, Scope.Frame frame) {}

  private Bound bind(SqlNode query, String construct, @Nullable SourceSpan span) {
    BindContext context = expressions.context();
    if (expressions.isInPattern()) {
      throw PatternErrors.subquery(expressions.clause().shown(), span);
    }
    if (context.isView()) {
      throw StatementErrors.notInView(construct, span);
    }
    Scope.Frame frame = new Scope.Frame(expressions.scope(), context.nextCorrelation());
    QueryBinder.BoundQuery bound =
        new QueryBinder(context, expressions.environment(), frame).bind(query);
    return new Bound(bound.rel(), frame);
  }

  private RexNode call(
      Bound bound,
      Scalar.Kind kind,
      Scalar.@Nullable Comparison comparison,
      SqlType type,
      boolean nullable,
      List<RexNode> tested) {
    List<RexNode> operands = new ArrayList<>(bound.frame.captures());
    int captures = operands.size();
    operands.addAll(tested);
    Scalar.Subquery subquery =
        new Scalar.Subquery(kind, bound.rel, bound.frame.correlation(), captures, comparison);
    return expressions.rex().call(subquery, type, nullable, operands);
  }

  RexNode scalar(SqlNode query) {
    @Nullable SourceSpan span = ExpressionBinder.span(query);
    Bound bound = bind(query, "a scalar sub-query", span);
    return call(bound, Scalar.Kind.SCALAR, null, onlyType(bound, span), true, List.of());
  }

  private static SqlType onlyType(Bound bound, @Nullable SourceSpan span) {
    List<SqlType> types = Rels.types(bound.rel);
    if (types.size() != 1) {
      throw StatementErrors.syntax("subquery must return only one column", span);
    }
    return types.getFirst();
  }

  RexNode exists(ExistsNode node) {
    Bound bound = bind(node.query(), "EXISTS", node.span());
    return call(bound, Scalar.Kind.EXISTS, null, SimpleType.BOOLEAN, false, List.of());
  }

  RexNode array(ArraySubqueryNode node) {
    Bound bound = bind(node.query(), "ARRAY(query)", node.span());
    ArrayType type = new ArrayType(onlyType(bound, node.span()));
    return call(bound, Scalar.Kind.ARRAY, null, type, false, List.of());
  }

  /// `left op ANY|ALL (query)`; IN is `= ANY`.
  RexNode quantified(
      SqlNode leftNode, String operator, boolean all, SqlNode query, @Nullable SourceSpan span) {
    List<SqlNode> nodes = leftNode instanceof RowNode row ? row.items() : List.of(leftNode);
    List<RexNode> tested = new ArrayList<>(expressions.bindAll(nodes));
    Bound bound =
        bind(
            query,
            operator.equals("=") && !all ? "IN (query)" : operator + " ANY/ALL (query)",
            span);
    List<SqlType> types = Rels.types(bound.rel);
    if (types.size() != tested.size()) {
      throw StatementErrors.syntax(
          types.size() > tested.size()
              ? "subquery has too many columns"
              : "subquery has too few columns",
          span);
    }
    List<RexNode> left = new ArrayList<>();
    List<RexNode> right = new ArrayList<>();
    for (int i = 0; i < tested.size(); i++) {
      if (Rex.isUnknown(tested.get(i))) {
        tested.set(i, expressions.coercion().implicit(tested.get(i), types.get(i), span));
      }
      left.add(new RexInputRef(i, tested.get(i).getType()));
      right.add(
          new RexInputRef(
              tested.size() + i, bound.rel.getRowType().getFieldList().get(i).getType()));
    }
    RexNode condition = compare(operator, left, right, span);
    return call(
        bound,
        Scalar.Kind.QUANTIFIED,
        new Scalar.Comparison(condition, all),
        SimpleType.BOOLEAN,
        true,
        tested);
  }

  private RexNode compare(
      String operator, List<RexNode> left, List<RexNode> right, @Nullable SourceSpan span) {
    OperatorBinder operators = new OperatorBinder(expressions);
    if (left.size() == 1) {
      return operators.apply(operator, List.of(left.getFirst(), right.getFirst()), span);
    }
    Rex rex = expressions.rex();
    RexNode leftRow = rex.call(new Scalar.Row(), SimpleType.RECORD, false, left);
    RexNode rightRow = rex.call(new Scalar.Row(), SimpleType.RECORD, false, right);
    return operators.apply(operator, List.of(leftRow, rightRow), span);
  }
}
