package dev.aevum.testing.law;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aevum.executor.function.Casts;
import dev.aevum.executor.function.FunctionRegistry;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.step.Watermarks;
import dev.aevum.model.text.TextStyle;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.explain.PlanPrinter;
import dev.aevum.planner.plan.PlanNode;
import dev.aevum.planner.rule.Phases.Rule;
import dev.aevum.testing.random.AggregateCalls;
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
import dev.aevum.testing.reference.Contents;
import dev.aevum.testing.reference.ReferenceEvaluator;
import dev.aevum.testing.reference.ReferenceResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The law every view obeys: after each step, all that was emitted so far adds up to the query
/// evaluated from scratch over the rows accepted so far; so do the errors. It holds for any number
/// of workers and any cut of a step into batches.
///
/// Seeds: `-Daevum.seed=N` begins at N, `-Daevum.cases=N` runs N of them.
class LawProperty {
  private static final long FIRST_SEED = Long.getLong("aevum.seed", 1);

  private static final int CASES = Integer.getInteger("aevum.cases", 400);
  private static final int STARTS = Integer.getInteger("aevum.starts", 4);
  private static final int RAREST = 20;
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
        check(seed, Plans.ALL);
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
    if (CASES >= 400) {
      assertThat(coverage.below(1, MOST)).isEmpty();
      assertThat(coverage.below(0, ALL)).isEmpty();
    }
  }

  /// The shares of [#incrementalEqualsRecomputed] are no luck of its first seed: wherever it
  /// begins, they hold. `-Daevum.starts=N` takes so many first seeds.
  @Test
  void sharesHoldFromAnySeed() {
    Map<String, Double> least = new TreeMap<>();
    List<String> rare = new ArrayList<>();
    for (int start = 0; start < STARTS; start++) {
      long first = FIRST_SEED + start * 10_000L;
      LawProperty law = new LawProperty();
      law.expectAll();
      for (long seed = first; seed < first + 400; seed++) {
        law.check(seed, Plans.COUNTED);
      }
      law.coverage.shares(MOST).forEach((name, share) -> least.merge(name, share, Math::min));
      law.coverage.below(1, MOST).forEach(r -> rare.add("from seed " + first + ": " + r));
      law.coverage.below(0, ALL).forEach(r -> rare.add("from seed " + first + ": " + r));
    }
    System.out.println("least shares of " + STARTS + " runs, in percent");
    least.entrySet().stream()
        .sorted(Map.Entry.comparingByValue())
        .limit(RAREST)
        .forEach(e -> System.out.printf("  %-40s %5.2f%n", e.getKey(), e.getValue()));
    assertThat(rare).isEmpty();
  }

  /// The same with row patterns in the queries: joins, aggregates and windows over matches, matches
  /// over these.
  @Test
  void matchesEqualRecomputed() {
    List<String> failures = new ArrayList<>();
    for (long seed = FIRST_SEED; seed < FIRST_SEED + CASES && failures.size() < 5; seed++) {
      try {
        check(seed, Plans.ALL, QueryGenerator::queryOverMatches);
      } catch (RuntimeException | AssertionError e) {
        failures.add("seed " + seed + ": " + e.getMessage());
        if (e.getCause() != null || !(e instanceof AssertionError)) {
          e.printStackTrace(System.out);
        }
      }
    }
    System.out.println(coverage.report());
    System.out.println("not supported: " + unsupported);
    assertThat(failures).isEmpty();
  }

  /// Rules that a plan is tried without. Not among them: filters that are not merged meet again in
  /// one Calc; joins that stay in the order of a query that ties them otherwise are refused.
  private static final List<Rule> RULES =
      Stream.of(Rule.values())
          .filter(r -> r != Rule.MERGE_FILTERS && r != Rule.ORDER_JOINS)
          .toList();

  /// What is counted of expressions; each entry must take part in at least 1 %.
  static final List<String> EXPRESSIONS =
      List.of("column", "family", "expression", "cast to", "cast from", "compared");

  /// Of which each entry must take part in at least 1 %.
  private static final List<String> MOST =
      Stream.concat(
              EXPRESSIONS.stream(),
              Stream.of(
                  "operator",
                  "planned",
                  "without rule",
                  "aggregate",
                  "aggregated",
                  "group key",
                  "distinct key",
                  "join key"))
          .toList();

  /// Of which each entry must take part.
  private static final List<String> ALL = List.of("function", "aggregate of");

  /// What must take part.
  private void expectAll() {
    coverage.expect("operator", QueryGenerator.OPERATORS);
    expectExpressions(coverage);
    coverage.expect("planned", PLANNED);
    List<String> types = SchemaGenerator.TYPES.stream().map(SqlType::displayName).toList();
    for (String category : List.of("aggregated", "group key", "distinct key", "join key")) {
      coverage.expect(category, types);
    }
    coverage.expect("aggregate", List.of("count(*)", "filter"));
    for (String name : AggregateCalls.NAMES) {
      coverage.expect("aggregate", List.of(name, "distinct " + name));
      for (SqlType type : AggregateCalls.arguments(new Signatures(functions), name)) {
        coverage.expect("aggregate of", List.of(name + "(" + type.displayName() + ")"));
      }
    }
    coverage.expect("without rule", RULES.stream().map(Rule::name).toList());
  }

  /// What a generator of expressions must have made.
  static void expectExpressions(Coverage coverage) {
    coverage.expect("family", ExpressionGenerator.FAMILIES);
    coverage.expect("expression", ExpressionGenerator.EXPRESSIONS);
    coverage.expect("function", ExpressionGenerator.FUNCTIONS);
    List<String> types = SchemaGenerator.TYPES.stream().map(SqlType::displayName).toList();
    for (String category : List.of("column", "cast to", "cast from", "compared")) {
      coverage.expect(category, types);
    }
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

  /// A plan of the query, the rows it accepts and what runs it.
  private final class Candidate {
    final String name;
    final PlanNode plan;
    final Accepted accepted;
    final List<StepRun> started = new ArrayList<>();
    final List<Boolean> inTwo = new ArrayList<>();
    private final boolean runs;

    Candidate(String name, PlanNode plan, List<Relation> relations, Plans plans) {
      this.name = name;
      this.plan = plan;
      // The planner may bound state by a watermark that the query does not name: then late rows are
      // not accepted.
      this.accepted = new Accepted(plan, relations, judges(plan));
      this.runs = plans != Plans.COUNTED;
    }

    void run(List<Relation> relations, int workers, int batchRows, boolean cut) {
      if (runs) {
        started.add(new StepRun(plan, relations, functions, workers, batchRows));
        inTwo.add(cut);
      }
    }
  }

  /// Which plans of a query are run.
  enum Plans {
    /// The query as it is written.
    WRITTEN,
    /// None: what takes part is counted, nothing runs.
    COUNTED,
    /// Also what parser and planner make of it.
    PLANNED,
    /// Also with more workers, in cut steps, and what the planner makes without some of its rules.
    ALL
  }

  void check(long seed, Plans plans) {
    check(seed, plans, QueryGenerator::query);
  }

  private void check(long seed, Plans plans, Function<QueryGenerator, GeneratedQuery> generated) {
    Dice dice = new Dice(seed);
    int extremes = dice.pick(List.of(0, 0, 2, 10));
    List<Relation> relations = new SchemaGenerator(dice, coverage).relations();
    Signatures signatures = new Signatures(functions);
    ExpressionGenerator expressions =
        new ExpressionGenerator(dice, coverage, signatures, extremes, this::castable);
    GeneratedQuery query =
        generated.apply(new QueryGenerator(dice, coverage, relations, signatures, expressions));
    HistoryGenerator history = new HistoryGenerator(dice, coverage, relations, extremes);
    List<Candidate> candidates = new ArrayList<>();
    try {
      try {
        candidates(seed, dice, query, relations, plans, candidates);
      } catch (SqlException e) {
        if (e.code() != ErrorCode.FEATURE_NOT_SUPPORTED) {
          throw e;
        }
        unsupported.merge(e.text(), 1, Integer::sum);
        return;
      }
      for (int step = 0; plans != Plans.COUNTED && step < STEPS; step++) {
        step(seed, step, query, relations, candidates, history.step());
      }
    } finally {
      candidates.forEach(c -> c.started.forEach(StepRun::close));
    }
  }

  /// The query as written; as the planner has it; as it has it without one of its rules.
  private void candidates(
      long seed,
      Dice dice,
      GeneratedQuery query,
      List<Relation> relations,
      Plans plans,
      List<Candidate> made) {
    int small = dice.between(1, 3);
    Candidate written = new Candidate("written", query.plan(), relations, plans);
    made.add(written);
    written.run(relations, 1, 4096, false);
    written.run(relations, 2, small, false);
    if (plans == Plans.WRITTEN) {
      return;
    }
    PlanNode plan = planned(query, relations, Set.of());
    if (plan == null) {
      return;
    }
    Candidate planned = new Candidate("planned", plan, relations, plans);
    made.add(planned);
    planned.run(relations, 1, 4096, false);
    planned.run(relations, 2, small, false);
    if (plans == Plans.PLANNED) {
      return;
    }
    // From here on: another stream of choices, so that the seeds keep their queries.
    Dice more = new Dice(~seed);
    if (more.chance(35)) {
      int workers = more.pick(List.of(3, 4, 7));
      int batchRows = more.pick(List.of(1, 3, 4096));
      coverage.count("workers", workers + " workers");
      coverage.count("batch", batchRows + " rows");
      planned.run(relations, workers, batchRows, more.chance(50));
    } else {
      coverage.count("workers", "1 and 2 workers");
    }
    if (more.chance(25)) {
      coverage.count("cut", "in two steps");
      written.run(relations, more.pick(List.of(1, 2, 3, 4, 7)), small, true);
    }
    List<Rule> rules = new ArrayList<>(RULES);
    for (int left = 2; left > 0 && !rules.isEmpty(); ) {
      Rule rule = rules.remove(more.below(rules.size()));
      PlanNode other = planned(query, relations, Set.of(rule));
      if (other == null) {
        continue;
      }
      if (!PlanPrinter.view(other).equals(PlanPrinter.view(plan))) {
        left--;
        coverage.count("without rule", rule.name());
        Candidate candidate = new Candidate("without " + rule, other, relations, plans);
        made.add(candidate);
        candidate.run(relations, more.between(1, 2), 4096, false);
      }
    }
  }

  private void step(
      long seed,
      int step,
      GeneratedQuery query,
      List<Relation> relations,
      List<Candidate> candidates,
      Step changes) {
    ReferenceResult written = null;
    for (Candidate candidate : candidates) {
      candidate.accepted.take(changes);
      ReferenceResult expected = candidate.accepted.evaluate();
      String what =
          "seed "
              + seed
              + " step "
              + step
              + " "
              + candidate.name
              + "\n"
              + relations.stream().map(Relation::createTable).toList()
              + "\n"
              + query.viewSql()
              + "\n";
      if (written == null) {
        written = expected;
      } else if (written.errors().isEmpty()
          && expected.errors().isEmpty()
          && candidate.accepted.judges == candidates.getFirst().accepted.judges) {
        // A plan may leave out what nobody needs, and its errors with it, or evaluate a condition
        // on rows that never come to where it is written: only without errors must both agree.
        List<SqlType> types = query.plan().schema().types();
        coverage.count("meaning", "compared with the query");
        assertThat(Contents.of(types, expected.rows()).weights())
            .as(what + "meaning")
            .isEqualTo(Contents.of(types, written.rows()).weights());
      }
      for (int i = 0; i < candidate.started.size(); i++) {
        StepRun run = candidate.started.get(i);
        if (candidate.inTwo.get(i)) {
          run.runInTwo(changes);
        } else {
          run.run(changes);
        }
        compare(what + "run " + i + " ", query, expected, run);
      }
    }
  }

  /// What parser and planner make of the query's SQL; null where they refuse it as not supported.
  private @Nullable PlanNode planned(
      GeneratedQuery query, List<Relation> relations, Set<Rule> without) {
    try {
      PlanNode root = new LawPlans(relations, functions).view(query.viewSql(), without);
      coverage.count("planned", "plan");
      countForms(root, new HashSet<>());
      return root;
    } catch (SqlException e) {
      if (e.code() != ErrorCode.FEATURE_NOT_SUPPORTED) {
        throw new AssertionError(e.sqlState() + " " + e.text() + "\n" + query.viewSql(), e);
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
      String what, GeneratedQuery query, ReferenceResult expected, StepRun run) {
    Contents contents = Contents.of(query.plan().schema().types(), expected.rows());
    assertThat(run.contents().hasNegative()).as(what + "negative counts").isFalse();
    assertThat(run.contents().weights()).as(what + "rows").isEqualTo(contents.weights());
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
    private final PlanNode plan;
    private final List<Relation> relations;
    final boolean judges;
    private final Map<Integer, List<List<@Nullable Object>>> tables = new HashMap<>();
    private final Map<Integer, Long> watermarks = new HashMap<>();

    Accepted(PlanNode plan, List<Relation> relations, boolean judges) {
      this.plan = plan;
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
      return new ReferenceEvaluator(tables, watermarks, TextStyle.DEFAULT).evaluate(plan);
    }
  }
}
