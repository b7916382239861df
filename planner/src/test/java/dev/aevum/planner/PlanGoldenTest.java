package dev.aevum.planner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aevum.model.error.SqlException;
import dev.aevum.parser.SqlParser;
import dev.aevum.parser.statement.CreateMaterializedViewStatement;
import dev.aevum.parser.statement.DeleteStatement;
import dev.aevum.parser.statement.InsertStatement;
import dev.aevum.parser.statement.QueryStatement;
import dev.aevum.parser.statement.Statement;
import dev.aevum.parser.statement.UpdateStatement;
import dev.aevum.planner.explain.PlanPrinter;
import dev.aevum.planner.plan.QueryPlan;
import dev.aevum.planner.plan.ViewPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Each `plans/*.plan` file holds cases: SQL that ends with `;`, then the plan (or the error) and,
/// of a view, its fingerprint, then a blank line. With `-Daevum.plans.write=true` the files are
/// written anew, to be read in the difference: a view whose fingerprint changes is built anew when
/// the server is, from inputs that may be gone.
class PlanGoldenTest {
  private static final Path FOLDER = Path.of("src/test/resources/plans");

  record Case(String sql, String expected) {}

  @TestFactory
  List<DynamicTest> plans() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    try (Stream<Path> files = Files.list(FOLDER)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".plan")).sorted().toList()) {
        List<Case> cases = read(file);
        if (Boolean.getBoolean("aevum.plans.write")) {
          write(file, cases);
        }
        for (Case one : read(file)) {
          tests.add(
              DynamicTest.dynamicTest(
                  file.getFileName() + ": " + one.sql(),
                  () -> assertThat(plan(one.sql())).isEqualTo(one.expected())));
        }
      }
    }
    assertThat(tests).hasSizeGreaterThan(150);
    return tests;
  }

  private static List<Case> read(Path file) throws IOException {
    List<Case> cases = new ArrayList<>();
    for (String block : Files.readString(file).split("\n\n+")) {
      if (!block.isBlank()) {
        int end = block.indexOf(";");
        String sql = block.substring(0, end + 1).strip();
        cases.add(new Case(sql, block.substring(end + 1).strip()));
      }
    }
    return cases;
  }

  private static void write(Path file, List<Case> cases) throws IOException {
    Files.writeString(
        file,
        cases.stream()
            .map(c -> c.sql() + "\n" + plan(c.sql()) + "\n")
            .collect(Collectors.joining("\n")));
  }

  private static String plan(String sql) {
    try {
      Statement statement = SqlParser.parseOne(sql);
      TestCatalog catalog = new TestCatalog();
      if (statement instanceof CreateMaterializedViewStatement view) {
        List<String> columns = view.columns().stream().map(n -> n.text()).toList();
        ViewPlan plan = new Planner().planView(view.query(), columns, view.emit(), false, catalog);
        return String.join("\n", PlanPrinter.view(plan.root()))
            + "\nfingerprint "
            + PlanPrinter.fingerprint(plan.root());
      }
      return switch (statement) {
        case QueryStatement query ->
            query(new Planner().planQuery(query.query(), catalog, List.of()));
        case InsertStatement insert -> write(new Planner().planInsert(insert, catalog, List.of()));
        case UpdateStatement update -> write(new Planner().planUpdate(update, catalog, List.of()));
        case DeleteStatement delete -> write(new Planner().planDelete(delete, catalog, List.of()));
        default -> throw new IllegalStateException("no plan of " + sql);
      };
    } catch (SqlException e) {
      String where =
          e.span() == null ? "" : " at " + sql.substring(e.span().start() - 1, e.span().end() - 1);
      return "ERROR "
          + e.sqlState()
          + ": "
          + e.text()
          + where
          + (e.hint() == null ? "" : "\nHINT: " + e.hint());
    }
  }

  private static String query(QueryPlan plan) {
    String text = String.join("\n", PlanPrinter.query(plan.root()));
    return plan.parameters().isEmpty()
        ? text
        : text
            + "\nparameters: "
            + plan.parameters().stream()
                .map(t -> t.displayName())
                .collect(Collectors.joining(", "));
  }

  private static String write(WritePlan plan) {
    return query(plan.rows())
        + (plan.returning().isEmpty() ? "" : "\nreturning " + plan.returningSchema().fields());
  }
}
