package dev.aevum.cli.law;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aevum.cli.law.LawModel.Evaluated;
import dev.aevum.executor.function.FunctionRegistry;
import dev.aevum.model.batch.Field;
import dev.aevum.model.batch.Schema;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.text.PgText;
import dev.aevum.model.text.TextStyle;
import dev.aevum.model.type.IntervalValue;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.explain.PlanPrinter;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.PlanNode;
import dev.aevum.planner.plan.Traits;
import dev.aevum.testing.random.Coverage;
import dev.aevum.testing.random.Dice;
import dev.aevum.testing.random.ExpressionGenerator;
import dev.aevum.testing.random.GeneratedQuery;
import dev.aevum.testing.random.HistoryGenerator;
import dev.aevum.testing.random.QueryGenerator;
import dev.aevum.testing.random.Relation;
import dev.aevum.testing.random.SchemaGenerator;
import dev.aevum.testing.random.Signatures;
import dev.aevum.testing.random.Typed;
import dev.aevum.testing.reference.Contents;
import dev.aevum.testing.reference.ReferenceEvaluator;
import dev.aevum.testing.reference.ReferenceResult;
import dev.aevum.testing.reference.ReferenceValues;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// One seed: a schema, a history of statements, restarts and crashes, each followed by a look at
/// everything.
final class LawRun implements AutoCloseable {
  private static final int STATEMENTS = 30;
  private static final int MOST_VIEWS = 5;

  /// Queries of a run have seeds in a row, so that each has another role.
  private static final long MOST_NAMES = 1000;

  private final long seed;
  private final Dice dice;
  private final Random tears;
  private final Coverage coverage;
  private final Signatures signatures;
  private final ExpressionGenerator expressions;
  private final LawDatabase database;
  private final Set<Integer> keyed = new HashSet<>();
  private final List<String> script = new ArrayList<>();
  private final HistoryGenerator history;
  private LawModel model;
  private int names;

  LawRun(
      long seed,
      Path folder,
      Coverage coverage,
      FunctionRegistry functions,
      BiPredicate<SqlType, SqlType> castable) {
    this.seed = seed;
    this.dice = new Dice(seed);
    this.tears = new Random(seed);
    this.coverage = coverage;
    this.signatures = new Signatures(functions);
    int extremes = dice.pick(List.of(0, 0, 2, 10));
    this.expressions = new ExpressionGenerator(dice, coverage, signatures, extremes, castable);
    this.database = new LawDatabase(folder, workers());
    List<Relation> relations = new ArrayList<>();
    for (Relation generated : new SchemaGenerator(dice, coverage).relations()) {
      relations.add(create(generated));
    }
    this.history = new HistoryGenerator(dice, coverage, relations, extremes);
    this.model = new LawModel(relations);
  }

  private int workers() {
    return dice.pick(List.of(1, 2, 3, 4, 7));
  }

  static String stack(Throwable e) {
    return Arrays.stream(e.getStackTrace())
        .limit(12)
        .map(Object::toString)
        .collect(Collectors.joining("\n  "));
  }

  /// The first column of some tables is a primary key.
  private Relation create(Relation generated) {
    boolean key = !generated.isStream() && dice.chance(40);
    List<Field> fields = new ArrayList<>(generated.schema().fields());
    if (key) {
      fields.set(0, new Field(fields.getFirst().name(), fields.getFirst().type(), false));
    }
    Relation relation =
        new Relation(0, generated.name(), new Schema(fields), generated.timeColumn());
    String sql = relation.isStream() ? relation.createStream(5) : relation.createTable();
    succeed(key ? sql.substring(0, sql.length() - 1) + ", PRIMARY KEY (c0))" : sql);
    int oid = database.oid(relation.name());
    if (key) {
      keyed.add(oid);
    }
    return new Relation(oid, relation.name(), relation.schema(), relation.timeColumn());
  }

  private void succeed(String sql) {
    SqlException error = execute(sql);
    if (error != null) {
      throw new AssertionError(error.sqlState() + " " + error.text() + "\n" + text(), error);
    }
  }

