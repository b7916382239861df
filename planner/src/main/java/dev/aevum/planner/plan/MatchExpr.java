package dev.aevum.planner.plan;

import java.util.List;
import java.util.function.UnaryOperator;

/// An expression of DEFINE or MEASURES: `expression` refers to operand i as column i
/// ([Expr.ColumnRef] i), every reference to rows of the match stands in `operands`.
public record MatchExpr(Expr expression, List<MatchOperand> operands) {
  public MatchExpr {
    operands = List.copyOf(operands);
  }

  /// The same with `result` applied to the expression and `labelled` to those inside of operands.
  public MatchExpr withExpressions(UnaryOperator<Expr> result, UnaryOperator<Expr> labelled) {
    return new MatchExpr(
        result.apply(expression), operands.stream().map(o -> o.withExpressions(labelled)).toList());
  }
}
