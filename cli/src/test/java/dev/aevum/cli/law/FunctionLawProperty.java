package dev.aevum.cli.law;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aevum.executor.function.FunctionRegistry;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.function.FunctionSignature;
import dev.aevum.planner.plan.function.FunctionSignature.ArgumentType;
import dev.aevum.planner.plan.function.FunctionSignature.Volatility;
import dev.aevum.planner.rule.Phases.Rule;
import dev.aevum.testing.postgres.PostgresServer;
import dev.aevum.testing.random.Coverage;
import dev.aevum.testing.random.Dice;
import dev.aevum.testing.random.ExpressionGenerator;
import dev.aevum.testing.random.SchemaGenerator;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Every function, operator and cast that PostgreSQL has too, over the boundary values of its
/// argument types and NULL: in a view, in a query and folded as a constant, with all rules of the
/// planner and with none, it gives the text that PostgreSQL gives, or fails with the same SQLSTATE.
/// What differs stands in `postgres-differences.txt` with its reason.
///
/// `-Daevum.functions.combinations=N`: so many combinations of values a function (all: 100000);
/// `-Daevum.functions.only=REGEX`: only calls whose name, such as `lower(text)`, matches.
class FunctionLawProperty {
  private static final int COMBINATIONS = Integer.getInteger("aevum.functions.combinations", 12);
  private static final @Nullable String ONLY = System.getProperty("aevum.functions.only");
  private static final int FOLDED = 3;
  private static final int SHOWN = 6;
  private static final int IN_PATTERNS = Integer.getInteger("aevum.functions.patterns", 1);

  /// What needs a session, a clock or a catalogue.
  private static final String ELSEWHERE =
      "^(pg_|has_|to_reg|obj_|col_|shobj_|format_type|txid_|inet_|current_|session_|version|"
          + "set_config|setseed|random|row_|age$|nextval|currval).*";

  private final Coverage coverage = new Coverage();
  private final Map<String, List<String>> differences = new TreeMap<>();
  private final Set<String> unknown = new TreeSet<>();
  private final Map<List<SqlType>, Arguments> tables = new LinkedHashMap<>();
  private int views;

  /// A table of argument values, one row a combination.
  ///
  /// @param literals the values as SQL, by row
  /// @param folded rows that are tried as constants too
  private record Arguments(String table, List<List<String>> literals, Set<Integer> folded) {}

  /// A call as SQL: `?` stands for the arguments in order.
  private record Call(String name, String sql, List<SqlType> types) {
    String over(List<String> arguments) {
      StringBuilder out = new StringBuilder();
      int next = 0;
      for (char c : sql.toCharArray()) {
        out.append(c == '?' ? arguments.get(next++) : String.valueOf(c));
      }
      return out.toString();
    }
  }

  @Test
  void functionsAnswerAsPostgres() throws IOException, SQLException {
    try (PostgresServer postgres = new PostgresServer();
        LawDatabase database = new LawDatabase(null, 1);
        LawDatabase bare = new LawDatabase(null, 1, EnumSet.allOf(Rule.class))) {
      postgres.execute(
          "CREATE FUNCTION attempt(query text) RETURNS text LANGUAGE plpgsql AS $$ DECLARE r text;"
              + " BEGIN EXECUTE query INTO r; RETURN coalesce('=' || r, 'NULL');"
              + " EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE; END $$");
      for (Call call : calls()) {
        if (ONLY == null || call.name().matches(ONLY)) {
          check(call, postgres, List.of(database, bare));
        }
      }
    }
    System.out.println(coverage.report());
    System.out.println("not in PostgreSQL: " + unknown);
    differences.forEach((name, all) -> {
      System.out.println(name + ": " + all.size() + " differences");
      all.stream().limit(SHOWN).forEach(d -> System.out.println("  " + d));
    });
    if (ONLY == null) {
      Set<String> accepted = accepted();
      Set<String> unexpected = new TreeSet<>(differences.keySet());
      unexpected.removeIf(name ->
          accepted.contains(name) || accepted.contains(name.substring(0, name.indexOf('('))));
      assertThat(unexpected).as("functions that answer unlike PostgreSQL").isEmpty();
    }
  }

