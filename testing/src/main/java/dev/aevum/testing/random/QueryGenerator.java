package dev.aevum.testing.random;

import dev.aevum.model.batch.Field;
import dev.aevum.model.batch.Schema;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.PlanNode;
import dev.aevum.planner.plan.Traits;
import dev.aevum.planner.plan.Traits.TimeColumn;
import dev.aevum.testing.pattern.MatchSql;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Queries of what views support: scans, filters and projections, tumbling and hopping windows,
/// aggregates (DISTINCT, FILTER, HAVING, on update and on close), DISTINCT, inner joins with
/// residual conditions, UNION ALL, nested.
public final class QueryGenerator {
  /// What a run counts as `operator`.
  public static final List<String> OPERATORS =
      List.of(
          "scan",
          "values",
          "tumble",
          "hop",
          "window over a table",
          "project",
          "filter",
          "distinct",
          "aggregate",
          "aggregate, no keys",
          "aggregate by window",
          "aggregate on close",
          "rows on close",
          "having",
          "join",
          "join with residual",
          "join by NULLs too",
          "join of three",
          "union all");

  private static final long SECOND = 1_000_000L;

  private final Dice dice;
  private final Coverage coverage;
  private final List<Relation> relations;
  private final Signatures signatures;
  private final ExpressionGenerator expressions;
  private final JoinParts joins;
  private boolean judgesLateness;
  private @Nullable Role due;
  private boolean keyOfTurn;
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
    this.joins = new JoinParts(this, dice, coverage, expressions);
  }

  /// What the leaf of a query is for: the type whose turn it is takes this part in it.
  private enum Role {
    JOIN_KEY,
    DISTINCT_KEY,
    AGGREGATED,
    ANY
  }

  /// Forms that chance makes too seldom.
  private enum Form {
    ANY,
    HOP_OVER_TABLE,
    AGGREGATE_TWICE,
    HOP_ON_CLOSE,
    ROWS_ON_CLOSE
  }

  /// Seeds in a row owe each role of each type equally often, and some of them a form: chance alone
  /// leaves one of the many out in some runs.
  public GeneratedQuery query() {
    aliases = 0;
    standard = true;
    due = null;
    Role role = dice.turn(ROLES);
    Form form = role == Role.ANY ? dice.turn(FORMS) : Form.ANY;
    judgesLateness = form == Form.HOP_ON_CLOSE || form == Form.ROWS_ON_CLOSE;
    Part owed =
        switch (form) {
          case HOP_OVER_TABLE -> hopOverTable();
          case AGGREGATE_TWICE -> {
            Part groups = aggregate(scan());
            yield join(groups, groups);
          }
          case HOP_ON_CLOSE -> windowAggregate(window(true), true, AggregateCalls.Kind.SUMS);
          case ROWS_ON_CLOSE -> gate(window(dice.chance(40)));
          case ANY -> null;
        };
    if (owed != null) {
      return new GeneratedQuery(owed.plan(), owed.sql(), standard, judgesLateness);
    }
    if (role == Role.ANY) {
      return any();
    }
    due = role;
    judgesLateness = dice.chance(30);
    Part part = part(dice.between(0, 2));
    return new GeneratedQuery(part.plan(), part.sql(), standard, false);
  }

  /// As many as [AggregateCalls#ROLES]: numbers of roles, types and forms have no common divisor,
  /// so that seeds in a row meet each with each.
  private static final List<Role> ROLES = List.of(Role.values());

  /// One of each in as many seeds as there are; the others are free.
  private static final List<Form> FORMS = forms(7);

  private static List<Form> forms(int seeds) {
    List<Form> forms = new ArrayList<>(List.of(Form.values()));
    while (forms.size() < seeds) {
      forms.add(Form.ANY);
    }
    return forms;
  }

  private @Nullable Part hopOverTable() {
    Part hop = tableWindow(true);
    return hop == null ? null : windowAggregate(hop, false, AggregateCalls.Kind.SUMS);
  }

  /// Over a relation, with the type whose turn it is in the role that is due.
  private Part owed(Role role) {
    Part base = compared(scan());
    return switch (role) {
      case JOIN_KEY -> {
        Part other = compared(scan());
        keyOfTurn = true;
        Part joined = join(base, other);
        keyOfTurn = false;
        yield joined;
      }
      case DISTINCT_KEY -> {
        String alias = alias();
        yield distinct(project(base, alias, null, scope(base, alias).subList(0, 2)));
      }
      case AGGREGATED -> {
        List<Integer> keys = List.of(0);
        coverage.count("group key", SchemaGenerator.label(base.schema().type(keys.getFirst())));
        coverage.count("operator", "aggregate");
        yield aggregate(base, keys, -1, false, AggregateCalls.Kind.DUE);
      }
      case ANY -> base;
    };
  }

  /// A few of the columns, one of them of the type whose turn it is, and something about that one.
  private Part compared(Part input) {
    String alias = alias();
    List<Typed> scope = scope(input, alias);
    SqlType turn = dice.turn(SchemaGenerator.TYPES);
    List<SqlType> types = input.schema().types();
    SqlType type = types.contains(turn) ? turn : dice.pick(types);
    List<Typed> projections = new ArrayList<>();
    int first = columnOf(input.schema(), type);
    projections.add(scope.get(first));
    for (int c = 0; c < scope.size() && projections.size() < 3; c++) {
      if (c != first) {
        projections.add(scope.get(c));
      }
    }
    Typed condition = dice.chance(60) ? expressions.comparison(type, scope) : null;
    if (condition != null) {
      projections.add(condition);
    }
    if (dice.chance(65)) {
      projections.add(expressions.casting(scope));
    }
    Typed rare = dice.chance(45) ? expressions.rare(scope) : null;
    if (rare != null) {
      projections.add(rare);
    }
    return project(input, alias, null, projections);
  }

  private GeneratedQuery any() {
    judgesLateness = dice.chance(50);
    if (judgesLateness && dice.chance(60)) {
      return closing();
    }
    Part part = part(dice.between(1, 3));
    return new GeneratedQuery(part.plan(), part.sql(), standard, false);
  }

  /// A query that gives what is final, over a stream with a watermark.
  public GeneratedQuery queryOnClose() {
    judgesLateness = true;
    standard = false;
    aliases = 0;
    due = null;
    return closing();
  }

  private GeneratedQuery closing() {
    Part closed =
        dice.chance(45)
            ? gate(window(dice.chance(40)))
            : windowAggregate(window(dice.chance(45)), true, AggregateCalls.Kind.ANY);
    return new GeneratedQuery(closed.plan(), closed.sql(), false, true);
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
    return windowAggregate(new Part(plan, sql, names), false, AggregateCalls.Kind.ANY);
  }

  private Part part(int depth) {
    Role owed = due;
    if (owed != null && depth == 0) {
      due = null;
      return owed(owed);
    }
    if (depth == 0) {
      if (dice.chance(26)) {
        return values();
      }
      return judgesLateness && dice.chance(50) ? window(dice.chance(45)) : scan();
    }
    if (owed == null && dice.chance(judgesLateness ? 20 : 30)) {
      boolean hop = dice.chance(45);
      Part windows = judgesLateness ? window(hop) : tableWindow(hop);
      if (windows != null) {
        return windowAggregate(windows, false, AggregateCalls.Kind.ANY);
      }
    }
    return switch (dice.weighted(24, 27, 23, 13, 13)) {
      case 0 -> calc(part(depth - 1));
      case 1 -> aggregate(part(depth - 1));
      case 2 -> {
        Part left = part(dice.chance(40) ? 0 : depth - 1);
        yield dice.chance(60)
            ? chain(left, part(0), part(0))
            : join(
                left,
                // An aggregate that stands twice is to run once.
                dice.chance(aggregates(left.plan()) ? 70 : 25) ? left : part(dice.below(depth)));
      }
      case 3 -> {
        Part union = union(part(depth - 1), depth);
        yield dice.chance(60) ? calc(union) : union;
      }
      default -> distinct(narrow(part(depth - 1)));
    };
  }

  private static boolean aggregates(PlanNode node) {
    return node instanceof PlanNode.AggregateNode
        || node.inputs().stream().anyMatch(QueryGenerator::aggregates);
  }

  String alias() {
    return "q" + aliases++;
  }

  static String from(Part part, String alias) {
    return "(" + part.sql() + GeneratedQuery.FENCE + ") AS " + alias;
  }

  static List<Typed> scope(Part part, String alias) {
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

  static List<String> names(int count) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add("c" + i);
    }
    return names;
  }

  static Schema schema(List<SqlType> types) {
    List<Field> fields = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      fields.add(new Field("c" + i, types.get(i), true));
    }
    return new Schema(fields);
  }

  static Traits traits(boolean appendOnly, List<TimeColumn> times) {
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

  /// Rows of constants.
  private Part values() {
    coverage.count("operator", "values");
    List<SqlType> types = new ArrayList<>();
    for (int i = dice.between(2, 4); i > 0; i--) {
      types.add(dice.pick(SchemaGenerator.TYPES));
    }
    List<List<Expr>> rows = new ArrayList<>();
    List<String> sql = new ArrayList<>();
    for (int i = dice.between(1, 3); i > 0; i--) {
      List<Typed> row = types.stream().map(expressions::literal).toList();
      rows.add(row.stream().map(Typed::expr).toList());
      sql.add(row.stream().map(Typed::sql).collect(Collectors.joining(", ", "(", ")")));
    }
    List<String> names = names(types.size());
    String columns = String.join(", ", names);
    return new Part(
        new PlanNode.ValuesNode(rows, schema(types), traits(true, List.of())),
        "SELECT " + columns + " FROM (VALUES " + String.join(", ", sql) + ") AS w(" + columns + ")",
        names);
  }

  private Part window(boolean hop) {
    Relation stream = relations.stream().filter(Relation::isStream).findFirst().orElseThrow();
    return window(stream, stream.timeColumn(), hop);
  }

  /// Over a table: rows are taken back, nothing closes. Null where no table has a time.
  private @Nullable Part tableWindow(boolean hop) {
    for (Relation table : relations) {
      for (int i = 0; !table.isStream() && i < table.schema().size(); i++) {
        SqlType type = table.schema().type(i);
        if (type == SimpleType.TIMESTAMP || type == SimpleType.TIMESTAMPTZ) {
          coverage.count("operator", "window over a table");
          return window(table, i, hop);
        }
      }
    }
    return null;
  }

  private Part window(Relation relation, int timeColumn, boolean hop) {
    standard = false;
    coverage.count("operator", hop ? "hop" : "tumble");
    int slide = dice.pick(List.of(1, 4, 5, 10));
    int size = hop ? slide + 1 + dice.below(2 * slide) : slide;
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
    Typed filter = dice.chance(75) ? expressions.condition(scope, 2) : null;
    coverage.count("operator", filter == null ? "project" : "filter");
    List<Typed> projections = new ArrayList<>();
    for (int i = dice.between(2, 6); i > 0; i--) {
      projections.add(
          dice.chance(40) ? scope.get(column(input.schema())) : expressions.of(wanted(), scope, 2));
    }
    return project(input, alias, filter, projections);
  }

  /// Any type, those with many operators more often.
  private SqlType wanted() {
    return switch (dice.weighted(40, 34, 13, 13)) {
      case 0 -> dice.pick(SchemaGenerator.TYPES);
      case 1 -> dice.turn(SchemaGenerator.TYPES);
      case 2 -> SimpleType.BOOLEAN;
      default -> SimpleType.TEXT;
    };
  }

  /// Rows that wait until the watermark has passed one of their times. It is the only one that
  /// stays a time in the output, so that there is no doubt which.
  private Part gate(Part input) {
    coverage.count("operator", "rows on close");
    String alias = alias();
    List<Typed> scope = scope(input, alias);
    List<TimeColumn> times = input.plan().traits().timeColumns();
    TimeColumn time = dice.pick(times);
    List<Typed> others = new ArrayList<>();
    for (int i = 0; i < scope.size(); i++) {
      int column = i;
      if (times.stream().noneMatch(t -> t.column() == column)) {
        others.add(scope.get(i));
      }
    }
    Typed filter = dice.chance(50) ? expressions.condition(scope, 2) : null;
    List<Typed> projections = new ArrayList<>(List.of(scope.get(time.column())));
    for (int i = dice.between(1, 3); i > 0; i--) {
      projections.add(
          dice.chance(50)
              ? dice.pick(others)
              : expressions.of(dice.pick(SchemaGenerator.TYPES), others, 2));
    }
    Part projected = project(input, alias, filter, projections);
    PlanNode plan =
        new PlanNode.CloseGateNode(
            projected.plan(), 0, time.offsetMicros(), projected.schema(), traits(true, List.of()));
    return new Part(plan, projected.sql(), projected.names());
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

  static PlanNode exchange(PlanNode input, List<Integer> keys) {
    return new PlanNode.ExchangeNode(input, keys, input.schema(), input.traits());
  }

  /// Three columns of many.
  private Part narrow(Part input) {
    if (input.schema().size() <= 4) {
      return input;
    }
    String alias = alias();
    List<Typed> scope = scope(input, alias);
    List<Typed> some = new ArrayList<>();
    while (some.size() < 3) {
      some.add(scope.get(column(input.schema())));
    }
    return project(input, alias, null, some);
  }

  private Part distinct(Part input) {
    coverage.count("operator", "distinct");
    String alias = alias();
    List<Integer> keys = new ArrayList<>();
    for (int i = 0; i < input.schema().size(); i++) {
      keys.add(i);
      coverage.count("distinct key", SchemaGenerator.label(input.schema().type(i)));
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
    for (int i = dice.weighted(30, 27, 25, 18); i > 0; i--) {
      int column = column(input.schema());
      if (!keys.contains(column)) {
        keys.add(column);
        coverage.count("group key", SchemaGenerator.label(input.schema().type(column)));
      }
    }
    coverage.count("operator", keys.isEmpty() ? "aggregate, no keys" : "aggregate");
    return aggregate(input, keys, -1, false, AggregateCalls.Kind.ANY);
  }

  /// Of each type there is as often as of any other.
  private int column(Schema schema) {
    return columnOf(schema, preferred(schema.types().stream().distinct().toList()));
  }

  /// The type whose turn it is where it is among them, else any.
  SqlType preferred(List<SqlType> types) {
    SqlType turn = dice.turn(SchemaGenerator.TYPES);
    return types.contains(turn) && (keyOfTurn || dice.chance(60)) ? turn : dice.pick(types);
  }

  private Part windowAggregate(Part input, boolean onClose, AggregateCalls.Kind kind) {
    int width = input.schema().size();
    List<Integer> keys = new ArrayList<>(List.of(width - 3, width - 2));
    if (dice.chance(60)) {
      int column = column(new Schema(input.schema().fields().subList(0, width - 3)));
      keys.add(column);
      coverage.count("group key", SchemaGenerator.label(input.schema().type(column)));
    }
    coverage.count("operator", onClose ? "aggregate on close" : "aggregate by window");
    boolean closes = !input.plan().traits().timeColumns().isEmpty();
    return aggregate(input, keys, closes ? 1 : -1, onClose, kind);
  }

  private Part aggregate(
      Part input, List<Integer> keys, int closeKey, boolean onClose, AggregateCalls.Kind kind) {
    String alias = alias();
    // Arguments and filters are columns: a projection in front makes them.
    List<Typed> scope = scope(input, alias);
    List<Typed> columns = new ArrayList<>();
    keys.forEach(k -> columns.add(scope.get(k)));
    AggregateCalls calls = new AggregateCalls(dice, coverage, signatures, expressions);
    calls.make(kind, scope, columns);
    standard &= calls.standard();
    List<Integer> groupKeys = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      groupKeys.add(i);
    }
    Part projected = project(input, alias, null, columns);
    List<SqlType> types = new ArrayList<>();
    keys.forEach(k -> types.add(input.schema().type(k)));
    calls.calls().forEach(c -> types.add(c.type()));
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
            calls.calls(),
            closeKey,
            onClose,
            schema(types),
            traits(onClose, times));
    return having(plan, input, alias, keys, calls.sql(), onClose);
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

  int columnOf(Schema schema, SqlType type) {
    List<Integer> columns = new ArrayList<>();
    for (int i = 0; i < schema.size(); i++) {
      if (schema.type(i).equals(type)) {
        columns.add(i);
      }
    }
    return dice.pick(columns);
  }

  /// Where the sides have no type in common, the left one alone.
  private Part join(Part left, Part right) {
    Part joined = joins.join(left, right);
    return joined == null ? calc(left) : joined;
  }

  private Part chain(Part a, Part b, Part c) {
    Part joined = joins.chain(a, b, c);
    return joined == null ? calc(a) : joined;
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
