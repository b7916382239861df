package dev.aevum.planner.bind;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.parser.tree.RowNode;
import dev.aevum.planner.error.StatementErrors;
import dev.aevum.planner.rex.Rex;
import dev.aevum.planner.rex.Scalar;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlNumericLiteral;
import org.jspecify.annotations.Nullable;

/// GROUP BY and ORDER BY items: positions, output names, or expressions. In GROUP BY an input
/// column wins over an output name, in ORDER BY it is the other way round.
final class ClauseReferences {
  private static final int MAX_SETS = 4096;

  private final ExpressionBinder expressions;
  private final List<SelectItems.Item> items;

  ClauseReferences(ExpressionBinder expressions, List<SelectItems.Item> items) {
    this.expressions = expressions;
    this.items = items.stream().filter(i -> !i.hidden()).toList();
  }

  List<RexNode> groupBy(SqlNodeList list) {
    List<RexNode> keys = new ArrayList<>();
    for (SqlNode node : list) {
      groupItem(node, keys);
    }
    return keys;
  }

  /// The grouping sets of ROLLUP, CUBE and GROUPING SETS; null where there are none of them. The
  /// items of GROUP BY multiply.
  @Nullable List<List<RexNode>> groupingSets(SqlNodeList list) {
    if (list.stream().noneMatch(ClauseReferences::isSets)) {
      return null;
    }
    List<List<RexNode>> sets = List.of(List.of());
    for (SqlNode node : list) {
      List<List<RexNode>> product = new ArrayList<>();
      for (List<RexNode> before : sets) {
        for (List<RexNode> set : sets(node)) {
          List<RexNode> both = new ArrayList<>(before);
          both.addAll(set);
          product.add(both);
        }
      }
      if (product.size() > MAX_SETS) {
        throw StatementErrors.of(
            ErrorCode.STATEMENT_TOO_COMPLEX,
            "too many grouping sets present (maximum " + MAX_SETS + ")",
            ExpressionBinder.span(node));
      }
      sets = product;
    }
    return sets;
  }

  private static boolean isSets(SqlNode node) {
    return switch (node.getKind()) {
      case ROLLUP, CUBE, GROUPING_SETS -> true;
      default -> false;
    };
  }

  private List<List<RexNode>> sets(SqlNode node) {
    if (!isSets(node)) {
      return List.of(keys(List.of(node)));
    }
    List<SqlNode> items = ((SqlBasicCall) node).getOperandList();
    List<List<RexNode>> sets = new ArrayList<>();
    switch (node.getKind()) {
      case ROLLUP -> {
        for (int count = items.size(); count >= 0; count--) {
          sets.add(keys(items.subList(0, count)));
        }
      }
      case CUBE -> {
        if (items.size() > 12) {
          throw StatementErrors.of(
              ErrorCode.STATEMENT_TOO_COMPLEX,
              "CUBE is limited to 12 elements",
              ExpressionBinder.span(node));
        }
        for (int chosen = (1 << items.size()) - 1; chosen >= 0; chosen--) {
          List<SqlNode> subset = new ArrayList<>();
          for (int i = 0; i < items.size(); i++) {
            if ((chosen >> (items.size() - 1 - i) & 1) == 1) {
              subset.add(items.get(i));
            }
          }
          sets.add(keys(subset));
        }
      }
      default -> items.forEach(item -> sets.addAll(sets(item)));
    }
    return sets;
  }

  private List<RexNode> keys(List<SqlNode> nodes) {
    List<RexNode> keys = new ArrayList<>();
    nodes.forEach(item -> groupItem(item, keys));
    return keys;
  }

  private void groupItem(SqlNode node, List<RexNode> keys) {
    switch (node) {
      case RowNode row -> row.items().forEach(item -> groupItem(item, keys));
      case SqlBasicCall call ->
          throw StatementErrors.unsupported(
              call.getOperator().getName(), ExpressionBinder.span(call));
      case SqlNodeList nested -> nested.forEach(item -> groupItem(item, keys));
      case SqlIdentifier star when star.isStar() -> groupByAll(keys);
      case SqlNumericLiteral number when number.isInteger() ->
          keys.add(
              key(items.get(QueryBinder.position(number, items.size(), "GROUP BY")).value(), node));
      case SqlLiteral literal ->
          throw StatementErrors.syntax(
              "non-integer constant in GROUP BY", ExpressionBinder.span(literal));
      case SqlIdentifier name when name.isSimple() -> {
        @Nullable RexNode column =
            expressions.scope().tryResolve(name.names, ExpressionBinder.span(name));
        @Nullable RexNode value =
            column == null ? output(name.getSimple(), "GROUP BY", node) : column;
        keys.add(key(value == null ? expressions.in(Clause.GROUP_BY).bind(node) : value, node));
      }
      default -> keys.add(key(expressions.in(Clause.GROUP_BY).bind(node), node));
    }
  }

  private RexNode key(RexNode value, SqlNode node) {
    if (AggregateStage.hasAggregate(value)) {
      throw StatementErrors.aggregateNotAllowed("GROUP BY", ExpressionBinder.span(node));
    }
    if (Rex.contains(value, n -> isWindowed(Rex.scalar(n)))) {
      throw StatementErrors.windowNotAllowed("GROUP BY", ExpressionBinder.span(node));
    }
    if (Rex.contains(value, SetStage::isSetReturning)) {
      throw StatementErrors.setReturningNotAllowed("GROUP BY", ExpressionBinder.span(node));
    }
    return value;
  }

  private static boolean isWindowed(@Nullable Scalar scalar) {
    return scalar instanceof Scalar.Over || scalar instanceof Scalar.InPattern;
  }

  private void groupByAll(List<RexNode> keys) {
    for (SelectItems.Item item : items) {
      if (!AggregateStage.hasAggregate(item.value())) {
        keys.add(item.value());
      }
    }
  }

  RexNode orderBy(SqlNode node, Clause clause) {
    if (node instanceof SqlNumericLiteral number && number.isInteger()) {
      return items.get(QueryBinder.position(number, items.size(), clause.shown())).value();
    }
    if (node instanceof SqlLiteral literal && literal.getValue() != null) {
      throw StatementErrors.syntax(
          "non-integer constant in " + clause.shown(), ExpressionBinder.span(literal));
    }
    if (node instanceof SqlIdentifier name && name.isSimple()) {
      @Nullable RexNode value = output(name.getSimple(), clause.shown(), node);
      if (value != null) {
        return value;
      }
    }
    return expressions
        .coercion()
        .orText(expressions.in(clause).bind(node), ExpressionBinder.span(node));
  }

  private @Nullable RexNode output(String name, String clause, SqlNode at) {
    @Nullable RexNode found = null;
    for (SelectItems.Item item : items) {
      if (item.name().equals(name)) {
        if (found != null && !found.equals(item.value())) {
          throw StatementErrors.of(
              ErrorCode.AMBIGUOUS_COLUMN,
              clause + " \"" + name + "\" is ambiguous",
              ExpressionBinder.span(at));
        }
        found = item.value();
      }
    }
    return found;
  }
}
