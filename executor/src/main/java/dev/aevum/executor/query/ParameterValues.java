package dev.aevum.executor.query;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.planner.plan.Expr;
import java.util.List;

/// Puts the values of a statement's parameters into its expressions.
final class ParameterValues {
  private ParameterValues() {}

  static Expr substitute(Expr e, List<Expr.Literal> values) {
    return switch (e) {
      case Expr.Parameter p -> value(p, values);
      case Expr.ColumnRef c -> c;
      case Expr.Literal l -> l;
      case Expr.OuterRef o -> o;
      case Expr.Call c ->
          new Expr.Call(c.function(), all(c.arguments(), values), c.type(), c.nullable());
      case Expr.Cast c ->
          new Expr.Cast(substitute(c.operand(), values), c.type(), c.nullable(), c.explicit());
      case Expr.And a -> new Expr.And(all(a.operands(), values), a.nullable());
      case Expr.Or o -> new Expr.Or(all(o.operands(), values), o.nullable());
      case Expr.Not n -> new Expr.Not(substitute(n.operand(), values));
      case Expr.IsNull i -> new Expr.IsNull(substitute(i.operand(), values), i.negated());
      case Expr.IsBoolean i ->
          new Expr.IsBoolean(substitute(i.operand(), values), i.value(), i.negated());
      case Expr.IsDistinct d ->
          new Expr.IsDistinct(
              substitute(d.left(), values), substitute(d.right(), values), d.negated());
      case Expr.Case c ->
          new Expr.Case(
              c.branches().stream()
                  .map(w ->
                      new Expr.When(
                          substitute(w.condition(), values), substitute(w.result(), values)))
                  .toList(),
              substitute(c.otherwise(), values),
              c.type(),
              c.nullable());
      case Expr.Coalesce c -> new Expr.Coalesce(all(c.operands(), values), c.type(), c.nullable());
      case Expr.ArrayConstructor a ->
          new Expr.ArrayConstructor(all(a.elements(), values), a.type());
      case Expr.CompositeConstructor c ->
          new Expr.CompositeConstructor(all(c.elements(), values), c.type());
      case Expr.AttributeOf a ->
          new Expr.AttributeOf(substitute(a.operand(), values), a.index(), a.type(), a.nullable());
      case Expr.ArrayQuantified q ->
          new Expr.ArrayQuantified(
              substitute(q.left(), values),
              q.comparison(),
              substitute(q.array(), values),
              q.all(),
              q.nullable());
    };
  }

  private static List<Expr> all(List<Expr> expressions, List<Expr.Literal> values) {
    return expressions.stream().map(x -> substitute(x, values)).toList();
  }

  private static Expr.Literal value(Expr.Parameter p, List<Expr.Literal> values) {
    return new Expr.Literal(value(p.index(), values).value(), p.type());
  }

  /// Errors: 42P02 where there is no such parameter.
  static Expr.Literal value(int number, List<Expr.Literal> values) {
    if (number < 1 || number > values.size()) {
      throw new SqlException(ErrorCode.UNDEFINED_PARAMETER, "there is no parameter $" + number);
    }
    return values.get(number - 1);
  }
}
