package dev.aevum.testing.random;

import dev.aevum.model.batch.Schema;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.MatchSpec;
import dev.aevum.planner.plan.MatchSpec.AfterMatch;
import dev.aevum.planner.plan.MatchSpec.OutputColumn;
import dev.aevum.planner.plan.PlanNode;
import dev.aevum.planner.plan.PlanNode.MatchNode;
import dev.aevum.planner.plan.Traits;
import dev.aevum.planner.plan.Traits.TimeColumn;
import dev.aevum.planner.plan.function.FunctionSignature;
import dev.aevum.testing.pattern.MatchBuilder;
import dev.aevum.testing.pattern.MatchTerms;
import java.util.ArrayList;
import java.util.List;

/// Row patterns over any input: plain ones, with conditions that cannot fail. All columns take part
/// in the order, so that the result depends on the rows alone.
final class MatchParts {
  private static final long SECOND = 1_000_000L;
  private static final List<String> PATTERNS =
      List.of("p q+", "p q*", "p+? q", "p (q | r)*", "q+", "p q r?", "p q", "p{2,3} q");

  private final Dice dice;
  private final Signatures signatures;

  /// Measures of matches over matches have names of their own.
  private int made;

  MatchParts(Dice dice, Signatures signatures) {
    this.dice = dice;
    this.signatures = signatures;
  }

  /// Over append-only input in the order of its time: given once.
  MatchNode released(PlanNode input, int time) {
    return made(input, time, true);
  }

  MatchNode revising(PlanNode input) {
    return made(input, -1, false);
  }

  private MatchNode made(PlanNode input, int time, boolean once) {
    made++;
    Schema schema = input.schema();
    List<Integer> keys = new ArrayList<>();
    if (dice.chance(75)) {
      int key = dice.below(schema.size());
      if (key != time) {
        keys.add(key);
      }
    }
    PlanNode moved = new PlanNode.ExchangeNode(input, keys, schema, input.traits());
    MatchBuilder match = new MatchBuilder(moved, signatures);
    keys.forEach(k -> match.partitionBy(schema.field(k).name()));
    List<String> order = new ArrayList<>();
    if (time >= 0) {
      order.add(schema.field(time).name());
    }
    schema
        .fields()
        .forEach(f -> {
          if (!order.contains(f.name())) {
            order.add(f.name());
          }
        });
    match.orderBy(order.toArray(String[]::new));
    String pattern = dice.pick(PATTERNS);
    match.pattern(pattern);
    for (String variable : List.of("q", "r")) {
      if (pattern.contains(variable)) {
        define(match, schema, variable);
      }
    }
    match.afterMatch(dice.chance(60) ? new AfterMatch.PastLastRow() : new AfterMatch.ToNextRow());
    measures(match, schema);
    long within = once ? dice.between(0, 6) * SECOND : MatchSpec.NO_WITHIN;
    if (!once) {
      return match.revising().build();
    }
    match.within(within, dice.chance(30)).released(schema.field(time).name());
    match.measure("at" + made, t -> t.rowtime(schema.type(time)));
    return timed(match.build(), within);
  }

  private static MatchNode timed(MatchNode n, long within) {
    int last = n.schema().size() - 1;
    if (!(n.match().output().get(last) instanceof OutputColumn.Measure)) {
      throw new IllegalStateException("the rowtime is the last column");
    }
    return new MatchNode(
        n.input(),
        n.partitionBy(),
        n.orderBy(),
        n.match(),
        n.timeColumn(),
        false,
        n.schema(),
        new Traits(true, List.of(), List.of(new TimeColumn(last, -within)), "none"));
  }

  private void define(MatchBuilder match, Schema schema, String variable) {
    int column = dice.below(schema.size());
    String name = schema.field(column).name();
    SqlType type = schema.type(column);
    String comparison = dice.pick(List.of("<", ">", "<>", "="));
    boolean comparable =
        signatures.find(comparison, FunctionSignature.Kind.SCALAR, List.of(type, type)) != null;
    boolean negated = dice.chance(60);
    boolean first = dice.chance(30);
    boolean test = dice.chance(75);
    match.define(
        variable,
        t -> {
          Expr here = t.last(t.column(name), match.variables(), 0, 0);
          if (!comparable || !test) {
            return new Expr.IsNull(here, negated);
          }
          Expr other =
              first
                  ? t.first(t.column(name), match.variables(), 0, 0)
                  : t.last(t.column(name), match.variables(), 0, -1);
          return t.call(comparison, here, other);
        });
  }

  private void measures(MatchBuilder match, Schema schema) {
    match.measure(
        "rows" + made, t -> t.aggregate("count", List.of(), false, match.variables(), true));
    String name = dice.pick(schema.fields()).name();
    match.measure("first" + made, t -> t.first(t.column(name), match.variables(), 0, 0));
    if (dice.chance(50)) {
      match.measure("label" + made, t -> t.last(t.classifier(), match.variables(), 0, 0));
    }
    if (dice.chance(30)) {
      match.measure("number" + made, MatchTerms::matchNumber);
    }
    if (dice.chance(30)) {
      match.measure(
          "labels" + made,
          t ->
              t.aggregate(
                  "string_agg",
                  List.of(t.classifier(), new Expr.Literal("", SimpleType.TEXT)),
                  false,
                  match.variables(),
                  true));
    }
  }
}
