package dev.aevum.planner.bind;

import dev.aevum.model.error.SourceSpan;
import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.parser.tree.BetweenNode;
import dev.aevum.parser.tree.DistinctFromNode;
import dev.aevum.parser.tree.InNode;
import dev.aevum.parser.tree.IsNode;
import dev.aevum.parser.tree.LikeNode;
import dev.aevum.parser.tree.QuantifiedNode;
import dev.aevum.parser.tree.TreeNode;
import dev.aevum.planner.error.StatementErrors;
import dev.aevum.planner.plan.function.FunctionSignature;
import dev.aevum.planner.rex.Rex;
import dev.aevum.planner.rex.Scalar;
import dev.aevum.planner.type.Casts;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/// The predicates with words: IS, IN, BETWEEN, LIKE, ANY and ALL.
final class PredicateBinder {
  private final ExpressionBinder expressions;
  private final OperatorBinder operators;

  PredicateBinder(ExpressionBinder expressions) {
    this.expressions = expressions;
    this.operators = new OperatorBinder(expressions);
  }

  private Rex rex() {
    return expressions.rex();
  }

  RexNode is(IsNode node) {
    if (node.test() == IsNode.Test.NULL) {
      return isNull(expressions.bind(node.value()), node.negated(), node.span());
    }
    RexNode value = expressions.bindBoolean(node.value(), "IS");
    if (node.test() == IsNode.Test.UNKNOWN) {
      return node.negated() ? rex().isNotNull(value) : rex().isNull(value);
    }
    return isBoolean(value, node.test() == IsNode.Test.TRUE, node.negated());
  }

  private RexNode isNull(RexNode value, boolean negated, @Nullable SourceSpan span) {
    if (Rex.scalar(value) instanceof Scalar.Row) {
      List<RexNode> parts = new ArrayList<>();
      for (RexNode item : ((RexCall) value).getOperands()) {
        parts.add(isNull(item, negated, span));
      }
      return rex().and(parts);
    }
    RexNode typed = expressions.coercion().orText(value, span);
    return negated ? rex().isNotNull(typed) : rex().isNull(typed);
  }

  RexNode isBoolean(RexNode value, boolean expected, boolean negated) {
    return rex()
        .call(new Scalar.IsBoolean(expected, negated), SimpleType.BOOLEAN, false, List.of(value));
  }

  RexNode distinctFrom(DistinctFromNode node) {
    RexNode left = expressions.bind(node.left());
    RexNode right = expressions.bind(node.right());
    // The operator must exist; its argument types are what both sides become.
    RexNode equal = operators.apply("=", List.of(left, right), node.span());
    List<RexNode> operands = ((RexCall) equal).getOperands();
    List<RexNode> same = expressions.coercion().unify(operands, "IS DISTINCT FROM", node.span());
    return rex().call(new Scalar.IsDistinct(node.negated()), SimpleType.BOOLEAN, false, same);
  }

  RexNode between(BetweenNode node) {
    RexNode value = expressions.bind(node.value());
    RexNode low = expressions.bind(node.low());
    RexNode high = expressions.bind(node.high());
    RexNode inside = inside(value, low, high, node.span());
    if (node.symmetric()) {
      inside = rex().or(List.of(inside, inside(value, high, low, node.span())));
    }
    return node.negated() ? rex().not(inside) : inside;
  }

  private RexNode inside(RexNode value, RexNode low, RexNode high, @Nullable SourceSpan span) {
    return rex()
        .and(
            List.of(
                operators.apply(">=", List.of(value, low), span),
                operators.apply("<=", List.of(value, high), span)));
  }

  RexNode like(LikeNode node) {
    RexNode value = expressions.bind(node.value());
    RexNode pattern = expressions.bind(node.pattern());
    SourceSpan span = node.span();
    String name =
        switch (node.kind()) {
          case LIKE -> "~~";
          case ILIKE -> "~~*";
          case SIMILAR -> "~";
        };
    if (node.kind() == LikeNode.Kind.SIMILAR) {
      List<RexNode> arguments = new ArrayList<>(List.of(pattern));
      if (node.escape() != null) {
        arguments.add(expressions.bind(node.escape()));
      }
      pattern = new FunctionBinder(expressions).plain("similar_to_escape", arguments, span);
    } else if (node.escape() != null) {
      List<RexNode> arguments = List.of(pattern, expressions.bind(node.escape()));
      pattern = new FunctionBinder(expressions).plain("like_escape", arguments, span);
    }
    return operators.apply(node.negated() ? "!" + name : name, List.of(value, pattern), span);
  }

