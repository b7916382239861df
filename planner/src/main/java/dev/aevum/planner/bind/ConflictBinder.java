package dev.aevum.planner.bind;

import dev.aevum.model.type.SqlType;
import dev.aevum.parser.statement.Assignment;
import dev.aevum.parser.statement.Name;
import dev.aevum.parser.statement.OnConflict;
import dev.aevum.planner.bind.ExpressionBinder.Environment;
import dev.aevum.planner.catalog.RelationInfo;
import dev.aevum.planner.error.StatementErrors;
import dev.aevum.planner.plan.PlanNode.JoinKind;
import dev.aevum.planner.rel.Rels;
import dev.aevum.planner.rex.Rex;
import dev.aevum.planner.rex.Scalar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/// ON CONFLICT: the new rows beside the old rows of the same keys, and what DO UPDATE makes of
/// them, as [dev.aevum.planner.WritePlan] lays them out.
final class ConflictBinder {
  private final BindContext context;
  private final WriteBinder writes;
  private final RelationInfo.Stored target;
  private final Rels rels;
  private final Rex rex;

  ConflictBinder(BindContext context, WriteBinder writes, RelationInfo.Stored target) {
    this.context = context;
    this.writes = writes;
    this.target = target;
    this.rels = context.rels();
    this.rex = context.rex();
  }

  /// `source`: the new rows, all columns of the target.
  RelNode bind(RelNode source, @Nullable Name alias, OnConflict conflict) {
    int width = target.columns().size();
    FromItem old = writes.item(target, alias);
    RelNode joined = rels.join(source, old.rel(), JoinKind.LEFT, sameKey(source, old, width));
    RexNode found =
        rex.isNotNull(rels.reference(joined, width + target.uniqueKeys().getFirst().getFirst()));
    List<RexNode> row = new ArrayList<>(rels.references(joined));
    row.add(found);
    if (!conflict.doNothing()) {
      FromItem excluded = writes.item(target, new Name("excluded", conflict.span()));
      FromItem beside =
          new FromItem(joined, old.shiftedEntries(width), old.shiftedVisible(width)).over(joined);
      List<Scope.Entry> entries = new ArrayList<>(beside.entries());
      entries.addAll(excluded.entries());
      List<Scope.Column> visible = new ArrayList<>(beside.visible());
      visible.addAll(excluded.visible());
      ExpressionBinder expressions =
          new ExpressionBinder(
              context,
              new Scope(context, entries, visible, null),
              Environment.EMPTY,
              Clause.UPDATE);
      update(joined, found, conflict, expressions, row);
    }
    List<String> names = new ArrayList<>();
    row.forEach(r -> names.add("c" + names.size()));
    return rels.project(joined, row, names);
  }

  private RexNode sameKey(RelNode source, FromItem old, int width) {
    List<RexNode> equal = new ArrayList<>();
    for (int column : target.uniqueKeys().getFirst()) {
      RexNode right =
          rex.input(width + column, old.rel().getRowType().getFieldList().get(column).getType());
      equal.add(
          new OperatorBinder(
                  new ExpressionBinder(
                      context, Scope.empty(context, null), Environment.EMPTY, Clause.JOIN))
              .apply("=", List.of(rels.reference(source, column), right), null));
    }
    return rex.and(equal);
  }

  private void update(
      RelNode joined,
      RexNode found,
      OnConflict conflict,
      ExpressionBinder expressions,
      List<RexNode> row) {
    RexNode condition =
        conflict.where() == null
            ? found
            : rex.and(
                List.of(
                    found, expressions.in(Clause.WHERE).bindBoolean(conflict.where(), "WHERE")));
    if (ValuesSubqueries.hasSubquery(condition)) {
      throw StatementErrors.unsupported("a sub-query in ON CONFLICT", conflict.span());
    }
    row.add(condition);
    Map<Integer, RexNode> values = new LinkedHashMap<>();
    for (Assignment assignment : conflict.assignments()) {
      int column = WriteBinder.column(target, assignment.column());
      RexNode value = writes.value(target, column, assignment.value(), expressions);
      if (ValuesSubqueries.hasSubquery(value)) {
        throw StatementErrors.unsupported("a sub-query in ON CONFLICT", conflict.span());
      }
      if (values.put(column, value) != null) {
        throw StatementErrors.syntax(
            "multiple assignments to same column \"" + assignment.column().text() + "\"",
            assignment.column().span());
      }
    }
    int width = target.columns().size();
    for (int i = 0; i < width; i++) {
      @Nullable RexNode value = values.get(i);
      row.add(value == null ? rels.reference(joined, width + i) : onlyIf(condition, value));
    }
  }

  /// Rows that are not updated must not fail for what an update would compute.
  private RexNode onlyIf(RexNode condition, RexNode value) {
    SqlType type = Rex.type(value);
    return rex.call(new Scalar.Case(), type, true, List.of(condition, value, rex.nullOf(type)));
  }
}
