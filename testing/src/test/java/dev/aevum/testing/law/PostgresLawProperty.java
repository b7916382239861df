package dev.aevum.testing.law;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aevum.executor.function.FunctionRegistry;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.text.PgText;
import dev.aevum.model.text.TextStyle;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.PlanNode;
import dev.aevum.planner.rule.Phases.Rule;
import dev.aevum.testing.postgres.PostgresServer;
import dev.aevum.testing.random.AggregateCalls;
import dev.aevum.testing.random.Coverage;
import dev.aevum.testing.random.Dice;
import dev.aevum.testing.random.ExpressionGenerator;
import dev.aevum.testing.random.GeneratedQuery;
import dev.aevum.testing.random.HistoryGenerator;
import dev.aevum.testing.random.QueryGenerator;
import dev.aevum.testing.random.Relation;
import dev.aevum.testing.random.SchemaGenerator;
import dev.aevum.testing.random.Signatures;
import dev.aevum.testing.reference.Contents;
import dev.aevum.testing.reference.ReferenceEvaluator;
import dev.aevum.testing.reference.ReferenceResult;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// For standard SQL the reference evaluator and PostgreSQL give the same rows, so that the oracle
/// itself is right; and so do ad-hoc queries, with all rules of the planner and with none. Queries
/// of which some row fails are left out: there PostgreSQL gives nothing.
///
/// Seeds: `-Daevum.seed=N` begins at N, `-Daevum.cases=N` runs N of them.
class PostgresLawProperty {
  private static final long FIRST_SEED = Long.getLong("aevum.seed", 1);
  private static final int CASES = Integer.getInteger("aevum.cases", 500);

  private final FunctionRegistry functions = FunctionRegistry.standard();
  private final Coverage coverage = new Coverage();

  /// What PostgreSQL has of [QueryGenerator#OPERATORS].
  private static final List<String> OPERATORS =
      List.of(
          "scan",
          "values",
          "project",
          "filter",
          "distinct",
          "aggregate",
          "aggregate, no keys",
          "having",
          "join",
          "join with residual",
          "join by NULLs too",
          "join of three",
          "union all");

  @Test
  void queriesAnswerAsPostgres() throws Exception {
    LawProperty.expectExpressions(coverage);
    coverage.expect("operator", OPERATORS);
    for (String name : AggregateCalls.NAMES) {
      coverage.expect("aggregate", List.of(name, "distinct " + name));
    }
    coverage.expect("rules", List.of("all", "none"));
    List<String> failures = new ArrayList<>();
    int compared = 0;
    try (PostgresServer server = new PostgresServer()) {
      for (long seed = FIRST_SEED; seed < FIRST_SEED + CASES && failures.size() < 8; seed++) {
        try {
          Coverage counted = new Coverage();
          if (check(seed, server, counted)) {
            compared++;
            coverage.add(counted);
          }
        } catch (RuntimeException | AssertionError | SQLException e) {
          failures.add("seed " + seed + ": " + e.getMessage());
        }
      }
    }
    System.out.println(coverage.report() + "compared with PostgreSQL: " + compared);
    assertThat(failures).isEmpty();
    assertThat(compared).isGreaterThan(CASES / 4);
    if (CASES >= 500) {
      assertThat(coverage.below(1, List.of("operator", "family", "expression"))).isEmpty();
      assertThat(
              coverage.below(
                  0, List.of("aggregate", "column", "cast to", "cast from", "compared", "rules")))
          .isEmpty();
    }
  }

