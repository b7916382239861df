package dev.aevum.testing.law;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aevum.executor.function.Casts;
import dev.aevum.executor.function.FunctionRegistry;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.step.Watermarks;
import dev.aevum.model.text.TextStyle;
import dev.aevum.model.type.SqlType;
import dev.aevum.parser.SqlParser;
import dev.aevum.parser.statement.CreateMaterializedViewStatement;
import dev.aevum.planner.Planner;
import dev.aevum.planner.plan.PlanNode;
import dev.aevum.testing.random.Coverage;
import dev.aevum.testing.random.Dice;
import dev.aevum.testing.random.ExpressionGenerator;
import dev.aevum.testing.random.GeneratedQuery;
import dev.aevum.testing.random.HistoryGenerator;
import dev.aevum.testing.random.HistoryGenerator.Change;
import dev.aevum.testing.random.HistoryGenerator.Step;
import dev.aevum.testing.random.QueryGenerator;
import dev.aevum.testing.random.Relation;
import dev.aevum.testing.random.SchemaGenerator;
import dev.aevum.testing.random.Signatures;
import dev.aevum.testing.reference.ReferenceEvaluator;
import dev.aevum.testing.reference.ReferenceResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The law every view obeys: after each step, all that was emitted so far adds up to the query
/// evaluated from scratch over the rows accepted so far; so do the errors. It holds for any number
/// of workers and any cut of a step into batches.
///
/// Seeds: `-Daevum.seed=N` begins at N, `-Daevum.cases=N` runs N of them.
class LawProperty {
  private static final long FIRST_SEED = Long.getLong("aevum.seed", 1);
  private static final int CASES = Integer.getInteger("aevum.cases", 300);
  private static final int STEPS = 8;

  /// Forms that only the planner makes, as shares of the plans it made.
  private static final List<String> PLANNED =
      List.of("plan", "panes", "panes that take rows back", "panes on close", "shared aggregate");

  private final FunctionRegistry functions = FunctionRegistry.standard();
  private final Coverage coverage = new Coverage();
  private final Map<String, Integer> unsupported = new TreeMap<>();

  @Test
  void incrementalEqualsRecomputed() {
    expectAll();
    List<String> failures = new ArrayList<>();
    for (long seed = FIRST_SEED; seed < FIRST_SEED + CASES && failures.size() < 5; seed++) {
      try {
        check(seed, true);
      } catch (RuntimeException | AssertionError e) {
        failures.add("seed " + seed + ": " + e.getMessage());
        if (e.getCause() != null) {
          e.getCause().printStackTrace(System.out);
        }
        if (!(e instanceof AssertionError)) {
          e.printStackTrace(System.out);
        }
      }
    }
    System.out.println(coverage.report());
    System.out.println("not supported: " + unsupported);
    assertThat(failures).isEmpty();
    if (CASES >= 200) {
      assertThat(coverage.below(1, List.of("operator", "column", "family", "planned"))).isEmpty();
    }
  }

  /// What must take part in at least 1 % of its category.
  private void expectAll() {
    for (String name :
        List.of(
            "scan",
            "tumble",
            "hop",
            "project",
            "filter",
            "distinct",
            "aggregate",
            "aggregate, no keys",
            "aggregate on close",
            "aggregate by window",
            "window over a table",
            "having",
            "join",
            "join with residual",
            "union all")) {
      coverage.expect("operator", name);
    }
    for (String name :
        List.of(
            "comparison",
            "pattern",
            "arithmetic",
            "text",
            "time",
            "logic",
            "null test",
            "conditional",
            "cast")) {
      coverage.expect("family", name);
    }
    for (String name : PLANNED) {
      coverage.expect("planned", name);
    }
    SchemaGenerator.TYPES.forEach(type -> coverage.expect("column", type.displayName()));
  }

  private boolean castable(SqlType from, SqlType to) {
    if (!ExpressionGenerator.standardCast(from, to)) {
      return false;
    }
    try {
      Casts.kernel(from, to, true);
      return true;
    } catch (SqlException e) {
      return false;
    }
  }

  /// `withPlanner`: also what parser and planner make of the query.
  void check(long seed, boolean withPlanner) {
    Dice dice = new Dice(seed);
    int extremes = dice.pick(List.of(0, 0, 2, 10));
    List<Relation> relations = new SchemaGenerator(dice, coverage).relations();
    Signatures signatures = new Signatures(functions);
    ExpressionGenerator expressions =
        new ExpressionGenerator(dice, coverage, signatures, extremes, this::castable);
    GeneratedQuery query =
        new QueryGenerator(dice, coverage, relations, signatures, expressions).query();
    HistoryGenerator history = new HistoryGenerator(dice, coverage, relations, extremes);
    List<StepRun> runs = new ArrayList<>();
    try {
      int small = dice.between(1, 3);
      try {
        runs.add(new StepRun(query.plan(), relations, functions, 1, 4096));
        runs.add(new StepRun(query.plan(), relations, functions, 2, small));
      } catch (SqlException e) {
        if (e.code() != ErrorCode.FEATURE_NOT_SUPPORTED) {
          throw e;
        }
        unsupported.merge(e.text(), 1, Integer::sum);
        return;
      }
      PlanNode planned = withPlanner ? planned(query, relations) : null;
      if (planned != null) {
        runs.add(new StepRun(planned, relations, functions, 1, 4096));
        runs.add(new StepRun(planned, relations, functions, 2, small));
      }
      Accepted accepted = new Accepted(query, relations, judges(query.plan()));
      // The planner may bound state by a watermark that the query does not name: then late rows are
      // not accepted.
      Accepted byPlanner =
          planned == null || judges(planned) == judges(query.plan())
              ? accepted
              : new Accepted(query, relations, judges(planned));
      boolean anyError = false;
      for (int step = 0; step < STEPS; step++) {
        Step changes = history.step();
        accepted.take(changes);
        if (byPlanner != accepted) {
          byPlanner.take(changes);
        }
        ReferenceResult written = accepted.evaluate();
        ReferenceResult lowered = byPlanner == accepted ? written : byPlanner.evaluate();
        anyError |= !lowered.errors().isEmpty();
        for (int i = 0; i < runs.size(); i++) {
          StepRun run = runs.get(i);
          run.run(changes);
          if (i >= 2 && anyError) {
            // The planner may leave out what nobody needs, and its errors with it.
            continue;
          }
          String what =
              "seed "
                  + seed
                  + " step "
                  + step
                  + " run "
                  + i
                  + "\n"
                  + relations.stream().map(Relation::createTable).toList()
                  + "\n"
                  + query.viewSql()
                  + "\n";
          compare(what, query, i < 2 ? written : lowered, run, i < 2);
        }
      }
    } finally {
      runs.forEach(StepRun::close);
    }
  }