  private @Nullable SqlException execute(String sql) {
    script.add(sql + ";");
    SqlException error = database.execute(sql);
    if (error != null) {
      script.add("-- " + error.sqlState() + " " + error.text());
    }
    return error;
  }

  private String text() {
    return "seed " + seed + "\n" + String.join("\n", script) + "\n";
  }

  void run() {
    boolean crashes = dice.chance(60);
    for (int i = 0; i < STATEMENTS; i++) {
      history.advance(7);
      if (crashes && dice.chance(12)) {
        int within = dice.between(1, 9);
        script.add("-- crash within " + within);
        database.crashWithin(within);
      }
      LawModel before = model.copy();
      try {
        statement();
        look();
      } catch (LawDatabase.Crashed e) {
        recover(before);
      }
    }
  }

  /// The statement that ran into the crash took effect or did not.
  private void recover(LawModel before) {
    coverage.count("engine", "crash");
    restart();
    LawModel after = model;
    after.views.values().removeIf(v -> database.oid(v.name) != v.oid);
    before.views.values().removeIf(v -> database.oid(v.name) != v.oid);
    before.views.forEach((name, view) -> after.views.putIfAbsent(name, view));
    try {
      look();
    } catch (AssertionError e) {
      model = before;
      script.add("-- the last statement had no effect");
      look();
    }
  }

  private void restart() {
    int workers = workers();
    script.add("-- restart with " + workers + " workers");
    database.restart(workers, tears);
  }

  private void statement() {
    switch (dice.weighted(40, 10, 8, 8, 20, 7, 7)) {
      case 0 -> write(List.of(insert()));
      case 1 -> write(List.of(update()));
      case 2 -> write(List.of(delete()));
      case 3 -> transaction();
      case 4 -> createView();
      case 5 -> dropView();
      default -> {
        coverage.count("engine", "restart");
        restart();
      }
    }
  }

  /// A statement, and what it does to tables: null when it has to fail.
  private record Write(String sql, Effect effect) {}

  private interface Effect {
    /// The rows of streams it adds; null when the statement fails.
    @Nullable Map<Integer, List<List<@Nullable Object>>> apply(LawModel model);
  }

  /// Statements in one transaction, or a single one without.
  private void write(List<Write> writes) {
    LawModel next = model.copy();
    Map<Integer, List<List<@Nullable Object>>> step = new HashMap<>();
    for (Write write : writes) {
      LawModel tried = next.copy();
      Map<Integer, List<List<@Nullable Object>>> added = write.effect().apply(tried);
      LawModel wanted = next.copy();
      if (added != null) {
        wanted = tried;
        added.forEach((s, rows) -> step.computeIfAbsent(s, x -> new ArrayList<>()).addAll(rows));
      }
      if (writes.size() == 1) {
        wanted.append(step);
        LawModel unchanged = model;
        model = wanted;
        SqlException error = execute(write.sql());
        if (!outcome(error, added != null)) {
          model = unchanged;
        }
        return;
      }
      SqlException error = execute(write.sql());
      if (!outcome(error, added != null)) {
        succeed("ROLLBACK");
        return;
      }
      next = wanted;
    }
    if (dice.chance(25)) {
      coverage.count("engine", "rollback");
      succeed("ROLLBACK");
      return;
    }
    coverage.count("engine", "commit");
    next.append(step);
    model = next;
    succeed("COMMIT");
  }

  /// Whether the statement took effect. Constants that fail when they are folded make a statement
  /// fail that needs them for no row.
  private boolean outcome(@Nullable SqlException error, boolean wanted) {
    if (error == null && !wanted) {
      throw new AssertionError("the statement had to fail\n" + text());
    }
    if (error == null) {
      return true;
    }
    if (wanted && !error.sqlState().startsWith("22")) {
      throw new AssertionError(error.sqlState() + " " + error.text() + "\n" + text(), error);
    }
    coverage.count("failed", error.sqlState());
    return false;
  }

