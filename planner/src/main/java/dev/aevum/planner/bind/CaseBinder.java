package dev.aevum.planner.bind;

import dev.aevum.model.error.SourceSpan;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.parser.tree.CaseNode;
import dev.aevum.planner.rex.Rex;
import dev.aevum.planner.rex.Scalar;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/// CASE, COALESCE and NULLIF: what evaluates only the operands that it needs.
final class CaseBinder {
  private final ExpressionBinder expressions;

  CaseBinder(ExpressionBinder expressions) {
    this.expressions = expressions;
  }

  private Rex rex() {
    return expressions.rex();
  }

  RexNode bind(CaseNode node) {
    List<RexNode> conditions = new ArrayList<>();
    for (SqlNode condition : node.conditions()) {
      conditions.add(condition(node.value(), condition));
    }
    List<RexNode> results = new ArrayList<>();
    // PostgreSQL looks at ELSE first when it chooses the type.
    results.add(
        node.otherwise() == null
            ? rex().nullOf(SimpleType.UNKNOWN)
            : expressions.bind(node.otherwise()));
    results.addAll(expressions.bindAll(node.results()));
    return build(conditions, expressions.coercion().unify(results, "CASE", node.span()));
  }

  private RexNode condition(@Nullable SqlNode value, SqlNode condition) {
    if (value == null) {
      return expressions.bindBoolean(condition, "CASE/WHEN");
    }
    return new OperatorBinder(expressions)
        .apply(
            "=",
            List.of(expressions.bind(value), expressions.bind(condition)),
            ExpressionBinder.span(condition));
  }

  /// `results` starts with that of ELSE.
  private RexNode build(List<RexNode> conditions, List<RexNode> results) {
    List<RexNode> operands = new ArrayList<>();
    for (int i = 0; i < conditions.size(); i++) {
      operands.add(conditions.get(i));
      operands.add(results.get(i + 1));
    }
    operands.add(results.getFirst());
    SqlType type = Rex.type(results.getFirst());
    return rex().call(new Scalar.Case(), type, Rex.anyNullable(results), operands);
  }

  RexNode coalesce(List<SqlNode> arguments, @Nullable SourceSpan span) {
    List<RexNode> values =
        expressions.coercion().unify(expressions.bindAll(arguments), "COALESCE", span);
    boolean nullable = values.stream().allMatch(Rex::nullable);
    return values.size() == 1
        ? values.getFirst()
        : rex().call(new Scalar.Coalesce(), Rex.type(values.getFirst()), nullable, values);
  }

  /// `CASE WHEN a = b THEN NULL ELSE a END`.
  RexNode nullIf(SqlNode first, SqlNode second, @Nullable SourceSpan span) {
    RexNode left = expressions.bind(first);
    RexNode equal =
        new OperatorBinder(expressions).apply("=", List.of(left, expressions.bind(second)), span);
    RexNode result = expressions.coercion().orText(left, span);
    return build(List.of(equal), List.of(result, rex().nullOf(Rex.type(result))));
  }
}