  /// In MEASURES over columns and inside of a navigation, and in DEFINE, each gives what it gives
  /// in SELECT.
  @Test
  void functionsWorkInPatterns() {
    try (LawDatabase database = new LawDatabase(null, 1)) {
      for (Call call : calls()) {
        if (ONLY == null || call.name().startsWith(ONLY)) {
          checkInPattern(call, database);
        }
      }
    }
    System.out.println(coverage.report());
    assertThat(differences).as("functions that give something else in a pattern").isEmpty();
  }

  private void checkInPattern(Call call, LawDatabase database) {
    Arguments arguments = arguments(call.types(), List.of(database));
    String text = "CAST(" + call.over(columns(call)) + " AS text)";
    for (int row : arguments.folded().stream().sorted().limit(IN_PATTERNS).toList()) {
      String expected = value(database, query(call, arguments, row));
      boolean failed = expected.matches("[0-9A-Z]{5}");
      String wanted = expected.equals("NULL") ? "NULL" : quoted(expected.substring(1));
      String sql =
          "SELECT CASE WHEN a IS NOT DISTINCT FROM b AND b IS NOT DISTINCT FROM c THEN a ELSE 'differ' END"
              + " FROM (SELECT * FROM "
              + arguments.table()
              + " WHERE id = "
              + row
              + ") MATCH_RECOGNIZE (MEASURES "
              + text
              + " AS a, FIRST("
              + text
              + ") AS b, MAX("
              + text
              + ") AS c PATTERN (A) DEFINE A AS "
              + (failed ? "true" : text + " IS NOT DISTINCT FROM " + wanted)
              + ")";
      compare(call, "pattern", arguments.literals().get(row), expected, value(database, sql));
    }
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  /// Lines `NAME | REASON`.
  private static Set<String> accepted() throws IOException {
    Set<String> names = new HashSet<>();
    try (InputStream in =
        Objects.requireNonNull(
            FunctionLawProperty.class.getResourceAsStream("postgres-differences.txt"))) {
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
        if (!line.isBlank() && !line.startsWith("#")) {
          int bar = line.lastIndexOf(" | ");
          assertThat(bar).as("NAME | REASON: " + line).isPositive();
          names.add(line.substring(0, bar).strip());
        }
      }
    }
    return names;
  }

  private static List<Call> calls() {
    List<Call> calls = new ArrayList<>();
    for (FunctionSignature f : FunctionRegistry.standard().all()) {
      if (f.kind() != FunctionSignature.Kind.SCALAR
          || f.arguments().isEmpty()
          || f.volatility() == Volatility.VOLATILE
          || f.name().equals("[]")
          || f.name().matches(ELSEWHERE)) {
        continue;
      }
      for (SqlType element : List.of(SimpleType.INTEGER, SimpleType.TEXT)) {
        List<SqlType> types = types(f, element);
        if (types.stream().noneMatch(t -> BoundaryValues.of(t).isEmpty())) {
          calls.add(new Call(name(f.name(), types), sql(f.name(), types.size()), types));
        }
        if (f.arguments().stream().noneMatch(FunctionLawProperty::isAny)) {
          break;
        }
      }
    }
    for (SqlType from : SchemaGenerator.TYPES) {
      for (SqlType to : SchemaGenerator.TYPES) {
        if (!from.equals(to) && ExpressionGenerator.standardCast(from, to)) {
          calls.add(cast(from, to));
        }
      }
    }
    calls.add(cast(SimpleType.JSON, SimpleType.TEXT));
    calls.add(cast(SimpleType.TEXT, SimpleType.JSON));
    calls.add(cast(SimpleType.JSON, SimpleType.JSONB));
    calls.add(cast(SimpleType.JSONB, SimpleType.JSON));
    return calls;
  }

  private static Call cast(SqlType from, SqlType to) {
    String name = "cast(" + from.displayName() + " as " + to.displayName() + ")";
    return new Call(name, "CAST(? AS " + to.displayName() + ")", List.of(from));
  }

  private static boolean isAny(ArgumentType argument) {
    return switch (argument) {
      case ArgumentType.Exact e -> false;
      case ArgumentType.AnyNumeric n -> false;
      case ArgumentType.AnyElement e -> true;
      case ArgumentType.AnyArray a -> true;
      case ArgumentType.Any a -> true;
    };
  }

