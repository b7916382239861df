package dev.aevum.testing.law;

import dev.aevum.executor.function.FunctionRegistry;
import dev.aevum.model.batch.Field;
import dev.aevum.model.batch.Schema;
import dev.aevum.model.type.SimpleType;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.MatchSpec;
import dev.aevum.planner.plan.MatchSpec.AfterMatch;
import dev.aevum.planner.plan.MatchSpec.RowsPerMatch;
import dev.aevum.planner.plan.Pattern;
import dev.aevum.planner.plan.PlanNode;
import dev.aevum.planner.plan.PlanNode.MatchNode;
import dev.aevum.planner.plan.Traits;
import dev.aevum.planner.plan.Traits.TimeColumn;
import dev.aevum.testing.pattern.MatchBuilder;
import dev.aevum.testing.pattern.MatchGenerator;
import dev.aevum.testing.pattern.MatchSql;
import dev.aevum.testing.pattern.MatchTerms;
import dev.aevum.testing.pattern.PatternShapes;
import dev.aevum.testing.random.Dice;
import dev.aevum.testing.random.Relation;
import dev.aevum.testing.random.Signatures;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A pattern with all that belongs to it, to be put over a stream or a table.
///
/// @param seed of conditions and measures
record MatchCase(
    Pattern pattern,
    Conditions conditions,
    long seed,
    RowsPerMatch rows,
    AfterMatch afterMatch,
    long withinMicros,
    boolean timeouts,
    MatchSpec.@Nullable Frame frame) {
  static final FunctionRegistry FUNCTIONS = FunctionRegistry.standard();
  static final long SECOND = 1_000_000L;
  private static final Signatures SIGNATURES = new Signatures(FUNCTIONS);

  /// Partition, order of arrival, which variables' conditions hold, a number, time.
  static final Schema SCHEMA =
      new Schema(
          List.of(
              new Field("k", SimpleType.BIGINT, false),
              new Field("n", SimpleType.BIGINT, false),
              new Field("a", SimpleType.BOOLEAN, true),
              new Field("b", SimpleType.BOOLEAN, true),
              new Field("c", SimpleType.BOOLEAN, true),
              new Field("x", SimpleType.INTEGER, true),
              new Field("ts", SimpleType.TIMESTAMPTZ, true)));

  static final int TIME = SCHEMA.size() - 1;
  static final Relation STREAM = new Relation(16_384, "s", SCHEMA, TIME);
  static final Relation TABLE = new Relation(16_385, "t", SCHEMA, -1);

  enum Conditions {
    /// Each variable's condition is its boolean column.
    FLAGS,

    /// That, but for one variable, which looks at the match so far.
    ONE_LATE,

    ANY
  }

  enum Mode {
    AD_HOC,
    FINAL,
    REVISING
  }

  static MatchCase random(Dice dice, Pattern pattern, Conditions conditions) {
    boolean timed = dice.chance(35);
    int variables = new java.util.HashSet<>(PatternShapes.variables(pattern)).size();
    AfterMatch after =
        switch (dice.weighted(40, 30, variables == 0 ? 0 : 30)) {
          case 0 -> new AfterMatch.PastLastRow();
          case 1 -> new AfterMatch.ToNextRow();
          default ->
              new AfterMatch.ToVariable(
                  dice.chance(80) || variables < 2 ? List.of(dice.below(variables)) : List.of(0, 1),
                  dice.chance(50));
        };
    return new MatchCase(
        pattern,
        conditions,
        dice.random().nextLong(),
        // WITH UNMATCHED ROWS and exclusions do not go together.
        RowsPerMatch.values()[dice.below(PatternShapes.hasExclusion(pattern) ? 3 : 4)],
        after,
        timed ? dice.between(0, 4) * SECOND : MatchSpec.NO_WITHIN,
        timed && dice.chance(50),
        null);
  }

  /// A pattern in a window: it has no anchors and exclusions.
  static MatchCase inWindow(Dice dice, Pattern pattern, Conditions conditions) {
    MatchCase plain = random(dice, pattern, conditions);
    boolean seek = dice.chance(35);
    long following = dice.chance(50) ? MatchSpec.Frame.UNBOUNDED : dice.between(0, 4);
    boolean timed = !seek && following < 0 && plain.withinMicros >= 0;
    return new MatchCase(
        PatternShapes.withoutMarks(pattern),
        conditions,
        plain.seed,
        RowsPerMatch.EVERY_ROW,
        plain.afterMatch,
        timed ? plain.withinMicros : MatchSpec.NO_WITHIN,
        false,
        new MatchSpec.Frame(following, seek));
  }

  Relation relation(Mode mode) {
    return mode == Mode.FINAL ? STREAM : TABLE;
  }

  private static PlanNode scan(Relation relation) {
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < SCHEMA.size(); i++) {
      all.add(i);
    }
    boolean judged = relation.isStream();
    List<TimeColumn> times = judged ? List.of(new TimeColumn(TIME, 0)) : List.of();
    Traits traits = new Traits(judged, List.of(), times, "none");
    return new PlanNode.ScanNode(
        relation.id(), relation.name(), all, judged, List.of(), SCHEMA, traits);
  }

  MatchNode node(Mode mode) {
    PlanNode input = scan(relation(mode));
    if (mode != Mode.AD_HOC) {
      input = new PlanNode.ExchangeNode(input, List.of(0), SCHEMA, input.traits());
    }
    List<String> names = MatchGenerator.VARIABLES.subList(0, variables());
    MatchBuilder match =
        new MatchBuilder(input, SIGNATURES)
            .partitionBy("k")
            .orderBy("ts", "n")
            .pattern(pattern, names)
            .rows(rows)
            .afterMatch(afterMatch)
            .within(withinMicros, timeouts)
            .frame(frame);
    switch (mode) {
      case AD_HOC -> match.time("ts");
      case FINAL -> match.released("ts");
      case REVISING -> match.time("ts").revising();
    }
    Dice dice = new Dice(seed);
    MatchGenerator generator = new MatchGenerator(dice, names.size());
    int late = names.isEmpty() ? 0 : dice.below(names.size());
    for (int v = 0; v < names.size(); v++) {
      int variable = v;
      switch (conditions) {
        case FLAGS -> match.define(names.get(v), t -> generator.flag(t, variable));
        case ONE_LATE ->
            match.define(
                names.get(v),
                t -> variable == late ? generator.test(t, variable) : generator.flag(t, variable));
        case ANY -> {
          if (dice.chance(90)) {
            match.define(names.get(v), t -> generator.condition(t, variable));
          }
        }
      }
    }
    measures(match, generator, dice);
    return match.build();
  }

  private int variables() {
    return PatternShapes.variables(pattern).stream().mapToInt(v -> v + 1).max().orElse(0);
  }

  private void measures(MatchBuilder match, MatchGenerator generator, Dice dice) {
    List<Integer> all = match.variables();
    if (frame == null) {
      match.measure("number", MatchTerms::matchNumber);
    }
    match
        .measure("first_n", t -> t.first(t.column("n"), all, 0, 0))
        .measure(
            "labels",
            t ->
                t.aggregate(
                    "string_agg",
                    List.of(t.classifier(), new Expr.Literal("", SimpleType.TEXT)),
                    false,
                    all,
                    false));
    if (rows != RowsPerMatch.ONE_ROW) {
      match.measure("label", t -> t.last(t.classifier(), all, 0, 0));
    }
    if (timeouts) {
      match.measure("timed_out", MatchTerms::timedOut);
    }
    for (int i = conditions == Conditions.FLAGS ? 0 : dice.between(0, 3); i > 0; i--) {
      match.measure("m" + i, t -> generator.measure(t, SimpleType.TIMESTAMPTZ, frame == null));
    }
  }

  String text() {
    return "case seed " + seed + " " + conditions + "\n" + MatchSql.query(node(Mode.AD_HOC), "t");
  }

  MatchCase with(Pattern smaller) {
    return new MatchCase(
        smaller, conditions, seed, rows, afterMatch, withinMicros, timeouts, frame);
  }
}
