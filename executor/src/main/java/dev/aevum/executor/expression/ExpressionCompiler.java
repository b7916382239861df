package dev.aevum.executor.expression;

import dev.aevum.executor.function.Casts;
import dev.aevum.executor.function.FunctionRegistry;
import dev.aevum.executor.kernel.Kernel;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.Expr;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Turns expressions into trees of kernel calls. Off the step path; what it makes belongs to one
/// thread.
public final class ExpressionCompiler {
  private final FunctionRegistry registry;

  private ExpressionCompiler(FunctionRegistry registry) {
    this.registry = registry;
  }

  /// Compiles an expression over an input with these column types.
  ///
  /// Errors: 42P02 for a parameter without a value; IllegalArgumentException for a column that is
  /// not there.
  public static VectorExpression compile(
      Expr expression, List<SqlType> inputTypes, FunctionRegistry registry) {
    ExpressionInspection.checkColumns(expression, inputTypes);
    return new ExpressionCompiler(registry).node(expression);
  }

  /// The filter of a predicate.
  public static Filter filter(Expr predicate, List<SqlType> inputTypes, FunctionRegistry registry) {
    List<VectorExpression> conjuncts = new ArrayList<>();
    for (Expr conjunct : conjuncts(predicate)) {
      conjuncts.add(compile(conjunct, inputTypes, registry));
    }
    return new Filter(conjuncts);
  }

  /// Filter (null: none) and projections in one.
  public static CalcEvaluator calc(
      @Nullable Expr filter,
      List<Expr> projections,
      List<SqlType> inputTypes,
      FunctionRegistry registry) {
    return CalcEvaluator.of(filter, projections, inputTypes, registry);
  }

  private static List<Expr> conjuncts(Expr predicate) {
    if (predicate instanceof Expr.And(List<Expr> operands, boolean nullable)) {
      List<Expr> flat = new ArrayList<>();
      operands.forEach(o -> flat.addAll(conjuncts(o)));
      return flat;
    }
    return List.of(predicate);
  }

  private VectorExpression node(Expr expression) {
    return switch (expression) {
      case Expr.ColumnRef c -> new ColumnExpression(c.index());
      case Expr.Literal l ->
          new ConstantExpression(l.type(), l.value() == null ? null : Constants.of(l));
      case Expr.Parameter p ->
          throw new SqlException(
              ErrorCode.UNDEFINED_PARAMETER, "there is no parameter $" + p.index());
      case Expr.OuterRef o -> new OuterExpression(o.correlation(), o.index());
      case Expr.Call c ->
          new CallExpression(
              registry.kernel(c.function(), types(c.arguments()), c.type()), nodes(c.arguments()));
      case Expr.Cast c -> cast(c);
      case Expr.And a -> logic(true, a.operands());
      case Expr.Or o -> logic(false, o.operands());
      case Expr.Not n -> {
        VectorExpression operand = node(n.operand());
        yield unary(
            operand, (context, arguments, rows) -> BooleanColumns.not(context, arguments[0]));
      }
      case Expr.IsNull i ->
          unary(
              node(i.operand()),
              (context, arguments, rows) ->
                  BooleanColumns.isNull(context, arguments[0], i.negated()));
      case Expr.IsBoolean i ->
          unary(
              node(i.operand()),
              (context, arguments, rows) ->
                  BooleanColumns.is(context, arguments[0], i.value(), i.negated()));
      case Expr.IsDistinct d -> distinct(d);
      case Expr.Case c -> caseOf(c);
      case Expr.Coalesce c -> new CoalesceExpression(nodes(c.operands()), c.type());
      case Expr.ArrayConstructor a ->
          new CallExpression(ArrayConstruction.kernel(a.type()), nodes(a.elements()));
      case Expr.CompositeConstructor c ->
          new CallExpression(CompositeConstruction.kernel(c.type()), nodes(c.elements()));
      case Expr.AttributeOf a ->
          unary(node(a.operand()), CompositeConstruction.attribute(a.index(), a.type()));
      case Expr.ArrayQuantified q -> quantified(q);
    };
  }

  private static VectorExpression unary(VectorExpression operand, Kernel kernel) {
    return new CallExpression(kernel, List.of(operand));
  }

  private VectorExpression cast(Expr.Cast cast) {
    Kernel kernel = Casts.kernel(cast.operand().type(), cast.type(), cast.explicit());
    return unary(node(cast.operand()), kernel);
  }

  private VectorExpression logic(boolean conjunction, List<Expr> operands) {
    if (operands.isEmpty()) {
      throw new IllegalArgumentException("AND or OR without operands");
    }
    boolean[] lazy = new boolean[operands.size()];
    for (int i = 0; i < lazy.length; i++) {
      lazy[i] = ExpressionInspection.mayFail(operands.get(i));
    }
    return new LogicExpression(conjunction, nodes(operands), lazy);
  }

  private VectorExpression distinct(Expr.IsDistinct d) {
    Kernel equality = Casts.equality(d.left().type(), d.right().type());
    Kernel kernel =
        (context, arguments, rows) -> {
          try (var equal = equality.evaluate(context, arguments, rows)) {
            return BooleanColumns.distinct(context, arguments[0], arguments[1], equal, d.negated());
          }
        };
    return new CallExpression(kernel, List.of(node(d.left()), node(d.right())));
  }

  private VectorExpression caseOf(Expr.Case c) {
    VectorExpression[] conditions = new VectorExpression[c.branches().size()];
    VectorExpression[] results = new VectorExpression[conditions.length];
    for (int i = 0; i < conditions.length; i++) {
      conditions[i] = node(c.branches().get(i).condition());
      results[i] = node(c.branches().get(i).result());
    }
    return new CaseExpression(conditions, results, node(c.otherwise()), c.type());
  }

  private VectorExpression quantified(Expr.ArrayQuantified q) {
    SqlType element = dev.aevum.model.codec.ArrayBytes.elementType(q.array().type());
    Kernel comparison =
        registry.kernel(q.comparison(), List.of(q.left().type(), element), q.type());
    return new CallExpression(
        new ArrayQuantification(comparison, element, q.all()),
        List.of(node(q.left()), node(q.array())));
  }

  private List<VectorExpression> nodes(List<Expr> expressions) {
    return expressions.stream().map(this::node).toList();
  }

  private static List<SqlType> types(List<Expr> expressions) {
    return expressions.stream().map(Expr::type).toList();
  }
}
