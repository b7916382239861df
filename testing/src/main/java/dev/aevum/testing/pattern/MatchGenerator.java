package dev.aevum.testing.pattern;

import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.MatchOperand.Anchor;
import dev.aevum.testing.random.Dice;
import java.util.ArrayList;
import java.util.List;

/// Random expressions for DEFINE and MEASURES over a relation with boolean columns a, b, c and an
/// integer column x.
public final class MatchGenerator {
  /// What the variables are called.
  public static final List<String> VARIABLES = List.of("p", "q", "r");

  private static final List<String> FLAGS = List.of("a", "b", "c");
  private static final List<String> COMPARISONS = List.of("<", "<=", "=", "<>", ">", ">=");

  private final Dice dice;
  private final int variables;

  /// `variables`: how many the pattern has.
  public MatchGenerator(Dice dice, int variables) {
    this.dice = dice;
    this.variables = variables;
  }

  /// Of the row under test alone.
  public Expr flag(MatchTerms terms, int variable) {
    return terms.last(terms.column(FLAGS.get(variable)), List.of(variable), 0, 0);
  }

  /// A condition for `variable` that may depend on all that is mapped so far.
  public Expr condition(MatchTerms terms, int variable) {
    Expr flag = flag(terms, variable);
    return switch (dice.weighted(20, 35, 35, 5, 5)) {
      case 0 -> flag;
      case 1 -> new Expr.And(List.of(flag, test(terms, variable)), true);
      case 2 -> test(terms, variable);
      case 3 -> new Expr.Or(List.of(flag, test(terms, variable)), true);
      default -> new Expr.Not(test(terms, variable));
    };
  }

  /// About the rows before it, whatever its own flag says.
  public Expr test(MatchTerms terms, int variable) {
    return switch (dice.weighted(32, 22, 22, 12, 4, 8)) {
      case 0 ->
          terms.call(
              dice.pick(COMPARISONS),
              terms.last(terms.column("x"), List.of(variable), 0, 0),
              number(terms, true));
      case 1 -> terms.call(dice.pick(COMPARISONS), number(terms, true), number(terms, true));
      case 2 ->
          terms.call(
              dice.pick(COMPARISONS),
              count(terms, true),
              new Expr.Literal((long) dice.between(0, 3), SimpleType.BIGINT));
      case 3 ->
          terms.call(
              dice.pick(COMPARISONS),
              terms.aggregate(
                  "sum", List.of(terms.column("x")), dice.chance(30), someVariables(), true),
              new Expr.Literal((long) dice.between(-2, 5), SimpleType.BIGINT));
      case 4 -> new Expr.IsNull(number(terms, true), dice.chance(50));
      default ->
          terms.call(
              dice.chance(50) ? "=" : "<>",
              terms.row(terms.classifier(), anchor(true), dice.between(-1, 0)),
              new Expr.Literal(dice.pick(VARIABLES), SimpleType.TEXT));
    };
  }

  /// An integer, of rows before, at or behind others.
  private Expr number(MatchTerms terms, boolean running) {
    return switch (dice.weighted(60, 20, 20)) {
      case 0 ->
          terms.row(terms.column("x"), anchor(running), dice.chance(60) ? 0 : dice.between(-2, 2));
      case 1 ->
          terms.aggregate(
              dice.chance(50) ? "min" : "max",
              List.of(terms.column("x")),
              false,
              someVariables(),
              running);
      default -> new Expr.Literal((long) dice.between(-2, 3), SimpleType.INTEGER);
    };
  }

  private Expr count(MatchTerms terms, boolean running) {
    boolean rows = dice.chance(60);
    return terms.aggregate(
        "count",
        rows ? List.of() : List.of(terms.column("x")),
        !rows && dice.chance(50),
        someVariables(),
        running);
  }

  private Anchor anchor(boolean running) {
    int skip = dice.chance(70) ? 0 : dice.between(1, 2);
    return new Anchor(someVariables(), dice.chance(50), skip, running);
  }

  /// All, one, or a union.
  private List<Integer> someVariables() {
    List<Integer> all = new ArrayList<>();
    for (int v = 0; v < variables; v++) {
      all.add(v);
    }
    if (dice.chance(30) || variables == 0) {
      return all;
    }
    if (variables > 2 && dice.chance(30)) {
      all.remove(Integer.valueOf(dice.below(variables)));
      return all;
    }
    return List.of(dice.below(variables));
  }

  /// `withTime`: the partition has a time column.
  public Expr measure(MatchTerms terms, SqlType timeType, boolean withTime) {
    boolean running = dice.chance(50);
    return switch (dice.weighted(30, 20, 15, 10, 10, withTime ? 8 : 0, withTime ? 7 : 0, 10)) {
      case 0 -> number(terms, running);
      case 1 -> count(terms, running);
      case 2 ->
          terms.aggregate(
              "string_agg",
              List.of(terms.classifier(), new Expr.Literal("", SimpleType.TEXT)),
              dice.chance(20),
              someVariables(),
              running);
      case 3 -> terms.row(terms.classifier(), anchor(running), 0);
      case 4 ->
          terms.aggregate(
              dice.chance(50) ? "sum" : "avg",
              List.of(terms.column("x")),
              dice.chance(20),
              someVariables(),
              running);
      case 5 -> terms.rowtime(timeType);
      case 7 -> terms.orderedLabels("x", dice.chance(50), dice.chance(50), someVariables());
      default -> terms.timedOut();
    };
  }
}
