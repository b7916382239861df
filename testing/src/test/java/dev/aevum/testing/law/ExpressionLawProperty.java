package dev.aevum.testing.law;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aevum.executor.function.FunctionRegistry;
import dev.aevum.model.batch.Field;
import dev.aevum.model.batch.Schema;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.PlanNode;
import dev.aevum.planner.rule.Phases.Rule;
import dev.aevum.testing.postgres.PostgresServer;
import dev.aevum.testing.random.Coverage;
import dev.aevum.testing.random.Dice;
import dev.aevum.testing.random.ExpressionGenerator;
import dev.aevum.testing.random.HistoryGenerator.Change;
import dev.aevum.testing.random.HistoryGenerator.Step;
import dev.aevum.testing.random.Relation;
import dev.aevum.testing.random.SchemaGenerator;
import dev.aevum.testing.random.Signatures;
import dev.aevum.testing.random.Typed;
import dev.aevum.testing.random.ValueGenerator;
import dev.aevum.testing.reference.Contents;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Every expression gives the text that PostgreSQL gives, or fails with its SQLSTATE: in views and
/// in ad-hoc queries, with all rules of the planner and with none. Some expressions are over the
/// result of another and behind filters, so that rules have something to move; where such a row
/// fails in PostgreSQL, which evaluates all that is written, a plan may have left that out. What is
/// known to differ stands in `isKnown`.
///
/// Seeds: `-Daevum.seed=N` begins at N, `-Daevum.expression.cases=N` runs N of them.
class ExpressionLawProperty {
  private static final long FIRST_SEED = Long.getLong("aevum.seed", 1);
  private static final int CASES = Integer.getInteger("aevum.expression.cases", 80);
  private static final int EXPRESSIONS = 12;
  private static final int ROWS = 8;
  private static final int TABLE = 16_384;

  private static final Set<String> NO_TIME = Set.of("22007", "22008", "22009", "22023");

  /// A literal as the generator writes it.
  private static final Pattern LITERAL =
      Pattern.compile(
          "(?<!(?:ANY|ALL) \\()CAST\\((?:NULL|'(?:[^']|'')*') AS [a-z ]+(?:\\([0-9,]+\\)|\\[\\])?(?: with(?:out)? time zone)?\\)");

  private final FunctionRegistry functions = FunctionRegistry.standard();
  private final Coverage coverage = new Coverage();

  @Test
  void expressionsAnswerAsPostgres() throws Exception {
    LawProperty.expectExpressions(coverage);
    List<String> failures = new ArrayList<>();
    try (PostgresServer server = new PostgresServer()) {
      server.execute(
          "CREATE FUNCTION attempt(query text) RETURNS text LANGUAGE plpgsql AS $$"
              + " DECLARE r text; n bigint; BEGIN EXECUTE query INTO r;"
              + " GET DIAGNOSTICS n = ROW_COUNT;"
              + " RETURN CASE WHEN n = 0 THEN 'no row' ELSE coalesce('=' || r, 'NULL') END;"
              + " EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE; END $$");
      for (long seed = FIRST_SEED; seed < FIRST_SEED + CASES && failures.size() < 10; seed++) {
        check(seed, server, failures);
      }
    }
    System.out.println(coverage.report());
    assertThat(failures).isEmpty();
    if (CASES >= 80) {
      assertThat(coverage.below(1, LawProperty.EXPRESSIONS)).isEmpty();
      assertThat(coverage.below(0, List.of("function"))).isEmpty();
    }
  }

  /// A query of `id` and a text, with one row or none for each row of the table.
  ///
  /// @param postgres the same for PostgreSQL
  /// @param whole whether a plan evaluates all of it
  private record Question(String sql, String postgres, boolean whole) {}