  /// False where the query is not comparable.
  private boolean check(long seed, PostgresServer server, Coverage counted) throws SQLException {
    Dice dice = new Dice(seed);
    int extremes = dice.pick(List.of(0, 0, 0, 2));
    List<Relation> relations = new SchemaGenerator(dice, counted).relations();
    Signatures signatures = new Signatures(functions);
    ExpressionGenerator expressions =
        new ExpressionGenerator(
            dice, counted, signatures, extremes, ExpressionGenerator::standardCast);
    GeneratedQuery query =
        new QueryGenerator(dice, counted, relations, signatures, expressions).query();
    if (!query.standard()) {
      return false;
    }
    Map<Integer, List<List<@Nullable Object>>> tables = tables(dice, relations, extremes);
    ReferenceResult expected =
        new ReferenceEvaluator(tables, Map.of(), TextStyle.DEFAULT).evaluate(query.plan());
    if (!expected.errors().isEmpty()) {
      return false;
    }
    for (Relation relation : relations) {
      server.execute("DROP TABLE IF EXISTS " + relation.name());
      server.execute(relation.createTable());
      load(server, relation, tables.get(relation.id()));
    }
    List<SqlType> types = query.plan().schema().types();
    String columns =
        IntStream.range(0, types.size())
            .mapToObj(i -> "r.c" + i + "::text")
            .collect(Collectors.joining(", "));
    String sql = query.postgresSql();
    List<List<@Nullable String>> rows;
    try {
      rows = server.query("SELECT " + columns + " FROM (" + named(query, sql) + ") AS r");
    } catch (SQLException e) {
      String state = String.valueOf(e.getSQLState());
      if (state.startsWith("22") || state.equals("42883")) {
        // It folds constants that no row needs, and lacks a few of our functions, such as
        // min(uuid).
        coverage.count("not comparable", state);
        return false;
      }
      throw new SQLException(e.getMessage() + "\n" + sql, e);
    }
    Contents actual = new Contents(types);
    rows.forEach(row -> actual.add(values(types, row), 1));
    assertThat(actual.weights()).as(sql).isEqualTo(Contents.of(types, expected.rows()).weights());
    once(query, relations, tables, actual, counted);
    return true;
  }

  /// As an ad-hoc query, with all rules of the planner and with none. A plan may evaluate what no
  /// row needs in the end, and fail.
  private void once(
      GeneratedQuery query,
      List<Relation> relations,
      Map<Integer, List<List<@Nullable Object>>> tables,
      Contents expected,
      Coverage counted) {
    LawPlans plans = new LawPlans(relations, functions);
    for (Set<Rule> without : List.of(Set.<Rule>of(), EnumSet.allOf(Rule.class))) {
      PlanNode plan = plans.query(query.viewSql(), without);
      Contents actual;
      try {
        actual = QueryRun.contents(plan, relations, tables, functions, 7);
      } catch (SqlException e) {
        if (!e.sqlState().startsWith("22")) {
          throw e;
        }
        counted.count("ad hoc", "fails");
        continue;
      }
      counted.count("rules", without.isEmpty() ? "all" : "none");
      assertThat(actual.weights())
          .as((without.isEmpty() ? "with rules " : "without rules ") + query.viewSql())
          .isEqualTo(expected.weights());
    }
  }

  /// Scans name their columns as the table does: names by position.
  private static String named(GeneratedQuery query, String sql) {
    String names =
        IntStream.range(0, query.plan().schema().size())
            .mapToObj(i -> "c" + i)
            .collect(Collectors.joining(", "));
    return "SELECT * FROM (" + sql + ") AS n(" + names + ")";
  }

  private static List<@Nullable Object> values(List<SqlType> types, List<@Nullable String> row) {
    List<@Nullable Object> values = new ArrayList<>();
    for (int i = 0; i < row.size(); i++) {
      SqlType type = types.get(i) instanceof DecimalType ? SimpleType.NUMERIC : types.get(i);
      String text = row.get(i);
      values.add(text == null ? null : PgText.parseValue(type, text, TextStyle.DEFAULT));
    }
    return values;
  }

  private Map<Integer, List<List<@Nullable Object>>> tables(
      Dice dice, List<Relation> relations, int extremes) {
    HistoryGenerator history = new HistoryGenerator(dice, coverage, relations, extremes);
    Map<Integer, List<List<@Nullable Object>>> tables = new HashMap<>();
    relations.forEach(r -> tables.put(r.id(), new ArrayList<>()));
    for (int step = 0; step < 4; step++) {
      history
          .step()
          .changes()
          .forEach((relation, changes) ->
              changes.forEach(change -> {
                List<List<@Nullable Object>> rows = tables.get(relation);
                if (change.weight() > 0) {
                  rows.add(change.row());
                } else {
                  rows.remove(change.row());
                }
              }));
    }
    return tables;
  }

  static void load(PostgresServer server, Relation relation, List<List<@Nullable Object>> rows)
      throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    String all = rows.stream().map(row -> row(relation, row)).collect(Collectors.joining(", "));
    server.execute("INSERT INTO " + relation.name() + " VALUES " + all);
  }

  static String row(Relation relation, List<@Nullable Object> row) {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < row.size(); i++) {
      Object value = row.get(i);
      values.add(
          value == null
              ? "NULL"
              : "'"
                  + PgText.formatValue(relation.schema().type(i), value, TextStyle.DEFAULT)
                      .replace("'", "''")
                  + "'");
    }
    return "(" + String.join(", ", values) + ")";
  }
}