  private static List<SqlType> types(FunctionSignature f, SqlType element) {
    List<SqlType> types = new ArrayList<>();
    for (ArgumentType argument : f.arguments()) {
      types.add(
          switch (argument) {
            case ArgumentType.Exact(SqlType type) -> type;
            case ArgumentType.AnyNumeric() -> SimpleType.NUMERIC;
            case ArgumentType.AnyElement() -> element;
            case ArgumentType.AnyArray() -> new ArrayType(element);
            case ArgumentType.Any() -> element;
          });
    }
    if (f.variadic()) {
      types.add(types.getLast());
    }
    return types;
  }

  private static String name(String function, List<SqlType> types) {
    return types.stream()
        .map(SqlType::displayName)
        .collect(Collectors.joining(", ", function + "(", ")"));
  }

  private static String sql(String function, int arguments) {
    char first = function.charAt(0);
    if (!Character.isLetter(first) && first != '_') {
      return arguments == 1 ? "(" + function + " ?)" : "(? " + function + " ?)";
    }
    String name =
        Set.of("greatest", "least", "nullif", "coalesce").contains(function)
            ? function
            : "\"" + function + "\"";
    return name + "(" + String.join(", ", java.util.Collections.nCopies(arguments, "?")) + ")";
  }

  private Arguments arguments(List<SqlType> types, List<LawDatabase> databases) {
    return tables.computeIfAbsent(types, t -> table(t, databases));
  }

  private Arguments table(List<SqlType> types, List<LawDatabase> databases) {
    Dice dice = new Dice(types.stream().map(SqlType::displayName).toList().hashCode());
    Set<List<String>> rows = new java.util.LinkedHashSet<>();
    long all = 1;
    for (SqlType type : types) {
      all *= BoundaryValues.of(type).size() + 1L;
    }
    if (all <= COMBINATIONS) {
      product(types, new ArrayList<>(), rows);
    }
    for (int i = 0; i < types.size() && all > COMBINATIONS; i++) {
      List<String> row = random(types, dice);
      row.set(i, literal(types.get(i), null));
      rows.add(row);
      for (String value : BoundaryValues.of(types.get(i))) {
        List<String> other = random(types, dice);
        other.set(i, literal(types.get(i), value));
        rows.add(other);
      }
    }
    while (rows.size() < Math.min(all / 2, COMBINATIONS)) {
      rows.add(random(types, dice));
    }
    String table = "args" + tables.size();
    StringBuilder columns = new StringBuilder("id integer");
    for (int i = 0; i < types.size(); i++) {
      columns.append(", a").append(i).append(' ').append(types.get(i).displayName());
    }
    List<List<String>> literals = List.copyOf(rows);
    StringBuilder values = new StringBuilder();
    for (int i = 0; i < literals.size(); i++) {
      values.append(i == 0 ? "(" : ", (").append(i);
      literals.get(i).forEach(l -> values.append(", ").append(l));
      values.append(')');
    }
    for (LawDatabase database : databases) {
      succeed(database, "CREATE TABLE " + table + " (" + columns + ")");
      succeed(database, "INSERT INTO " + table + " VALUES " + values);
    }
    Set<Integer> folded = new HashSet<>();
    for (int i = 0; i < FOLDED; i++) {
      folded.add(dice.below(literals.size()));
    }
    return new Arguments(table, literals, folded);
  }

  private static void succeed(LawDatabase database, String sql) {
    SqlException error = database.execute(sql);
    if (error != null) {
      throw new AssertionError(error.sqlState() + " " + error.text() + "\n" + sql, error);
    }
  }

  private static void product(List<SqlType> types, List<String> prefix, Set<List<String>> rows) {
    if (prefix.size() == types.size()) {
      rows.add(List.copyOf(prefix));
      return;
    }
    SqlType type = types.get(prefix.size());
    List<@Nullable String> values = new ArrayList<>(BoundaryValues.of(type));
    values.add(null);
    for (String value : values) {
      List<String> longer = new ArrayList<>(prefix);
      longer.add(literal(type, value));
      product(types, longer, rows);
    }
  }

  private static List<String> random(List<SqlType> types, Dice dice) {
    List<String> row = new ArrayList<>();
    types.forEach(t -> row.add(literal(t, dice.pick(BoundaryValues.of(t)))));
    return row;
  }