  /// What parser and planner make of the query's SQL; null where they refuse it as not supported.
  private @Nullable PlanNode planned(GeneratedQuery query, List<Relation> relations) {
    String sql = "CREATE MATERIALIZED VIEW v AS " + query.viewSql();
    try {
      CreateMaterializedViewStatement statement =
          (CreateMaterializedViewStatement) SqlParser.parseOne(sql);
      LawCatalog catalog = new LawCatalog(relations, functions);
      PlanNode root =
          new Planner()
              .planView(statement.query(), List.of(), statement.emit(), false, catalog)
              .root();
      coverage.count("planned", "plan");
      countForms(root, new HashSet<>());
      return root;
    } catch (SqlException e) {
      if (e.code() != ErrorCode.FEATURE_NOT_SUPPORTED) {
        throw new AssertionError(e.sqlState() + " " + e.text() + "\n" + sql, e);
      }
      unsupported.merge("planner: " + e.text(), 1, Integer::sum);
      return null;
    }
  }

  private void countForms(PlanNode node, Set<PlanNode> seen) {
    if (!seen.add(node)) {
      if (node instanceof PlanNode.AggregateNode) {
        coverage.count("planned", "shared aggregate");
      }
      return;
    }
    if (node instanceof PlanNode.PartialAggregateNode) {
      boolean retracts = !node.traits().appendOnly();
      coverage.count("planned", retracts ? "panes that take rows back" : "panes");
    }
    if (node instanceof PlanNode.AggregateNode a && a.partialOf() != null && a.emitOnClose()) {
      coverage.count("planned", "panes on close");
    }
    node.inputs().forEach(input -> countForms(input, seen));
  }

  private static void compare(
      String what,
      GeneratedQuery query,
      ReferenceResult expected,
      StepRun run,
      boolean withErrors) {
    Contents contents = Contents.of(query.plan().schema().types(), expected.rows());
    assertThat(run.contents().hasNegative()).as(what + "negative counts").isFalse();
    assertThat(run.contents().weights()).as(what + "rows").isEqualTo(contents.weights());
    if (!withErrors) {
      // Rules may evaluate a condition on rows that never come to where it is written.
      return;
    }
    Map<String, Long> errors = new TreeMap<>();
    expected.errors().forEach(e -> errors.merge(e.sqlState(), 1L, Long::sum));
    assertThat(new TreeMap<>(run.errors())).as(what + "errors").isEqualTo(errors);
  }

  private static boolean judges(PlanNode node) {
    return node instanceof PlanNode.ScanNode scan && scan.watermark()
        || node.inputs().stream().anyMatch(LawProperty::judges);
  }

  /// The rows that a query accepts: on-time ones where it judges lateness, else all.
  private static final class Accepted {
    private final GeneratedQuery query;
    private final List<Relation> relations;
    private final boolean judges;
    private final Map<Integer, List<List<@Nullable Object>>> tables = new HashMap<>();
    private final Map<Integer, Long> watermarks = new HashMap<>();

    Accepted(GeneratedQuery query, List<Relation> relations, boolean judges) {
      this.query = query;
      this.relations = relations;
      this.judges = judges;
      relations.forEach(r -> tables.put(r.id(), new ArrayList<>()));
    }

    void take(Step step) {
      for (Relation relation : relations) {
        List<List<@Nullable Object>> rows = tables.get(relation.id());
        long before = watermarks.getOrDefault(relation.id(), Watermarks.NONE);
        for (Change change : step.changes().getOrDefault(relation.id(), List.of())) {
          if (change.weight() < 0) {
            rows.remove(change.row());
          } else if (!judges
              || !relation.isStream()
              || onTime(change.row().get(relation.timeColumn()), before)) {
            rows.add(change.row());
          }
        }
      }
      step.watermarks().forEach((stream, w) -> watermarks.merge(stream, w, Math::max));
    }

    private static boolean onTime(@Nullable Object time, long watermark) {
      return time == null || (Long) time >= watermark;
    }

    ReferenceResult evaluate() {
      return new ReferenceEvaluator(tables, watermarks, TextStyle.DEFAULT).evaluate(query.plan());
    }
  }
}