  private void transaction() {
    List<Write> writes = new ArrayList<>();
    succeed("BEGIN");
    for (int i = dice.between(2, 3); i > 0; i--) {
      writes.add(
          switch (dice.below(3)) {
            case 0 -> update();
            case 1 -> delete();
            default -> insert();
          });
    }
    write(writes);
  }

  private Relation table() {
    return dice.pick(model.relations.stream().filter(r -> !r.isStream()).toList());
  }

  private Write insert() {
    coverage.count("engine", "insert");
    List<Relation> judged = model.relations.stream().filter(this::hasLateTable).toList();
    Relation relation = dice.pick(judged.isEmpty() || dice.chance(60) ? model.relations : judged);
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (int i = dice.between(1, 6); i > 0; i--) {
      rows.add(history.row(relation));
    }
    String values =
        rows.stream().map(row -> values(relation, row)).collect(Collectors.joining(", "));
    return new Write(
        "INSERT INTO " + relation.name() + " VALUES " + values,
        m -> {
          if (relation.isStream()) {
            return Map.of(relation.id(), rows);
          }
          m.rows.get(relation.id()).addAll(rows);
          return holds(m, relation) ? Map.of() : null;
        });
  }

  /// Whether late rows of that relation are kept by a view.
  private boolean hasLateTable(Relation relation) {
    return model.views.values().stream()
        .anyMatch(v -> v.lateTable && v.inputs().contains(relation.id()));
  }

