package dev.aevum.planner.plan.pattern;

import dev.aevum.planner.plan.Expr;
import java.util.List;

/// An expression of DEFINE or MEASURES: `expression` refers to operand i as column i
/// ([Expr.ColumnRef] i), every reference to rows of the match stands in `operands`.
public record MatchExpr(Expr expression, List<MatchOperand> operands) {
  public MatchExpr {
    operands = List.copyOf(operands);
  }
}