  private void check(long seed, PostgresServer server, List<String> failures) throws SQLException {
    Dice dice = new Dice(seed);
    int extremes = dice.pick(List.of(0, 0, 5, 30));
    Relation table = table(dice);
    ValueGenerator values = new ValueGenerator(dice, extremes);
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (long id = 0; id < ROWS; id++) {
      List<@Nullable Object> row = new ArrayList<>(List.of(id));
      for (SqlType type : table.types().subList(1, table.types().size())) {
        row.add(values.nullable(type, true));
      }
      rows.add(row);
    }
    server.execute("DROP TABLE IF EXISTS t0");
    server.execute(table.createTable());
    PostgresLawProperty.load(server, table, rows);
    ExpressionGenerator expressions =
        new ExpressionGenerator(
            dice, coverage, new Signatures(functions), extremes, ExpressionGenerator::standardCast);
    for (int i = 0; i < EXPRESSIONS; i++) {
      Question question = question(dice, table, expressions);
      List<String> expected = postgres(question, server);
      String failure = compare(question, table, rows, expected);
      if (failure != null) {
        failures.add("seed " + seed + " " + table.createTable() + "\n" + failure);
      }
    }
  }

  private Relation table(Dice dice) {
    List<Field> fields = new ArrayList<>();
    fields.add(new Field("id", SimpleType.INTEGER, false));
    for (int i = 0; i < 6; i++) {
      SqlType type = i == 0 ? dice.turn(SchemaGenerator.TYPES) : dice.pick(SchemaGenerator.TYPES);
      coverage.count("column", type.displayName());
      fields.add(new Field("c" + i, type, true));
    }
    return new Relation(TABLE, "t0", new Schema(fields), -1);
  }

  private static Question question(Dice dice, Relation table, ExpressionGenerator expressions) {
    List<Typed> scope = new ArrayList<>();
    for (int i = 0; i < table.schema().size(); i++) {
      Field field = table.schema().field(i);
      scope.add(new Typed(new Expr.ColumnRef(i, field.type(), true), "q." + field.name()));
    }
    String row = "(SELECT * FROM t0 WHERE id = ? OFFSET 0) AS q";
    if (dice.chance(50)) {
      Typed asked = asked(dice, scope, expressions);
      String select = "SELECT q.id, CAST(" + asked.sql() + " AS text) AS r FROM ";
      return new Question(select + "t0 AS q", select + row, true);
    }
    Typed inner = asked(dice, scope, expressions);
    String columns = scope.stream().map(Typed::sql).collect(Collectors.joining(", "));
    String below = "SELECT " + columns + ", " + inner.sql() + " AS x FROM ";
    Typed first = dice.chance(40) ? condition(scope, expressions) : null;
    scope.add(new Typed(new Expr.ColumnRef(scope.size(), inner.type(), true), "q.x"));
    Typed outer = asked(dice, scope, expressions);
    Typed second = dice.chance(60) ? condition(scope, expressions) : null;
    String above = "SELECT q.id, CAST(" + outer.sql() + " AS text) AS r FROM (";
    return new Question(
        above + below + "t0 AS q" + where(first, false) + ") AS q" + where(second, false),
        above + below + row + where(first, true) + " OFFSET 0) AS q" + where(second, true),
        false);
  }

  private static Typed asked(Dice dice, List<Typed> scope, ExpressionGenerator expressions) {
    SqlType type =
        switch (dice.weighted(60, 20, 20)) {
          case 0 -> dice.pick(SchemaGenerator.TYPES);
          case 1 -> SimpleType.BOOLEAN;
          default -> SimpleType.TEXT;
        };
    return expressions.of(type, scope, dice.between(1, 3));
  }

  /// Not a conjunction: PostgreSQL takes the cheapest part of one first, and its error with it.
  private static @Nullable Typed condition(List<Typed> scope, ExpressionGenerator expressions) {
    Typed made = expressions.condition(scope, 2);
    return made.expr() instanceof Expr.And ? null : made;
  }

  private static String where(@Nullable Typed condition, boolean fenced) {
    return condition == null
        ? ""
        : " WHERE " + (fenced ? "(" + condition.sql() + ") IS TRUE" : condition.sql());
  }

  /// Constants stand in sub-queries, for PostgreSQL evaluates what it can of a statement, errors
  /// included, before it knows which rows need it.
  private static List<String> postgres(Question question, PostgresServer server)
      throws SQLException {
    String fenced = LITERAL.matcher(question.postgres()).replaceAll("(SELECT $0 OFFSET 0)");
    String text = "SELECT r FROM (" + fenced + ") AS o";
    List<String> attempts = new ArrayList<>();
    for (int id = 0; id < ROWS; id++) {
      attempts.add("('" + text.replace("?", String.valueOf(id)).replace("'", "''") + "')");
    }
    List<String> results = new ArrayList<>();
    server
        .query("SELECT attempt(q) FROM (VALUES " + String.join(", ", attempts) + ") AS v(q)")
        .forEach(row -> results.add(String.valueOf(row.getFirst())));
    return results;
  }

