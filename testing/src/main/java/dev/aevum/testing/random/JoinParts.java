package dev.aevum.testing.random;

import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.PlanNode;
import dev.aevum.planner.plan.Traits.TimeColumn;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Inner joins of subqueries.
final class JoinParts {
  private final QueryGenerator generator;
  private final Dice dice;
  private final Coverage coverage;
  private final ExpressionGenerator expressions;

  JoinParts(
      QueryGenerator generator, Dice dice, Coverage coverage, ExpressionGenerator expressions) {
    this.generator = generator;
    this.dice = dice;
    this.coverage = coverage;
    this.expressions = expressions;
  }

  /// Columns of the same type on both sides.
  private record Keys(List<Integer> left, List<Integer> right, List<Boolean> nullSafe) {
    Keys byEquality() {
      return new Keys(left, right, Collections.nCopies(left.size(), false));
    }
  }

  /// One or two pairs of columns, of each type there is as often as of any other; null where the
  /// sides have no type in common.
  private @Nullable Keys keys(Part left, Part right) {
    List<SqlType> rightTypes = right.schema().types();
    List<SqlType> common =
        new ArrayList<>(
            left.schema().types().stream().distinct().filter(rightTypes::contains).toList());
    if (common.isEmpty()) {
      return null;
    }
    Keys keys = new Keys(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (int i = dice.chance(50) ? 2 : 1; i > 0 && !common.isEmpty(); i--) {
      SqlType type = generator.preferred(common);
      common.remove(type);
      keys.left().add(generator.columnOf(left.schema(), type));
      keys.right().add(generator.columnOf(right.schema(), type));
      keys.nullSafe().add(dice.chance(28));
      coverage.count("join key", SchemaGenerator.label(type));
    }
    return keys;
  }

  /// By equal columns and perhaps a residual condition; null where the sides have no type in
  /// common.
  @Nullable Part join(Part left, Part right) {
    String l = generator.alias();
    String r = generator.alias();
    Keys keys = keys(left, right);
    if (keys == null) {
      return null;
    }
    List<Typed> scope = QueryGenerator.scope(left, l);
    for (Typed t : QueryGenerator.scope(right, r)) {
      Expr.ColumnRef c = (Expr.ColumnRef) t.expr();
      scope.add(
          new Typed(
              new Expr.ColumnRef(c.index() + left.schema().size(), c.type(), c.nullable()),
              t.sql()));
    }
    Typed residual = dice.chance(55) ? expressions.condition(scope, 1) : null;
    coverage.count("operator", residual == null ? "join" : "join with residual");
    List<String> conditions = new ArrayList<>();
    equalities(left, l, right, r, keys, conditions);
    if (keys.nullSafe().contains(true)) {
      coverage.count("operator", "join by NULLs too");
    }
    if (residual != null) {
      conditions.add(residual.sql());
    }
    List<String> names = QueryGenerator.names(scope.size());
    StringBuilder sql = new StringBuilder("SELECT ");
    for (int i = 0; i < scope.size(); i++) {
      sql.append(i > 0 ? ", " : "").append(scope.get(i).sql()).append(" AS ").append(names.get(i));
    }
    sql.append(" FROM ")
        .append(QueryGenerator.from(left, l))
        .append(" JOIN ")
        .append(QueryGenerator.from(right, r));
    sql.append(" ON ").append(String.join(" AND ", conditions));
    PlanNode plan =
        joinNode(left.plan(), right.plan(), keys, residual == null ? null : residual.expr());
    return new Part(plan, sql.toString(), names);
  }

  private static PlanNode joinNode(
      PlanNode left, PlanNode right, Keys keys, @Nullable Expr residual) {
    List<TimeColumn> times = new ArrayList<>(left.traits().timeColumns());
    int width = left.schema().size();
    right
        .traits()
        .timeColumns()
        .forEach(t -> times.add(new TimeColumn(t.column() + width, t.offsetMicros())));
    List<SqlType> types = new ArrayList<>(left.schema().types());
    types.addAll(right.schema().types());
    return new PlanNode.JoinNode(
        QueryGenerator.exchange(left, keys.left()),
        QueryGenerator.exchange(right, keys.right()),
        PlanNode.JoinKind.INNER,
        keys.left(),
        keys.right(),
        keys.nullSafe(),
        residual,
        QueryGenerator.schema(types),
        QueryGenerator.traits(left.traits().appendOnly() && right.traits().appendOnly(), times));
  }

  /// `FROM a, b, c WHERE a.x = c.x AND c.y = b.y`: as written `a` and `b` have nothing in common.
  @Nullable Part chain(Part a, Part b, Part c) {
    Keys outer = keys(a, c);
    Keys inner = keys(b, c);
    if (outer == null || inner == null) {
      return join(a, c);
    }
    coverage.count("operator", "join of three");
    List<String> aliases = List.of(generator.alias(), generator.alias(), generator.alias());
    List<String> conditions = new ArrayList<>();
    // By equality alone: IS NOT DISTINCT FROM does not order joins.
    outer = outer.byEquality();
    inner = inner.byEquality();
    equalities(a, aliases.get(0), c, aliases.get(2), outer, conditions);
    equalities(b, aliases.get(1), c, aliases.get(2), inner, conditions);
    // Joined as (a, c), b; the columns stand as a, b, c.
    int widthA = a.schema().size();
    int widthB = b.schema().size();
    int widthC = c.schema().size();
    Keys shifted =
        new Keys(
            inner.right().stream().map(k -> k + widthA).toList(), inner.left(), inner.nullSafe());
    PlanNode joined = joinNode(joinNode(a.plan(), c.plan(), outer, null), b.plan(), shifted, null);
    List<Expr> order = new ArrayList<>();
    for (int i = 0; i < widthA + widthB + widthC; i++) {
      int at = i < widthA ? i : i < widthA + widthB ? i + widthC : i - widthB;
      order.add(new Expr.ColumnRef(at, joined.schema().type(at), true));
    }
    List<String> names = QueryGenerator.names(order.size());
    List<String> columns = new ArrayList<>();
    List<Part> parts = List.of(a, b, c);
    List<String> from = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      from.add(QueryGenerator.from(parts.get(i), aliases.get(i)));
      for (String name : parts.get(i).names()) {
        columns.add(aliases.get(i) + "." + name + " AS " + names.get(columns.size()));
      }
    }
    PlanNode plan =
        new PlanNode.CalcNode(
            joined,
            null,
            order,
            QueryGenerator.schema(order.stream().map(Expr::type).toList()),
            QueryGenerator.traits(joined.traits().appendOnly(), List.of()));
    String sql =
        "SELECT "
            + String.join(", ", columns)
            + " FROM "
            + String.join(", ", from)
            + " WHERE "
            + String.join(" AND ", conditions);
    return new Part(plan, sql, names);
  }

  private static void equalities(
      Part left, String l, Part right, String r, Keys keys, List<String> conditions) {
    for (int i = 0; i < keys.left().size(); i++) {
      conditions.add(
          l
              + "."
              + left.names().get(keys.left().get(i))
              + (keys.nullSafe().get(i) ? " IS NOT DISTINCT FROM " : " = ")
              + r
              + "."
              + right.names().get(keys.right().get(i)));
    }
  }
}
