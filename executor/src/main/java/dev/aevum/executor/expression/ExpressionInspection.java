package dev.aevum.executor.expression;

import dev.aevum.executor.function.Casts;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.Expr;
import java.util.List;
import java.util.Set;
import java.util.function.IntUnaryOperator;

/// Questions about expression trees, and moving their column references.
public final class ExpressionInspection {
  private ExpressionInspection() {}

  static List<Expr> children(Expr expression) {
    return switch (expression) {
      case Expr.ColumnRef c -> List.of();
      case Expr.Literal l -> List.of();
      case Expr.Parameter p -> List.of();
      case Expr.OuterRef o -> List.of();
      case Expr.Call c -> c.arguments();
      case Expr.Cast c -> List.of(c.operand());
      case Expr.And a -> a.operands();
      case Expr.Or o -> o.operands();
      case Expr.Not n -> List.of(n.operand());
      case Expr.IsNull i -> List.of(i.operand());
      case Expr.IsBoolean i -> List.of(i.operand());
      case Expr.IsDistinct d -> List.of(d.left(), d.right());
      case Expr.Case c -> caseChildren(c);
      case Expr.Coalesce c -> c.operands();
      case Expr.ArrayConstructor a -> a.elements();
      case Expr.CompositeConstructor c -> c.elements();
      case Expr.AttributeOf a -> List.of(a.operand());
      case Expr.ArrayQuantified q -> List.of(q.left(), q.array());
    };
  }

  private static List<Expr> caseChildren(Expr.Case c) {
    List<Expr> all = new java.util.ArrayList<>();
    for (Expr.When when : c.branches()) {
      all.add(when.condition());
      all.add(when.result());
    }
    all.add(c.otherwise());
    return all;
  }

  /// Whether evaluation can report an error for some row.
  public static boolean mayFail(Expr expression) {
    boolean self =
        switch (expression) {
          case Expr.Call c -> c.function().mayFail();
          case Expr.Cast c -> Casts.mayFail(c.operand().type(), c.type());
          case Expr.ArrayQuantified q -> q.comparison().mayFail();
          case Expr.ColumnRef c -> false;
          case Expr.Literal l -> false;
          case Expr.Parameter p -> false;
          case Expr.OuterRef o -> false;
          case Expr.And a -> false;
          case Expr.Or o -> false;
          case Expr.Not n -> false;
          case Expr.IsNull i -> false;
          case Expr.IsBoolean i -> false;
          case Expr.IsDistinct d -> false;
          case Expr.Case c -> false;
          case Expr.Coalesce c -> false;
          case Expr.ArrayConstructor a -> false;
          case Expr.CompositeConstructor c -> false;
          case Expr.AttributeOf a -> false;
        };
    return self || children(expression).stream().anyMatch(ExpressionInspection::mayFail);
  }

  static void checkColumns(Expr expression, List<SqlType> inputTypes) {
    if (expression instanceof Expr.ColumnRef c
        && (c.index() >= inputTypes.size()
            || c.type().physical() != inputTypes.get(c.index()).physical())) {
      throw new IllegalArgumentException("column " + c + " of input " + inputTypes);
    }
    children(expression).forEach(child -> checkColumns(child, inputTypes));
  }

  /// Adds the indices of the columns that the expression refers to.
  public static void collectColumns(Expr expression, Set<Integer> into) {
    if (expression instanceof Expr.ColumnRef c) {
      into.add(c.index());
    }
    children(expression).forEach(child -> collectColumns(child, into));
  }

  /// The same expression with every column index mapped.
  public static Expr remap(Expr expression, IntUnaryOperator index) {
    return switch (expression) {
      case Expr.ColumnRef c ->
          new Expr.ColumnRef(index.applyAsInt(c.index()), c.type(), c.nullable());
      case Expr.Literal l -> l;
      case Expr.Parameter p -> p;
      case Expr.OuterRef o -> o;
      case Expr.Call c ->
          new Expr.Call(c.function(), remap(c.arguments(), index), c.type(), c.nullable());
      case Expr.Cast c ->
          new Expr.Cast(remap(c.operand(), index), c.type(), c.nullable(), c.explicit());
      case Expr.And a -> new Expr.And(remap(a.operands(), index), a.nullable());
      case Expr.Or o -> new Expr.Or(remap(o.operands(), index), o.nullable());
      case Expr.Not n -> new Expr.Not(remap(n.operand(), index));
      case Expr.IsNull i -> new Expr.IsNull(remap(i.operand(), index), i.negated());
      case Expr.IsBoolean i ->
          new Expr.IsBoolean(remap(i.operand(), index), i.value(), i.negated());
      case Expr.IsDistinct d ->
          new Expr.IsDistinct(remap(d.left(), index), remap(d.right(), index), d.negated());
      case Expr.Case c ->
          new Expr.Case(
              c.branches().stream()
                  .map(w -> new Expr.When(remap(w.condition(), index), remap(w.result(), index)))
                  .toList(),
              remap(c.otherwise(), index),
              c.type(),
              c.nullable());
      case Expr.Coalesce c -> new Expr.Coalesce(remap(c.operands(), index), c.type(), c.nullable());
      case Expr.ArrayConstructor a ->
          new Expr.ArrayConstructor(remap(a.elements(), index), a.type());
      case Expr.CompositeConstructor c ->
          new Expr.CompositeConstructor(remap(c.elements(), index), c.type());
      case Expr.AttributeOf a ->
          new Expr.AttributeOf(remap(a.operand(), index), a.index(), a.type(), a.nullable());
      case Expr.ArrayQuantified q ->
          new Expr.ArrayQuantified(
              remap(q.left(), index),
              q.comparison(),
              remap(q.array(), index),
              q.all(),
              q.nullable());
    };
  }

  private static List<Expr> remap(List<Expr> expressions, IntUnaryOperator index) {
    return expressions.stream().map(e -> remap(e, index)).toList();
  }
}