  private static String values(Relation relation, List<@Nullable Object> row) {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < row.size(); i++) {
      Object value = row.get(i);
      SqlType type = relation.schema().type(i);
      values.add(
          value == null
              ? "NULL"
              : "'" + PgText.formatValue(type, value, TextStyle.DEFAULT).replace("'", "''") + "'");
    }
    return "(" + String.join(", ", values) + ")";
  }

  /// Whether the table's constraints hold.
  private boolean holds(LawModel m, Relation table) {
    Set<Object> seen = new HashSet<>();
    for (List<@Nullable Object> row : m.rows.get(table.id())) {
      for (int i = 0; i < row.size(); i++) {
        if (row.get(i) == null && !table.schema().field(i).nullable()) {
          return false;
        }
      }
      if (keyed.contains(table.id())
          && !seen.add(ReferenceValues.key(table.schema().type(0), row.getFirst()))) {
        coverage.count("engine", "key violation");
        return false;
      }
    }
    return true;
  }

  private static List<Typed> scope(Relation table) {
    List<Typed> scope = new ArrayList<>();
    for (int i = 0; i < table.schema().size(); i++) {
      Field field = table.schema().field(i);
      scope.add(new Typed(new Expr.ColumnRef(i, field.type(), field.nullable()), field.name()));
    }
    return scope;
  }

  private Typed condition(Relation table) {
    return expressions.condition(scope(table), dice.between(0, 1));
  }

  /// The values of an expression for these rows; null when one fails.
  private static @Nullable List<@Nullable Object> evaluate(
      Relation table, List<List<@Nullable Object>> rows, Typed expression) {
    Traits none = new Traits(false, List.of(), List.of(), "none");
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < table.schema().size(); i++) {
      all.add(i);
    }
    PlanNode scan =
        new PlanNode.ScanNode(
            table.id(), table.name(), all, false, List.of(), table.schema(), none);
    PlanNode calc =
        new PlanNode.CalcNode(
            scan,
            null,
            List.of(expression.expr()),
            new Schema(List.of(new Field("value", expression.type(), true))),
            none);
    ReferenceResult result =
        new ReferenceEvaluator(Map.of(table.id(), rows), Map.of(), TextStyle.DEFAULT)
            .evaluate(calc);
    if (!result.errors().isEmpty()) {
      return null;
    }
    List<@Nullable Object> values = new ArrayList<>();
    result.rows().forEach(row -> values.add(row.getFirst()));
    return values;
  }

  private Write delete() {
    coverage.count("engine", "delete");
    Relation table = table();
    Typed condition = condition(table);
    return new Write(
        "DELETE FROM " + table.name() + " WHERE " + condition.sql(),
        m -> {
          List<List<@Nullable Object>> rows = m.rows.get(table.id());
          List<@Nullable Object> chosen = evaluate(table, rows, condition);
          if (chosen == null) {
            return null;
          }
          List<List<@Nullable Object>> kept = new ArrayList<>();
          for (int i = 0; i < rows.size(); i++) {
            if (!Boolean.TRUE.equals(chosen.get(i))) {
              kept.add(rows.get(i));
            }
          }
          m.rows.put(table.id(), kept);
          return Map.of();
        });
  }

  private Write update() {
    coverage.count("engine", "update");
    Relation table = table();
    int column = dice.below(table.schema().size());
    Typed condition = condition(table);
    Typed value = expressions.of(table.schema().type(column), scope(table), 1);
    String name = table.schema().field(column).name();
    return new Write(
        "UPDATE "
            + table.name()
            + " SET "
            + name
            + " = "
            + value.sql()
            + " WHERE "
            + condition.sql(),
        m -> {
          List<List<@Nullable Object>> rows = m.rows.get(table.id());
          List<@Nullable Object> chosen = evaluate(table, rows, condition);
          if (chosen == null) {
            return null;
          }
          List<List<@Nullable Object>> matched = new ArrayList<>();
          List<List<@Nullable Object>> result = new ArrayList<>();
          for (int i = 0; i < rows.size(); i++) {
            (Boolean.TRUE.equals(chosen.get(i)) ? matched : result).add(rows.get(i));
          }
          List<@Nullable Object> values = evaluate(table, matched, value);
          if (values == null) {
            return null;
          }
          for (int i = 0; i < matched.size(); i++) {
            List<@Nullable Object> changed = new ArrayList<>(matched.get(i));
            changed.set(column, values.get(i));
            result.add(changed);
          }
          m.rows.put(table.id(), result);
          return holds(m, table) ? Map.of() : null;
        });
  }

  private void createView() {
    if (model.views.size() >= MOST_VIEWS) {
      dropView();
      return;
    }
    List<Relation> inputs = new ArrayList<>(model.relations);
    model.views.values().forEach(v -> inputs.add(new Relation(v.oid, v.name, v.plan.schema(), -1)));
    QueryGenerator queries =
        new QueryGenerator(
            new Dice(dice.seed() * MOST_NAMES + names), coverage, inputs, signatures, expressions);
    GeneratedQuery query = dice.chance(20) ? queries.queryOnClose() : queries.query();
    String name = "v" + names++;
    boolean late = query.onClose() && dice.chance(70);
    String sql =
        "CREATE MATERIALIZED VIEW "
            + name
            + " AS "
            + query.viewSql()
            + (late ? " LATE DATA INTO late_" + name : "");
    SqlException error;
    try {
      error = execute(sql);
    } catch (LawDatabase.Crashed e) {
      coverage.count("engine", "crash");
      restart();
      if (database.oid(name) != 0) {
        add(name, query, late);
      }
      return;
    }
    if (error == null) {
      add(name, query, late);
      return;
    }
    coverage.count("refused", error.sqlState());
    if (error.code() != ErrorCode.FEATURE_NOT_SUPPORTED && !error.sqlState().startsWith("22")) {
      throw new AssertionError(error.sqlState() + " " + error.text() + "\n" + text(), error);
    }
  }

  private void add(String name, GeneratedQuery query, boolean late) {
    LawView view = new LawView(name, database.oid(name), query, database.plan(name), late);
    coverage.count("engine", "create view");
    if (view.inputs().stream().anyMatch(i -> !model.rows.containsKey(i))) {
      coverage.count("engine", "view over view");
    }
    if (late) {
      coverage.count("engine", "late table");
    }
    model.add(view);
  }

  private void dropView() {
    Set<Integer> read = new HashSet<>();
    model.views.values().forEach(v -> read.addAll(v.inputs()));
    List<LawView> free = model.views.values().stream().filter(v -> !read.contains(v.oid)).toList();
    if (free.isEmpty()) {
      return;
    }
    coverage.count("engine", "drop view");
    LawView victim = dice.pick(free);
    model.views.remove(victim.name);
    succeed("DROP MATERIALIZED VIEW " + victim.name);
  }

  /// Compares all there is.
  private void look() {
    running();
    for (Relation relation : model.relations) {
      compare(relation.name(), relation.types(), model.rows.get(relation.id()));
    }
    Map<String, Long> errors = new TreeMap<>();
    for (Map.Entry<String, Evaluated> entry : model.evaluate().entrySet()) {
      String name = entry.getKey();
      Evaluated evaluated = entry.getValue();
      LawView view = java.util.Objects.requireNonNull(model.views.get(name));
      List<SqlType> types = view.plan.schema().types();
      compare(name, types, evaluated.byPlan().rows());
      if (evaluated.comparable() && sameLateness(view)) {
        coverage.count("meaning", "compared with the query");
        assertThat(Contents.of(types, evaluated.byPlan().rows()).weights())
            .as(() -> text() + name + ": what the plan means is what the query means")
            .isEqualTo(Contents.of(types, evaluated.byQuery().rows()).weights());
      }
      evaluated
          .byPlan()
          .errors()
          .forEach(e -> {
            coverage.count("engine", "row error");
            errors.merge(name + " " + e.sqlState() + " " + e.message(), 1L, Long::sum);
          });
      if (view.lateTable) {
        lateRows(view);
      }
    }
    Map<String, Long> actual = new TreeMap<>();
    for (List<@Nullable Object> row :
        database.values("SELECT object, sqlstate, message FROM aevum.errors")) {
      actual.merge(row.get(0) + " " + row.get(1) + " " + row.get(2), 1L, Long::sum);
    }
    assertThat(actual).as(() -> text() + "aevum.errors").isEqualTo(errors);
  }

  private static boolean sameLateness(LawView view) {
    return LawView.judged(view.plan).equals(LawView.judged(view.query.plan()));
  }

  private String planOf(String name) {
    LawView view = model.views.get(name);
    return view == null ? "" : "\n" + String.join("\n", PlanPrinter.view(view.plan)) + "\n";
  }

  /// Views that failed: none may.
  private void running() {
    assertThat(
            database.values("SELECT name, state, reason FROM aevum.views WHERE state <> 'RUNNING'"))
        .as(() -> text() + "views that do not run")
        .isEmpty();
  }

  private void compare(String name, List<SqlType> types, List<List<@Nullable Object>> rows) {
    Contents actual = database.rows("SELECT * FROM " + name, types);
    assertThat(actual.weights())
        .as(() -> text() + planOf(name) + "rows of " + name)
        .isEqualTo(Contents.of(types, rows).weights());
  }

  private void lateRows(LawView view) {
    Relation stream = model.relations.stream().filter(Relation::isStream).findFirst().orElseThrow();
    List<SqlType> types = new ArrayList<>(stream.types());
    types.addAll(List.of(SimpleType.TEXT, SimpleType.TIMESTAMPTZ, SimpleType.INTERVAL));
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (LawView.LateRow late : view.late) {
      coverage.count("engine", "late row");
      List<@Nullable Object> row = new ArrayList<>(late.row());
      Long time = (Long) late.row().get(stream.timeColumn());
      row.add(view.name);
      row.add(late.watermark());
      row.add(new IntervalValue(0, 0, late.watermark() - java.util.Objects.requireNonNull(time)));
      rows.add(row);
    }
    String columns =
        stream.schema().fields().stream().map(Field::name).collect(Collectors.joining(", "));
    Contents actual =
        database.rows(
            "SELECT " + columns + ", late_view, late_watermark, late_by FROM late_" + view.name,
            types);
    assertThat(actual.weights())
        .as(() -> text() + "late rows of " + view.name)
        .isEqualTo(Contents.of(types, rows).weights());
  }

  @Override
  public void close() {
    database.close();
  }
}
