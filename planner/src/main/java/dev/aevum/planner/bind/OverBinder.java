package dev.aevum.planner.bind;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.type.SqlType;
import dev.aevum.parser.tree.FrameNode;
import dev.aevum.parser.tree.FunctionCallNode;
import dev.aevum.parser.tree.SortItemNode;
import dev.aevum.parser.tree.WindowNode;
import dev.aevum.parser.tree.WindowPattern;
import dev.aevum.planner.error.StatementErrors;
import dev.aevum.planner.plan.SortKey;
import dev.aevum.planner.plan.function.FunctionSignature;
import dev.aevum.planner.plan.function.FunctionSignature.Kind;
import dev.aevum.planner.rex.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/// Calls with OVER.
final class OverBinder {
  record Definition(
      List<SqlNode> partitionBy,
      List<SqlNode> orderBy,
      @Nullable FrameNode frame,
      @Nullable WindowPattern pattern) {}

  private final ExpressionBinder expressions;

  OverBinder(ExpressionBinder expressions) {
    this.expressions = expressions;
  }

  RexNode bind(
      FunctionCallNode node, FunctionSignature signature, List<RexNode> arguments, SqlType type) {
    String name = signature.name();
    Definition definition = definition(Objects.requireNonNull(node.over()));
    if (definition.pattern != null) {
      return new WindowPatternBinder(expressions)
          .call(node, signature, arguments, type, definition, definition.pattern);
    }
    if (expressions.context().isView()) {
      throw StatementErrors.notInView("window function " + name + "() OVER (...)", node.nameSpan());
    }
    if (!expressions.clause().allowsWindows()) {
      throw StatementErrors.windowNotAllowed(expressions.clause().shown(), node.nameSpan());
    }
    if (signature.kind() != Kind.AGGREGATE && signature.kind() != Kind.WINDOW) {
      throw StatementErrors.of(
          ErrorCode.WRONG_OBJECT_TYPE,
          "OVER specified, but " + name + " is not a window function nor an aggregate function",
          node.nameSpan());
    }
    if (node.quantifier() != null && node.quantifier().equals("DISTINCT")) {
      throw StatementErrors.unsupported("DISTINCT in a window function", node.nameSpan());
    }
    if (!node.orderBy().isEmpty() || node.nullTreatment() != null) {
      throw StatementErrors.unsupported(
          "ORDER BY or IGNORE NULLS in a window function", node.nameSpan());
    }
    ExpressionBinder inner = expressions.in(Clause.WINDOW_DEFINITION);
    List<RexNode> operands = new ArrayList<>(arguments);
    if (node.filter() != null) {
      operands.add(inner.bindBoolean(node.filter(), "FILTER"));
    }
    List<SortKey> order = new ArrayList<>();
    List<RexNode> keys = new ArrayList<>();
    for (SqlNode item : definition.orderBy) {
      SortItemNode sort = (SortItemNode) item;
      order.add(SortBinder.key(sort, order.size()));
      keys.add(
          expressions.coercion().orText(inner.bind(sort.value()), ExpressionBinder.span(item)));
    }
    FrameBinder.Computed frame = new FrameBinder(expressions).bind(definition.frame, keys, order);
    operands.addAll(frame.operands());
    for (SqlNode key : definition.partitionBy) {
      operands.add(expressions.coercion().orText(inner.bind(key), ExpressionBinder.span(key)));
    }
    operands.addAll(keys);
    Scalar.Over over =
        new Scalar.Over(
            signature,
            arguments.size(),
            node.filter() != null,
            frame.frame(),
            frame.operands().size(),
            definition.partitionBy.size(),
            order);
    return expressions.rex().call(over, type, !FunctionBinder.isNeverNull(signature), operands);
  }

  /// The window with what a named one has declared.
  Definition definition(WindowNode window) {
    if (window.existing() == null) {
      return new Definition(
          window.partitionBy(), window.orderBy(), window.frame(), window.pattern());
    }
    @Nullable WindowNode declared = expressions.environment().windows().get(window.existing());
    if (declared == null) {
      throw StatementErrors.of(
          ErrorCode.UNDEFINED_OBJECT,
          "window \"" + window.existing() + "\" does not exist",
          window.span());
    }
    Definition base = definition(declared);
    boolean adds =
        !window.orderBy().isEmpty() || window.frame() != null || window.pattern() != null;
    if (base.pattern != null && adds) {
      throw StatementErrors.of(
          ErrorCode.WINDOWING_ERROR,
          "cannot copy window \"" + window.existing() + "\" because it has a row pattern",
          window.span());
    }
    if (base.frame != null && adds) {
      throw StatementErrors.of(
          ErrorCode.WINDOWING_ERROR,
          "cannot copy window \"" + window.existing() + "\" because it has a frame clause",
          window.span());
    }
    if (!base.orderBy.isEmpty() && !window.orderBy().isEmpty()) {
      throw StatementErrors.of(
          ErrorCode.WINDOWING_ERROR,
          "cannot override ORDER BY clause of window \"" + window.existing() + "\"",
          window.span());
    }
    if (!window.partitionBy().isEmpty()) {
      throw StatementErrors.of(
          ErrorCode.WINDOWING_ERROR,
          "cannot override PARTITION BY clause of window \"" + window.existing() + "\"",
          window.span());
    }
    return new Definition(
        base.partitionBy,
        window.orderBy().isEmpty() ? base.orderBy : window.orderBy(),
        window.frame() == null ? base.frame : window.frame(),
        window.pattern() == null ? base.pattern : window.pattern());
  }
}