  RexNode in(InNode node) {
    SourceSpan span = node.span();
    if (node.query() != null) {
      RexNode any =
          new SubqueryBinder(expressions)
              .quantified(node.value(), "=", false, Objects.requireNonNull(node.query()), span);
      return node.negated() ? rex().not(any) : any;
    }
    RexNode value = expressions.bind(node.value());
    List<RexNode> items = expressions.bindAll(Objects.requireNonNull(node.items()));
    RexNode result = in(value, items, span);
    return node.negated() ? rex().not(result) : result;
  }

  private RexNode in(RexNode value, List<RexNode> items, SourceSpan span) {
    if (items.size() > 1 && !(Rex.scalar(value) instanceof Scalar.Row)) {
      List<SqlType> types = new ArrayList<>();
      types.add(Rex.type(value));
      items.forEach(item -> types.add(Rex.type(item)));
      @Nullable SqlType common = Casts.common(types);
      if (common != null && items.stream().noneMatch(i -> Rex.scalar(i) instanceof Scalar.Row)) {
        List<RexNode> elements = new ArrayList<>();
        for (RexNode item : items) {
          elements.add(expressions.coercion().implicit(item, common, span));
        }
        RexNode left = expressions.coercion().implicit(value, common, span);
        RexNode array =
            rex().call(new Scalar.ArrayConstructor(), new ArrayType(common), false, elements);
        return arrayQuantified(left, "=", array, false, span);
      }
    }
    List<RexNode> equalities = new ArrayList<>();
    for (RexNode item : items) {
      equalities.add(operators.apply("=", List.of(value, item), span));
    }
    return rex().or(equalities);
  }

  RexNode quantified(QuantifiedNode node) {
    SqlNode right = node.right();
    if (TreeNode.isQuery(right)) {
      return new SubqueryBinder(expressions)
          .quantified(node.left(), node.operator(), node.isAll(), right, node.operatorSpan());
    }
    RexNode left = expressions.bind(node.left());
    RexNode array = expressions.bind(right);
    return arrayQuantified(left, node.operator(), array, node.isAll(), node.operatorSpan());
  }

  private RexNode arrayQuantified(
      RexNode left, String operator, RexNode given, boolean all, SourceSpan span) {
    RexNode array = given;
    SqlType arrayType = Rex.type(array);
    SqlType leftType = Rex.type(left);
    if (arrayType == SimpleType.UNKNOWN || Coercion.isEmptyArray(array)) {
      SqlType element = leftType == SimpleType.UNKNOWN ? SimpleType.TEXT : leftType;
      arrayType = new ArrayType(element);
      array = expressions.coercion().implicit(array, arrayType, span);
    }
    SqlType element = Polymorphism.elementOf(arrayType);
    if (element == SimpleType.UNKNOWN) {
      throw StatementErrors.of(
          dev.aevum.model.error.ErrorCode.WRONG_OBJECT_TYPE,
          "op ANY/ALL (array) requires array on right side",
          span);
    }
    List<SqlType> types = List.of(leftType, element);
    FunctionSignature comparison = operators.resolve(operator, types, span);
    List<SqlType> targets = Polymorphism.targets(comparison, types);
    RexNode typedLeft = expressions.coercion().implicit(left, targets.get(0), span);
    RexNode typedArray =
        expressions.coercion().implicit(array, new ArrayType(targets.get(1)), span);
    if (comparison.result().resolve(targets) != SimpleType.BOOLEAN) {
      throw StatementErrors.of(
          dev.aevum.model.error.ErrorCode.WRONG_OBJECT_TYPE,
          "op ANY/ALL (array) requires operator to yield boolean",
          span);
    }
    // An array's elements may be NULL, so the result may be.
    return rex()
        .call(
            new Scalar.ArrayQuantified(comparison, all),
            SimpleType.BOOLEAN,
            true,
            List.of(typedLeft, typedArray));
  }
}
