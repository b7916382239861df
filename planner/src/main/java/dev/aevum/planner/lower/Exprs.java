package dev.aevum.planner.lower;

import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.function.FunctionSignature;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// Walks over plan expressions.
final class Exprs {
  private Exprs() {}

  /// The expression with its column and outer references replaced by `leaf`.
  static Expr rewrite(Expr expr, UnaryOperator<Expr> leaf) {
    return switch (expr) {
      case Expr.ColumnRef e -> leaf.apply(e);
      case Expr.OuterRef e -> leaf.apply(e);
      case Expr.Literal e -> e;
      case Expr.Parameter e -> e;
      case Expr.Call e ->
          new Expr.Call(e.function(), rewrite(e.arguments(), leaf), e.type(), e.nullable());
      case Expr.Cast e ->
          new Expr.Cast(rewrite(e.operand(), leaf), e.type(), e.nullable(), e.explicit());
      case Expr.And e -> new Expr.And(rewrite(e.operands(), leaf), e.nullable());
      case Expr.Or e -> new Expr.Or(rewrite(e.operands(), leaf), e.nullable());
      case Expr.Not e -> new Expr.Not(rewrite(e.operand(), leaf));
      case Expr.IsNull e -> new Expr.IsNull(rewrite(e.operand(), leaf), e.negated());
      case Expr.IsBoolean e ->
          new Expr.IsBoolean(rewrite(e.operand(), leaf), e.value(), e.negated());
      case Expr.IsDistinct e ->
          new Expr.IsDistinct(rewrite(e.left(), leaf), rewrite(e.right(), leaf), e.negated());
      case Expr.Case e -> {
        List<Expr.When> branches = new ArrayList<>();
        for (Expr.When when : e.branches()) {
          branches.add(
              new Expr.When(rewrite(when.condition(), leaf), rewrite(when.result(), leaf)));
        }
        yield new Expr.Case(branches, rewrite(e.otherwise(), leaf), e.type(), e.nullable());
      }
      case Expr.Coalesce e ->
          new Expr.Coalesce(rewrite(e.operands(), leaf), e.type(), e.nullable());
      case Expr.ArrayConstructor e ->
          new Expr.ArrayConstructor(rewrite(e.elements(), leaf), e.type());
      case Expr.CompositeConstructor e ->
          new Expr.CompositeConstructor(rewrite(e.elements(), leaf), e.type());
      case Expr.AttributeOf e ->
          new Expr.AttributeOf(rewrite(e.operand(), leaf), e.index(), e.type(), e.nullable())
              .simplified();
      case Expr.ArrayQuantified e ->
          new Expr.ArrayQuantified(
              rewrite(e.left(), leaf),
              e.comparison(),
              rewrite(e.array(), leaf),
              e.all(),
              e.nullable());
    };
  }

  static List<Expr> rewrite(List<? extends Expr> exprs, UnaryOperator<Expr> leaf) {
    List<Expr> result = new ArrayList<>(exprs.size());
    for (Expr expr : exprs) {
      result.add(rewrite(expr, leaf));
    }
    return result;
  }

  static List<Expr> operands(Expr expr) {
    return switch (expr) {
      case Expr.ColumnRef e -> List.of();
      case Expr.OuterRef e -> List.of();
      case Expr.Literal e -> List.of();
      case Expr.Parameter e -> List.of();
      case Expr.Call e -> e.arguments();
      case Expr.Cast e -> List.of(e.operand());
      case Expr.And e -> e.operands();
      case Expr.Or e -> e.operands();
      case Expr.Not e -> List.of(e.operand());
      case Expr.IsNull e -> List.of(e.operand());
      case Expr.IsBoolean e -> List.of(e.operand());
      case Expr.IsDistinct e -> List.of(e.left(), e.right());
      case Expr.Case e -> {
        List<Expr> all = new ArrayList<>();
        e.branches().forEach(w -> all.addAll(List.of(w.condition(), w.result())));
        all.add(e.otherwise());
        yield all;
      }
      case Expr.Coalesce e -> e.operands();
      case Expr.ArrayConstructor e -> e.elements();
      case Expr.CompositeConstructor e -> e.elements();
      case Expr.AttributeOf e -> List.of(e.operand());
      case Expr.ArrayQuantified e -> List.of(e.left(), e.array());
    };
  }

  static boolean contains(Expr expr, Predicate<Expr> test) {
    return test.test(expr) || operands(expr).stream().anyMatch(o -> contains(o, test));
  }

  /// Whether evaluating it once or several times is the same.
  static boolean isSteady(Expr expr) {
    return !contains(
        expr,
        e ->
            e instanceof Expr.Call call
                && (call.function().volatility() == FunctionSignature.Volatility.VOLATILE
                    || call.function().kind() != FunctionSignature.Kind.SCALAR));
  }

  static List<Expr> conjuncts(Expr expr) {
    return expr instanceof Expr.And and ? and.operands() : List.of(expr);
  }
}
