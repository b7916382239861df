package dev.aevum.testing.random;

import dev.aevum.model.batch.Field;
import dev.aevum.model.batch.Schema;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.AggregateCall;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.PlanNode;
import dev.aevum.planner.plan.Traits;
import dev.aevum.planner.plan.Traits.TimeColumn;
import dev.aevum.planner.plan.function.FunctionSignature;
import dev.aevum.testing.pattern.MatchSql;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Queries of what views support: scans, filters and projections, tumbling and hopping windows,
/// aggregates (DISTINCT, FILTER, HAVING, on update and on close), DISTINCT, inner joins with
/// residual conditions, UNION ALL, nested.
public final class QueryGenerator {
  private static final long SECOND = 1_000_000L;

  private final Dice dice;
  private final Coverage coverage;
  private final List<Relation> relations;
  private final Signatures signatures;
  private final ExpressionGenerator expressions;
  private boolean judgesLateness;
  private boolean standard;
  private int aliases;

  public QueryGenerator(
      Dice dice,
      Coverage coverage,
      List<Relation> relations,
      Signatures signatures,
      ExpressionGenerator expressions) {
    this.dice = dice;
    this.coverage = coverage;
    this.relations = relations;
    this.signatures = signatures;
    this.expressions = expressions;
  }

  /// A subquery: its plan, its SELECT, the names of its columns.
  private record Part(PlanNode plan, String sql, List<String> names) {
    Schema schema() {
      return plan.schema();
    }
  }

  public GeneratedQuery query() {
    judgesLateness = dice.chance(40);
    standard = true;
    aliases = 0;
    if (judgesLateness && dice.chance(35)) {
      Part closed = windowAggregate(window(), true);
      return new GeneratedQuery(closed.plan(), closed.sql(), false, true);
    }
    Part part = part(dice.between(1, 3));
    return new GeneratedQuery(part.plan(), part.sql(), standard, false);
  }

  /// A query with matches in it, over streams in the order of their watermark (given once) and over
  /// what changes (revised), and other operators above and below them.
  public GeneratedQuery queryOverMatches() {
    judgesLateness = dice.chance(50);
    standard = false;
    aliases = 0;
    MatchParts matches = new MatchParts(dice, signatures);
    Part part =
        judgesLateness ? streamMatches(matches) : changingMatches(matches, part(dice.below(3)));
    for (int i = dice.between(0, 2); i > 0; i--) {
      part = overMatches(matches, part);
    }
    standard = false;
    return new GeneratedQuery(part.plan(), part.sql(), false, false);
  }

  private Part overMatches(MatchParts matches, Part part) {
    return switch (dice.weighted(15, 25, 20, 8, 8, 12, 12)) {
      case 0 -> calc(part);
      case 1 -> aggregate(part);
      case 2 -> join(part, dice.chance(30) ? part : part(dice.below(2)));
      case 3 -> union(part, 1);
      case 4 -> distinct(part);
      case 5 -> part.plan().traits().timeColumns().isEmpty() ? calc(part) : windowsOver(part);
      default ->
          part.plan().traits().appendOnly() ? aggregate(part) : changingMatches(matches, part);
    };
  }

  private Part streamMatches(MatchParts matches) {
    coverage.count("operator", "matches, final");
    Relation stream = relations.stream().filter(Relation::isStream).findFirst().orElseThrow();
    return matched(matches.released(scanNode(stream), stream.timeColumn()), stream.name());
  }

  /// Over a stream alone it would have to be ordered by its time.
  private Part changingMatches(MatchParts matches, Part input) {
    Part changing = input.plan().traits().appendOnly() ? distinct(input) : input;
    coverage.count("operator", "matches, revising");
    return matched(matches.revising(changing.plan()), from(changing, alias()));
  }

  private static Part matched(PlanNode.MatchNode node, String input) {
    List<String> names = node.schema().fields().stream().map(Field::name).toList();
    return new Part(node, MatchSql.query(node, input), names);
  }

