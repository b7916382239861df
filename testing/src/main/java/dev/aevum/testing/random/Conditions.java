package dev.aevum.testing.random;

import dev.aevum.model.type.CharType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.model.type.VarcharType;
import dev.aevum.planner.plan.Expr;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Boolean expressions: comparisons of every type, patterns, lists, ranges, connectives, tests for
/// NULL.
final class Conditions {
  static final List<String> COMPARISONS = List.of("=", "<>", "<", "<=", ">", ">=");

  private final ExpressionGenerator expressions;
  private final Dice dice;
  private final Coverage coverage;

  Conditions(ExpressionGenerator expressions, Dice dice, Coverage coverage) {
    this.expressions = expressions;
    this.dice = dice;
    this.coverage = coverage;
  }

  @Nullable Typed of(List<Typed> scope, int depth) {
    return dice.chance(60) ? comparison(scope, depth) : logic(scope, depth);
  }

  /// Types of columns as often as any type, so that literals meet few others.
  private SqlType compared(List<Typed> scope) {
    if (scope.isEmpty() || dice.chance(55)) {
      return dice.chance(40) ? dice.turn(SchemaGenerator.TYPES) : dice.pick(SchemaGenerator.TYPES);
    }
    return dice.pick(scope.stream().map(Typed::type).distinct().toList());
  }

  private @Nullable Typed comparison(List<Typed> scope, int depth) {
    return switch (dice.weighted(36, 11, 27, 10, 7, 9)) {
      case 0 -> compare(dice.pick(COMPARISONS), scope, depth);
      case 1 -> distinct(scope, depth);
      case 2 -> pattern(scope);
      case 3 -> list(scope, depth);
      case 4 -> between(scope, depth);
      default -> quantified(scope, depth);
    };
  }

  private @Nullable Typed compare(String name, List<Typed> scope, int depth) {
    return compare(name, compared(scope), scope, depth);
  }

  /// Two values of that type.
  @Nullable Typed comparison(SqlType type, List<Typed> scope) {
    return compare(dice.pick(COMPARISONS), type, scope, 0);
  }

  private @Nullable Typed compare(String name, SqlType type, List<Typed> scope, int depth) {
    return compare(name, expressions.of(type, scope, depth), expressions.of(type, scope, depth));
  }

  private @Nullable Typed compare(String name, Typed left, Typed right) {
    SqlType type = left.type();
    boolean bounded = type instanceof VarcharType || type instanceof CharType;
    List<Typed> operands = List.of(left, right);
    Typed made =
        bounded ? expressions.applyToText(name, operands) : expressions.apply(name, operands);
    if (made != null) {
      coverage.count("compared", SchemaGenerator.label(type));
    }
    return made;
  }

  /// A column or value against each element of an array.
  private @Nullable Typed quantified(List<Typed> scope, int depth) {
    SqlType type = dice.chance(50) ? SimpleType.INTEGER : SimpleType.TEXT;
    Typed made = expressions.quantified(dice.pick(COMPARISONS), type, scope, depth);
    if (made != null) {
      coverage.count("expression", "quantified");
      coverage.count("family", "array");
    }
    return made;
  }

  private Typed distinct(List<Typed> scope, int depth) {
    SqlType type = compared(scope);
    coverage.count("expression", "is distinct");
    coverage.count("family", "comparison");
    coverage.count("compared", SchemaGenerator.label(type));
    Typed a = expressions.of(type, scope, depth);
    Typed b = expressions.of(type, scope, depth);
    boolean negated = dice.chance(50);
    String words = negated ? " IS NOT DISTINCT FROM " : " IS DISTINCT FROM ";
    return new Typed(
        new Expr.IsDistinct(a.expr(), b.expr(), negated), "(" + a.sql() + words + b.sql() + ")");
  }

  private @Nullable Typed pattern(List<Typed> scope) {
    SqlType text = SimpleType.TEXT;
    if (dice.chance(30)) {
      return expressions.call("starts_with", scope, 0, text, text);
    }
    String name = dice.chance(60) ? "~~" : "!~~";
    if (dice.chance(40)) {
      return expressions.call(name, scope, 0, text, text);
    }
    String pattern = dice.pick(List.of("%", "a%", "%b", "_", "%e%", "a\\%b%", "__%", "t%s_"));
    return expressions.apply(
        name, List.of(expressions.of(text, scope, 0), ExpressionGenerator.literal(text, pattern)));
  }