  private @Nullable String compare(
      Question question, Relation table, List<List<@Nullable Object>> rows, List<String> expected) {
    LawPlans plans = new LawPlans(List.of(table), functions);
    for (Set<Rule> without : List.of(Set.<Rule>of(), EnumSet.allOf(Rule.class))) {
      PlanNode view;
      PlanNode query;
      try {
        view = plans.view(question.sql(), without);
        query = plans.query(question.sql(), without);
      } catch (SqlException e) {
        return e.sqlState() + " " + e.text() + "\n" + question.sql();
      }
      List<String> inView = inView(view, table, rows);
      for (int id = 0; id < ROWS; id++) {
        String wanted = expected.get(id);
        boolean failed = wanted.matches("[0-9A-Z]{5}");
        coverage.count("answer", failed ? "error" : wanted.startsWith("=") ? "value" : wanted);
        if (failed && !question.whole()) {
          continue;
        }
        String inQuery = inQuery(query, table, rows.get(id));
        if (!question.whole() && wanted.equals("no row") && inQuery.startsWith("22")) {
          // PostgreSQL asks a condition that reads no column first, and then nothing else.
          coverage.count("answer", "known to be refused");
          continue;
        }
        boolean equal = wanted.equals(inView.get(id)) && wanted.equals(inQuery);
        String row = PostgresLawProperty.row(table, rows.get(id));
        if (!equal
            && inQuery.equals(inView.get(id))
            && isKnown(wanted, inQuery, question.sql() + row)) {
          coverage.count("answer", "known to be refused");
        } else if (!equal) {
          return question.sql()
              + "\nof "
              + row
              + (without.isEmpty() ? " with rules" : " without rules")
              + ": PostgreSQL "
              + wanted
              + ", view "
              + inView.get(id)
              + ", query "
              + inQuery;
        }
      }
    }
    return null;
  }

  /// `numeric(p,s)` holds no NaN, no interval is infinite, timestamps end in the year 294247: such
  /// a row is an error here. Which error a text without sense has, PostgreSQL tells more finely.
  private static boolean isKnown(String wanted, String actual, String inputs) {
    return switch (actual) {
      case "22003" -> inputs.contains("NaN") || inputs.contains("Infinity");
      case "22008" ->
          inputs.contains("infinity") || inputs.contains("294247") || NO_TIME.contains(wanted);
      case "22007" -> NO_TIME.contains(wanted);
      // PostgreSQL 17 and later negate the interval first, which 15 does not for an infinite time.
      case "=infinity", "=-infinity" ->
          wanted.equals("22008") && inputs.contains("-2147483648 days");
      default -> false;
    };
  }

  /// Each row comes in a step of its own.
  private List<String> inView(PlanNode plan, Relation table, List<List<@Nullable Object>> rows) {
    List<String> results = new ArrayList<>();
    try (StepRun run = new StepRun(plan, List.of(table), functions, 1, ROWS)) {
      for (List<@Nullable Object> row : rows) {
        Map<String, Long> before = run.errors();
        run.run(new Step(Map.of(TABLE, List.of(new Change(row, 1))), Map.of()));
        Map<String, Long> failed = run.errors();
        before.forEach((state, count) -> failed.merge(state, -count, Long::sum));
        failed.values().removeIf(count -> count == 0);
        results.add(
            failed.isEmpty()
                ? result(run.contents(), row.getFirst())
                : String.join(" ", failed.keySet()));
      }
    }
    return results;
  }

  private String inQuery(PlanNode plan, Relation table, List<@Nullable Object> row) {
    try {
      Contents contents =
          QueryRun.contents(plan, List.of(table), Map.of(TABLE, List.of(row)), functions, ROWS);
      return result(contents, row.getFirst());
    } catch (SqlException e) {
      return e.sqlState();
    }
  }

  private static String result(Contents contents, @Nullable Object id) {
    for (List<Object> row : contents.weights().keySet()) {
      if (row.getFirst().equals(id)) {
        return row.get(1) instanceof String text ? "=" + text : "NULL";
      }
    }
    return "no row";
  }
}
