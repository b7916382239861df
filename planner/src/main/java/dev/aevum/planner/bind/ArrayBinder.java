package dev.aevum.planner.bind;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.parser.tree.ArrayNode;
import dev.aevum.parser.tree.SubscriptNode;
import dev.aevum.planner.error.StatementErrors;
import dev.aevum.planner.rex.Rex;
import dev.aevum.planner.rex.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/// ARRAY[...] and subscripts.
final class ArrayBinder {
  private final ExpressionBinder expressions;

  ArrayBinder(ExpressionBinder expressions) {
    this.expressions = expressions;
  }

  /// An empty constructor has the type `text[]` until a context (a cast, ANY) gives it another.
  RexNode constructor(ArrayNode node) {
    checkOneDimension(node);
    List<RexNode> elements =
        expressions.coercion().unify(expressions.bindAll(node.elements()), "ARRAY", node.span());
    SqlType element = elements.isEmpty() ? SimpleType.TEXT : Rex.type(elements.getFirst());
    return build(elements, element);
  }

  /// `ARRAY[...]::t[]`: the elements are cast one by one.
  RexNode constructor(ArrayNode node, ArrayType type) {
    checkOneDimension(node);
    List<RexNode> elements = new ArrayList<>();
    for (SqlNode element : node.elements()) {
      elements.add(
          expressions
              .coercion()
              .explicit(expressions.bind(element), type.element(), ExpressionBinder.span(element)));
    }
    return build(elements, type.element());
  }

  private RexNode build(List<RexNode> elements, SqlType element) {
    if (element instanceof ArrayType) {
      throw StatementErrors.unsupported("an array of arrays", null);
    }
    return expressions
        .rex()
        .call(new Scalar.ArrayConstructor(), new ArrayType(element), false, elements);
  }

  private static void checkOneDimension(ArrayNode node) {
    for (SqlNode element : node.elements()) {
      if (element instanceof ArrayNode) {
        throw StatementErrors.unsupported("a multidimensional array", node.span());
      }
    }
  }

  /// `a[i]` is `array_subscript(a, i)`, a slice `array_slice(a, lower, upper)`. Subscripts of the
  /// catalogue's vectors start at 0.
  RexNode subscript(SubscriptNode node) {
    RexNode base = expressions.bind(node.base());
    SqlType type = Rex.type(base);
    boolean fromZero = type == SimpleType.INT2VECTOR || type == SimpleType.OIDVECTOR;
    if (!(type instanceof ArrayType) && !fromZero) {
      throw StatementErrors.of(
          ErrorCode.DATATYPE_MISMATCH,
          "cannot subscript type "
              + type.displayName()
              + " because it does not support subscripting",
          node.span());
    }
    FunctionBinder functions = new FunctionBinder(expressions);
    if (!node.isSlice()) {
      RexNode index = index(Objects.requireNonNull(node.lower()), fromZero);
      return functions.plain("array_subscript", List.of(base, index), node.span());
    }
    RexNode lower = bound(node.lower(), fromZero, 1);
    RexNode upper = bound(node.upper(), fromZero, Integer.MAX_VALUE);
    return functions.plain("array_slice", List.of(base, lower, upper), node.span());
  }

  private RexNode bound(@Nullable SqlNode node, boolean fromZero, long open) {
    return node == null
        ? expressions.rex().constant(open, SimpleType.INTEGER)
        : index(node, fromZero);
  }

  private RexNode index(SqlNode node, boolean fromZero) {
    RexNode index =
        expressions
            .coercion()
            .cast(
                expressions.bind(node),
                SimpleType.INTEGER,
                dev.aevum.planner.type.Casts.Context.ASSIGNMENT,
                ExpressionBinder.span(node));
    return fromZero
        ? new OperatorBinder(expressions)
            .apply(
                "+",
                List.of(index, expressions.rex().constant(1L, SimpleType.INTEGER)),
                ExpressionBinder.span(node))
        : index;
  }
}