  /// `a IN (b, c)` is `a = b OR a = c`.
  private @Nullable Typed list(List<Typed> scope, int depth) {
    SqlType type = compared(scope);
    Typed left = expressions.of(type, scope, depth);
    List<Expr> alternatives = new ArrayList<>();
    List<String> sql = new ArrayList<>();
    for (int i = dice.between(2, 3); i > 0; i--) {
      Typed element = dice.chance(60) ? expressions.literal(type) : expressions.of(type, scope, 0);
      Typed equal = compare("=", left, element);
      if (equal == null) {
        return null;
      }
      alternatives.add(equal.expr());
      sql.add(element.sql());
    }
    coverage.count("expression", "in");
    boolean negated = dice.chance(40);
    Expr any = new Expr.Or(alternatives, true);
    return new Typed(
        negated ? new Expr.Not(any) : any,
        "(" + left.sql() + (negated ? " NOT IN (" : " IN (") + String.join(", ", sql) + "))");
  }

  /// `a BETWEEN b AND c` is `a >= b AND a <= c`.
  private @Nullable Typed between(List<Typed> scope, int depth) {
    SqlType type = compared(scope);
    Typed value = expressions.of(type, scope, depth);
    Typed low = expressions.of(type, scope, 0);
    Typed high = expressions.of(type, scope, 0);
    Typed atLeast = compare(">=", value, low);
    Typed atMost = compare("<=", value, high);
    if (atLeast == null || atMost == null) {
      return null;
    }
    coverage.count("expression", "between");
    Expr both = new Expr.And(List.of(atLeast.expr(), atMost.expr()), true);
    return new Typed(
        both, "(" + value.sql() + " BETWEEN " + low.sql() + " AND " + high.sql() + ")");
  }

  private Typed logic(List<Typed> scope, int depth) {
    return switch (dice.weighted(33, 16, 34, 17)) {
      case 0 -> connective(scope, depth);
      case 1 -> {
        coverage.count("expression", "not");
        coverage.count("family", "logic");
        Typed operand = expressions.of(SimpleType.BOOLEAN, scope, depth);
        yield new Typed(new Expr.Not(operand.expr()), "(NOT " + operand.sql() + ")");
      }
      case 2 -> {
        coverage.count("expression", "is null");
        coverage.count("family", "null test");
        Typed operand =
            scope.isEmpty() ? expressions.literal(SimpleType.INTEGER) : dice.pick(scope);
        boolean negated = dice.chance(50);
        yield new Typed(
            new Expr.IsNull(operand.expr(), negated),
            "(" + operand.sql() + (negated ? " IS NOT NULL)" : " IS NULL)"));
      }
      default -> {
        coverage.count("expression", "is boolean");
        coverage.count("family", "logic");
        Typed operand = expressions.of(SimpleType.BOOLEAN, scope, depth);
        boolean value = dice.chance(50);
        boolean negated = dice.chance(50);
        yield new Typed(
            new Expr.IsBoolean(operand.expr(), value, negated),
            "(" + operand.sql() + " IS " + (negated ? "NOT " : "") + (value ? "TRUE)" : "FALSE)"));
      }
    };
  }

  private Typed connective(List<Typed> scope, int depth) {
    boolean and = dice.chance(50);
    coverage.count("expression", and ? "and" : "or");
    coverage.count("family", "logic");
    List<Typed> operands = new ArrayList<>();
    for (int i = dice.between(2, 3); i > 0; i--) {
      operands.add(expressions.of(SimpleType.BOOLEAN, scope, depth));
    }
    List<Expr> exprs = operands.stream().map(Typed::expr).toList();
    String joined =
        operands.stream().map(Typed::sql).collect(Collectors.joining(and ? " AND " : " OR "));
    return new Typed(
        and ? new Expr.And(exprs, true) : new Expr.Or(exprs, true), "(" + joined + ")");
  }
}