  /// An aggregate by windows over a time column of the input.
  private Part windowsOver(Part input) {
    TimeColumn time = dice.pick(input.plan().traits().timeColumns());
    coverage.count("operator", "window over matches");
    int seconds = dice.pick(List.of(1, 4, 10));
    int width = input.schema().size();
    List<Field> fields = new ArrayList<>(input.schema().fields());
    SqlType type = input.schema().type(time.column());
    for (String name : List.of("window_start", "window_end", "window_time")) {
      fields.add(new Field(name, type, false));
    }
    List<TimeColumn> times = new ArrayList<>(input.plan().traits().timeColumns());
    times.add(new TimeColumn(width, time.offsetMicros() + 1 - seconds * SECOND));
    times.add(new TimeColumn(width + 1, time.offsetMicros() + 1));
    times.add(new TimeColumn(width + 2, time.offsetMicros()));
    PlanNode plan =
        new PlanNode.WindowNode(
            input.plan(),
            time.column(),
            seconds * SECOND,
            seconds * SECOND,
            0,
            new Schema(fields),
            traits(input.plan().traits().appendOnly(), times));
    List<String> names = fields.stream().map(Field::name).toList();
    String sql =
        "SELECT "
            + String.join(", ", names)
            + " FROM TUMBLE(("
            + input.sql()
            + "), DESCRIPTOR("
            + input.names().get(time.column())
            + "), "
            + seconds(seconds)
            + ")";
    return windowAggregate(new Part(plan, sql, names), false);
  }

  private Part part(int depth) {
    if (depth == 0) {
      return judgesLateness && dice.chance(50) ? window() : scan();
    }
    if (dice.chance(20)) {
      Part windows = judgesLateness ? window() : tableWindow();
      if (windows != null) {
        return windowAggregate(windows, false);
      }
    }
    return switch (dice.weighted(28, 34, 16, 10, 12)) {
      case 0 -> calc(part(depth - 1));
      case 1 -> aggregate(part(depth - 1));
      case 2 -> {
        Part left = part(depth - 1);
        yield join(left, dice.chance(25) ? left : part(dice.below(depth)));
      }
      case 3 -> union(part(depth - 1), depth);
      default -> distinct(part(depth - 1));
    };
  }

  private String alias() {
    return "q" + aliases++;
  }

  private static String from(Part part, String alias) {
    return "(" + part.sql() + GeneratedQuery.FENCE + ") AS " + alias;
  }

  private static List<Typed> scope(Part part, String alias) {
    List<Typed> scope = new ArrayList<>();
    for (int i = 0; i < part.schema().size(); i++) {
      Field field = part.schema().field(i);
      scope.add(
          new Typed(
              new Expr.ColumnRef(i, field.type(), field.nullable()),
              alias + "." + part.names().get(i)));
    }
    return scope;
  }

