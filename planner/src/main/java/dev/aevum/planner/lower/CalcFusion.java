package dev.aevum.planner.lower;

import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.PlanNode;
import dev.aevum.planner.plan.PlanNode.CalcNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A calc on a calc is one calc, unless something would be computed twice; a calc that changes
/// nothing is gone.
final class CalcFusion {
  private CalcFusion() {}

  static PlanNode fuse(CalcNode top) {
    CalcNode calc = top;
    if (top.input() instanceof CalcNode bottom && fits(top, bottom)) {
      UnaryOperator<Expr> leaf =
          e -> e instanceof Expr.ColumnRef ref ? bottom.projections().get(ref.index()) : e;
      List<Expr> conjuncts = new ArrayList<>();
      if (bottom.filter() != null) {
        conjuncts.addAll(Exprs.conjuncts(bottom.filter()));
      }
      if (top.filter() != null) {
        conjuncts.addAll(Exprs.conjuncts(Exprs.rewrite(top.filter(), leaf)));
      }
      calc =
          new CalcNode(
              bottom.input(),
              conjunction(conjuncts),
              Exprs.rewrite(top.projections(), leaf),
              top.schema(),
              top.traits());
    }
    return isIdentity(calc) ? calc.input() : calc;
  }

  static @Nullable Expr conjunction(List<Expr> conjuncts) {
    return switch (conjuncts.size()) {
      case 0 -> null;
      case 1 -> conjuncts.getFirst();
      default -> new Expr.And(conjuncts, conjuncts.stream().anyMatch(Expr::nullable));
    };
  }

  private static boolean fits(CalcNode top, CalcNode bottom) {
    int[] uses = new int[bottom.projections().size()];
    if (top.filter() != null) {
      count(top.filter(), bottom, uses);
    }
    top.projections().forEach(p -> count(p, bottom, uses));
    for (int i = 0; i < uses.length; i++) {
      Expr projection = bottom.projections().get(i);
      boolean trivial = Exprs.operands(projection).isEmpty();
      if (!Exprs.isSteady(projection) || uses[i] > 1 && !trivial) {
        return false;
      }
    }
    return true;
  }

  private static void count(Expr expr, CalcNode bottom, int[] uses) {
    if (expr instanceof Expr.ColumnRef ref) {
      uses[ref.index()]++;
    } else if (!takesApart(expr, bottom)) {
      Exprs.operands(expr).forEach(o -> count(o, bottom, uses));
    }
  }

  /// An attribute of a composite that the bottom makes from plain columns: costs nothing.
  private static boolean takesApart(Expr expr, CalcNode bottom) {
    return expr instanceof Expr.AttributeOf attribute
        && attribute.operand() instanceof Expr.ColumnRef ref
        && bottom.projections().get(ref.index()) instanceof Expr.CompositeConstructor made
        && Exprs.operands(made.elements().get(attribute.index())).isEmpty();
  }

  private static boolean isIdentity(CalcNode calc) {
    if (calc.filter() != null || calc.projections().size() != calc.input().schema().size()) {
      return false;
    }
    for (int i = 0; i < calc.projections().size(); i++) {
      if (!(calc.projections().get(i) instanceof Expr.ColumnRef ref) || ref.index() != i) {
        return false;
      }
    }
    return true;
  }
}