  private static String literal(SqlType type, @Nullable String value) {
    String text = value == null ? "NULL" : quoted(value);
    return "CAST(" + text + " AS " + type.displayName() + ")";
  }

  private void check(Call call, PostgresServer postgres, List<LawDatabase> databases)
      throws SQLException {
    Arguments arguments = arguments(call.types(), databases);
    List<String> expected = postgres(call, arguments, postgres);
    if (expected.stream().allMatch(r -> r.equals("42883") || r.equals("42725"))) {
      unknown.add(call.name());
      return;
    }
    call.types().forEach(t -> coverage.count("argument", t.displayName()));
    check(call, arguments, expected, databases.getFirst(), "");
    check(call, arguments, expected, databases.getLast(), " without rules");
  }

  private void check(
      Call call, Arguments arguments, List<String> expected, LawDatabase database, String how) {
    Map<Integer, String> actual = inView(call, arguments, database);
    for (int row = 0; row < expected.size(); row++) {
      List<String> literals = arguments.literals().get(row);
      compare(call, "view" + how, literals, expected.get(row), actual.getOrDefault(row, "no row"));
      if (arguments.folded().contains(row)) {
        String sql = "SELECT CAST(" + call.over(literals) + " AS text)";
        compare(call, "constant" + how, literals, expected.get(row), value(database, sql));
        compare(
            call,
            "query" + how,
            literals,
            expected.get(row),
            value(database, query(call, arguments, row)));
      }
    }
  }

  private void compare(
      Call call, String where, List<String> literals, String expected, String actual) {
    boolean failed = expected.matches("[0-9A-Z]{5}");
    coverage.count(where, failed ? "error" : expected.equals("NULL") ? "null" : "value");
    if (!expected.equals(actual)) {
      differences
          .computeIfAbsent(call.name(), n -> new ArrayList<>())
          .add(where + " " + call.over(literals) + ": expected " + expected + ", here " + actual);
    }
  }

  private static List<String> postgres(Call call, Arguments arguments, PostgresServer postgres)
      throws SQLException {
    String calls =
        arguments.literals().stream()
            .map(l -> "('SELECT CAST(" + call.over(l).replace("'", "''") + " AS text)')")
            .collect(Collectors.joining(", "));
    List<String> results = new ArrayList<>();
    postgres
        .query("SELECT attempt(q) FROM (VALUES " + calls + ") AS v(q)")
        .forEach(row -> results.add(String.valueOf(row.getFirst())));
    return results;
  }

  private static List<String> columns(Call call) {
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < call.types().size(); i++) {
      columns.add("a" + i);
    }
    return columns;
  }

  private static String query(Call call, Arguments arguments, int row) {
    return "SELECT CAST("
        + call.over(columns(call))
        + " AS text) FROM "
        + arguments.table()
        + " WHERE id = "
        + row;
  }

  private Map<Integer, String> inView(Call call, Arguments arguments, LawDatabase database) {
    String view = "f" + views++;
    Map<Integer, String> results = new TreeMap<>();
    SqlException refused =
        database.execute(
            "CREATE MATERIALIZED VIEW "
                + view
                + " AS SELECT id, CAST("
                + call.over(columns(call))
                + " AS text) AS r FROM "
                + arguments.table());
    if (refused != null) {
      for (int i = 0; i < arguments.literals().size(); i++) {
        results.put(i, refused.sqlState() + " " + refused.text());
      }
      return results;
    }
    for (List<@Nullable Object> row : database.values("SELECT id, r FROM " + view)) {
      Object value = row.get(1);
      results.put(
          ((Number) Objects.requireNonNull(row.get(0))).intValue(),
          value == null ? "NULL" : "=" + value);
    }
    for (List<@Nullable Object> row :
        database.values(
            "SELECT row_text, sqlstate FROM aevum.errors WHERE object = '" + view + "'")) {
      String id = String.valueOf(row.get(0)).split(",", 2)[0];
      results.put(Integer.parseInt(id), String.valueOf(row.get(1)));
    }
    succeed(database, "DROP MATERIALIZED VIEW " + view);
    return results;
  }

  private static String value(LawDatabase database, String sql) {
    try {
      Object value = database.attemptValues(sql).getFirst().getFirst();
      return value == null ? "NULL" : "=" + value;
    } catch (SqlException e) {
      return e.sqlState();
    }
  }
}