  private static List<String> names(int count) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add("c" + i);
    }
    return names;
  }

  private static Schema schema(List<SqlType> types) {
    List<Field> fields = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      fields.add(new Field("c" + i, types.get(i), true));
    }
    return new Schema(fields);
  }

  private static Traits traits(boolean appendOnly, List<TimeColumn> times) {
    return new Traits(appendOnly, List.of(), times, "none");
  }

  private PlanNode.ScanNode scanNode(Relation relation) {
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < relation.schema().size(); i++) {
      all.add(i);
    }
    boolean judged = relation.isStream() && judgesLateness;
    List<TimeColumn> times = judged ? List.of(new TimeColumn(relation.timeColumn(), 0)) : List.of();
    return new PlanNode.ScanNode(
        relation.id(),
        relation.name(),
        all,
        judged,
        List.of(),
        relation.schema(),
        traits(relation.isStream(), times));
  }

  private Part scan() {
    // Which rows of a stream count depends on whether its watermark is used: only windows use it
    // here.
    List<Relation> fitting =
        judgesLateness ? relations.stream().filter(r -> !r.isStream()).toList() : relations;
    Relation relation = dice.pick(fitting);
    coverage.count("operator", "scan");
    List<String> names = relation.schema().fields().stream().map(Field::name).toList();
    return new Part(
        scanNode(relation),
        "SELECT " + String.join(", ", names) + " FROM " + relation.name(),
        names);
  }

  private Part window() {
    Relation stream = relations.stream().filter(Relation::isStream).findFirst().orElseThrow();
    return window(stream, stream.timeColumn());
  }

  /// Over a table: rows are taken back, nothing closes. Null where no table has a time.
  private @Nullable Part tableWindow() {
    for (Relation table : relations) {
      for (int i = 0; !table.isStream() && i < table.schema().size(); i++) {
        SqlType type = table.schema().type(i);
        if (type == SimpleType.TIMESTAMP || type == SimpleType.TIMESTAMPTZ) {
          coverage.count("operator", "window over a table");
          return window(table, i);
        }
      }
    }
    return null;
  }

  private Part window(Relation relation, int timeColumn) {
    standard = false;
    boolean hop = dice.chance(60);
    coverage.count("operator", hop ? "hop" : "tumble");
    int slide = dice.pick(List.of(1, 4, 5, 10));
    int size = hop ? slide + dice.below(2 * slide + 1) : slide;
    int offset = dice.chance(20) ? dice.below(2 * slide) : 0;
    int width = relation.schema().size();
    List<Field> fields = new ArrayList<>(relation.schema().fields());
    SqlType time = relation.schema().type(timeColumn);
    for (String name : List.of("window_start", "window_end", "window_time")) {
      fields.add(new Field(name, time, false));
    }
    List<TimeColumn> times =
        List.of(
            new TimeColumn(timeColumn, 0),
            new TimeColumn(width, 1 - size * SECOND),
            new TimeColumn(width + 1, 1),
            new TimeColumn(width + 2, 0));
    PlanNode.ScanNode scan = scanNode(relation);
    PlanNode plan =
        new PlanNode.WindowNode(
            scan,
            timeColumn,
            size * SECOND,
            slide * SECOND,
            offset % slide * SECOND,
            new Schema(fields),
            traits(relation.isStream(), scan.traits().timeColumns().isEmpty() ? List.of() : times));
    List<String> names = fields.stream().map(Field::name).toList();
    String function =
        (hop ? "HOP(" : "TUMBLE(")
            + relation.name()
            + ", DESCRIPTOR("
            + relation.schema().field(timeColumn).name()
            + "), "
            + (hop ? seconds(slide) + ", " : "")
            + seconds(size)
            + (offset > 0 ? ", " + seconds(offset) : "")
            + ")";
    return new Part(plan, "SELECT " + String.join(", ", names) + " FROM " + function, names);
  }

  private static String seconds(int seconds) {
    return "INTERVAL '" + seconds + " seconds'";
  }

  private Part calc(Part input) {
    String alias = alias();
    List<Typed> scope = scope(input, alias);
    Typed filter = dice.chance(60) ? expressions.condition(scope, 2) : null;
    coverage.count("operator", filter == null ? "project" : "filter");
    List<Typed> projections = new ArrayList<>();
    for (int i = dice.between(1, 5); i > 0; i--) {
      projections.add(
          dice.chance(50)
              ? dice.pick(scope)
              : expressions.of(dice.pick(SchemaGenerator.TYPES), scope, 2));
    }
    return project(input, alias, filter, projections);
  }

  private static Part project(
      Part input, String alias, @Nullable Typed filter, List<Typed> projections) {
    List<String> names = names(projections.size());
    List<TimeColumn> times = new ArrayList<>();
    StringBuilder sql = new StringBuilder("SELECT ");
    for (int i = 0; i < projections.size(); i++) {
      sql.append(i > 0 ? ", " : "")
          .append(projections.get(i).sql())
          .append(" AS ")
          .append(names.get(i));
      if (projections.get(i).expr() instanceof Expr.ColumnRef c) {
        for (TimeColumn time : input.plan().traits().timeColumns()) {
          if (time.column() == c.index()) {
            times.add(new TimeColumn(i, time.offsetMicros()));
          }
        }
      }
    }
    sql.append(" FROM ").append(from(input, alias));
    if (filter != null) {
      sql.append(" WHERE ").append(filter.sql());
    }
    PlanNode plan =
        new PlanNode.CalcNode(
            input.plan(),
            filter == null ? null : filter.expr(),
            projections.stream().map(Typed::expr).toList(),
            schema(projections.stream().map(Typed::type).toList()),
            traits(input.plan().traits().appendOnly(), times));
    return new Part(plan, sql.toString(), names);
  }

  private static PlanNode exchange(PlanNode input, List<Integer> keys) {
    return new PlanNode.ExchangeNode(input, keys, input.schema(), input.traits());
  }

  private Part distinct(Part input) {
    coverage.count("operator", "distinct");
    String alias = alias();
    List<Integer> keys = new ArrayList<>();
    for (int i = 0; i < input.schema().size(); i++) {
      keys.add(i);
    }
    List<String> names = names(keys.size());
    String columns =
        keys.stream()
            .map(i -> alias + "." + input.names().get(i) + " AS " + names.get(i))
            .collect(Collectors.joining(", "));
    PlanNode plan =
        new PlanNode.AggregateNode(
            exchange(input.plan(), keys),
            keys,
            List.of(),
            -1,
            false,
            schema(input.schema().types()),
            traits(false, List.of()));
    return new Part(plan, "SELECT DISTINCT " + columns + " FROM " + from(input, alias), names);
  }

  private Part aggregate(Part input) {
    List<Integer> keys = new ArrayList<>();
    for (int i = dice.below(3); i > 0; i--) {
      int column = dice.below(input.schema().size());
      if (!keys.contains(column)) {
        keys.add(column);
      }
    }
    coverage.count("operator", keys.isEmpty() ? "aggregate, no keys" : "aggregate");
    return aggregate(input, keys, -1, false);
  }

  private Part windowAggregate(Part input, boolean onClose) {
    int width = input.schema().size();
    List<Integer> keys = new ArrayList<>(List.of(width - 3, width - 2));
    if (dice.chance(60)) {
      keys.add(dice.below(width - 3));
    }
    coverage.count("operator", onClose ? "aggregate on close" : "aggregate by window");
    boolean closes = !input.plan().traits().timeColumns().isEmpty();
    return aggregate(input, keys, closes ? 1 : -1, onClose);
  }

  private Part aggregate(Part input, List<Integer> keys, int closeKey, boolean onClose) {
    String alias = alias();
    // Arguments and filters are columns: a projection in front makes them.
    List<Typed> scope = scope(input, alias);
    List<Typed> columns = new ArrayList<>();
    keys.forEach(k -> columns.add(scope.get(k)));
    List<AggregateCall> calls = new ArrayList<>();
    List<String> sql = new ArrayList<>();
    for (int i = dice.between(1, 3); i > 0; i--) {
      call(scope, columns, calls, sql);
    }
    List<Integer> groupKeys = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      groupKeys.add(i);
    }
    Part projected = project(input, alias, null, columns);
    List<SqlType> types = new ArrayList<>();
    keys.forEach(k -> types.add(input.schema().type(k)));
    calls.forEach(c -> types.add(c.type()));
    List<TimeColumn> times = new ArrayList<>();
    for (TimeColumn time : projected.plan().traits().timeColumns()) {
      if (closeKey >= 0 && time.column() == closeKey) {
        times.add(time);
      }
    }
    PlanNode plan =
        new PlanNode.AggregateNode(
            exchange(projected.plan(), groupKeys),
            groupKeys,
            calls,
            closeKey,
            onClose,
            schema(types),
            traits(onClose, times));
    return having(plan, input, alias, keys, sql, onClose);
  }

  private Part having(
      PlanNode plan,
      Part input,
      String alias,
      List<Integer> keys,
      List<String> calls,
      boolean onClose) {
    List<String> names = names(keys.size() + calls.size());
    List<String> outputs = new ArrayList<>();
    keys.forEach(k -> outputs.add(alias + "." + input.names().get(k)));
    String groups = outputs.isEmpty() ? "" : " GROUP BY " + String.join(", ", outputs);
    outputs.addAll(calls);
    StringBuilder sql = new StringBuilder("SELECT ");
    for (int i = 0; i < outputs.size(); i++) {
      sql.append(i > 0 ? ", " : "").append(outputs.get(i)).append(" AS ").append(names.get(i));
    }
    sql.append(" FROM ").append(from(input, alias)).append(groups);
    if (!dice.chance(20)) {
      return new Part(plan, sql.toString(), names);
    }
    coverage.count("operator", "having");
    List<Typed> scope = new ArrayList<>();
    for (int i = 0; i < outputs.size(); i++) {
      scope.add(new Typed(new Expr.ColumnRef(i, plan.schema().type(i), true), outputs.get(i)));
    }
    Typed condition = expressions.condition(scope, 1);
    List<Expr> all = scope.stream().map(Typed::expr).toList();
    PlanNode filtered =
        new PlanNode.CalcNode(
            plan,
            condition.expr(),
            all,
            plan.schema(),
            traits(onClose, plan.traits().timeColumns()));
    return new Part(filtered, sql + " HAVING " + condition.sql(), names);
  }

  /// Adds one call, with the columns it needs.
  private void call(
      List<Typed> scope, List<Typed> columns, List<AggregateCall> calls, List<String> sql) {
    boolean distinct = dice.chance(25);
    Typed argument = dice.pick(scope);
    List<String> candidates =
        new ArrayList<>(
            List.of(
                "count", "sum", "avg", "min", "max", "bool_and", "bool_or", "var_pop", "var_samp"));
    FunctionSignature function = null;
    String name = "";
    while (function == null && !candidates.isEmpty()) {
      name = candidates.remove(dice.below(candidates.size()));
      function = signatures.find(name, FunctionSignature.Kind.AGGREGATE, List.of(argument.type()));
    }
    if (function == null || dice.chance(20)) {
      name = "count";
      function = signatures.find(name, FunctionSignature.Kind.AGGREGATE, List.of());
      java.util.Objects.requireNonNull(function, "count(*)");
      coverage.count("aggregate", "count(*)");
      int filter = filter(scope, columns, sql, "count(*)");
      calls.add(
          new AggregateCall(
              function, List.of(), false, filter, List.of(), SimpleType.BIGINT, false));
      return;
    }
    coverage.count("aggregate", (distinct ? "distinct " : "") + name);
    coverage.count("aggregated", argument.type().displayName());
    boolean floating = argument.type() == SimpleType.REAL || argument.type() == SimpleType.DOUBLE;
    // PostgreSQL adds floats in the order they come.
    standard &=
        !(floating && (name.equals("sum") || name.equals("avg") || name.startsWith("var_")));
    columns.add(argument);
    int column = columns.size() - 1;
    int filter =
        filter(
            scope, columns, sql, name + "(" + (distinct ? "DISTINCT " : "") + argument.sql() + ")");
    SqlType type = function.result().resolve(List.of(argument.type()));
    // Sums of decimals are decimals of 38 digits here and have no bound there.
    standard &=
        !(type instanceof DecimalType d
            && d.precision() == DecimalType.MAX_PRECISION
            && argument.type() instanceof DecimalType a
            && a.precision() > 28);
    calls.add(
        new AggregateCall(function, List.of(column), distinct, filter, List.of(), type, true));
  }

  private int filter(List<Typed> scope, List<Typed> columns, List<String> sql, String call) {
    if (!dice.chance(15)) {
      sql.add(call);
      return -1;
    }
    coverage.count("aggregate", "filter");
    Typed condition = expressions.condition(scope, 1);
    columns.add(condition);
    sql.add(call + " FILTER (WHERE " + condition.sql() + ")");
    return columns.size() - 1;
  }

  private Part join(Part left, Part right) {
    String l = alias();
    String r = alias();
    List<Integer> leftKeys = new ArrayList<>();
    List<Integer> rightKeys = new ArrayList<>();
    for (int i = 0; i < left.schema().size() && leftKeys.size() < 2; i++) {
      for (int j = 0; j < right.schema().size(); j++) {
        if (left.schema().type(i).equals(right.schema().type(j))
            && !rightKeys.contains(j)
            && dice.chance(70)) {
          leftKeys.add(i);
          rightKeys.add(j);
          break;
        }
      }
    }
    if (leftKeys.isEmpty()) {
      return calc(left);
    }
    List<Typed> scope = scope(left, l);
    for (Typed t : scope(right, r)) {
      Expr.ColumnRef c = (Expr.ColumnRef) t.expr();
      scope.add(
          new Typed(
              new Expr.ColumnRef(c.index() + left.schema().size(), c.type(), c.nullable()),
              t.sql()));
    }
    Typed residual = dice.chance(40) ? expressions.condition(scope, 1) : null;
    coverage.count("operator", residual == null ? "join" : "join with residual");
    List<String> conditions = new ArrayList<>();
    for (int i = 0; i < leftKeys.size(); i++) {
      conditions.add(
          l
              + "."
              + left.names().get(leftKeys.get(i))
              + " = "
              + r
              + "."
              + right.names().get(rightKeys.get(i)));
    }
    if (residual != null) {
      conditions.add(residual.sql());
    }
    List<String> names = names(scope.size());
    StringBuilder sql = new StringBuilder("SELECT ");
    for (int i = 0; i < scope.size(); i++) {
      sql.append(i > 0 ? ", " : "").append(scope.get(i).sql()).append(" AS ").append(names.get(i));
    }
    sql.append(" FROM ").append(from(left, l)).append(" JOIN ").append(from(right, r));
    sql.append(" ON ").append(String.join(" AND ", conditions));
    List<TimeColumn> times = new ArrayList<>(left.plan().traits().timeColumns());
    right
        .plan()
        .traits()
        .timeColumns()
        .forEach(
            t -> times.add(new TimeColumn(t.column() + left.schema().size(), t.offsetMicros())));
    boolean appendOnly = left.plan().traits().appendOnly() && right.plan().traits().appendOnly();
    PlanNode plan =
        new PlanNode.JoinNode(
            exchange(left.plan(), leftKeys),
            exchange(right.plan(), rightKeys),
            PlanNode.JoinKind.INNER,
            leftKeys,
            rightKeys,
            Collections.nCopies(leftKeys.size(), false),
            residual == null ? null : residual.expr(),
            schema(scope.stream().map(Typed::type).toList()),
            traits(appendOnly, times));
    return new Part(plan, sql.toString(), names);
  }

  /// With the same part filtered otherwise, so that the types agree.
  private Part union(Part input, int depth) {
    coverage.count("operator", "union all");
    String a = alias();
    String b = alias();
    Part left = project(input, a, expressions.condition(scope(input, a), 1), scope(input, a));
    Part right =
        project(
            input,
            b,
            depth > 1 ? expressions.condition(scope(input, b), 1) : null,
            scope(input, b));
    PlanNode plan =
        new PlanNode.UnionAllNode(
            List.of(left.plan(), right.plan()),
            left.schema(),
            traits(input.plan().traits().appendOnly(), List.of()));
    return new Part(plan, left.sql() + " UNION ALL " + right.sql(), left.names());
  }
}
