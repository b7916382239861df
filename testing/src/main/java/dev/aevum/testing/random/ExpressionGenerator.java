package dev.aevum.testing.random;

import dev.aevum.model.text.PgText;
import dev.aevum.model.text.TextStyle;
import dev.aevum.model.type.CharType;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.model.type.VarcharType;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.function.FunctionSignature;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Expressions of a wanted type over columns in scope, from what the catalogue has: an overload
/// that is not there yet is not used (and shows in the coverage). SQL is fully parenthesised and
/// every literal carries its type.
public final class ExpressionGenerator {
  private static final List<String> COMPARISONS = List.of("=", "<>", "<", "<=", ">", ">=");
  private static final List<SqlType> INTEGERS =
      List.of(SimpleType.SMALLINT, SimpleType.INTEGER, SimpleType.BIGINT);

  private final Dice dice;
  private final Coverage coverage;
  private final Signatures signatures;
  private final ValueGenerator values;
  private final BiPredicate<SqlType, SqlType> castable;

  /// Whether PostgreSQL has that cast between types of [SchemaGenerator#TYPES].
  public static boolean standardCast(SqlType from, SqlType to) {
    if (isText(from) || isText(to)) {
      return true;
    }
    if (isNumber(from) && isNumber(to)) {
      return true;
    }
    if (from == SimpleType.BOOLEAN || to == SimpleType.BOOLEAN) {
      return from == SimpleType.INTEGER || to == SimpleType.INTEGER;
    }
    if (from == SimpleType.TIMESTAMP || from == SimpleType.TIMESTAMPTZ) {
      return to == SimpleType.DATE
          || to == SimpleType.TIME
          || to == SimpleType.TIMESTAMP
          || to == SimpleType.TIMESTAMPTZ;
    }
    if (from == SimpleType.DATE) {
      return to == SimpleType.TIMESTAMP || to == SimpleType.TIMESTAMPTZ;
    }
    return (from == SimpleType.TIME && to == SimpleType.INTERVAL)
        || (from == SimpleType.INTERVAL && to == SimpleType.TIME);
  }

  private static boolean isText(SqlType type) {
    return type == SimpleType.TEXT || type instanceof VarcharType || type instanceof CharType;
  }

  private static boolean isNumber(SqlType type) {
    return INTEGERS.contains(type)
        || type instanceof DecimalType
        || type == SimpleType.NUMERIC
        || type == SimpleType.REAL
        || type == SimpleType.DOUBLE;
  }

  /// `castable`: which casts (from, to) may be used.
  public ExpressionGenerator(
      Dice dice,
      Coverage coverage,
      Signatures signatures,
      int extremes,
      BiPredicate<SqlType, SqlType> castable) {
    this.dice = dice;
    this.coverage = coverage;
    this.signatures = signatures;
    this.values = new ValueGenerator(dice, extremes);
    this.castable = castable;
  }

  /// An expression of that type, at most `depth` operators deep.
  public Typed of(SqlType type, List<Typed> scope, int depth) {
    for (int attempt = 0; depth > 0 && attempt < 3; attempt++) {
      Typed made = operator(type, scope, depth - 1);
      if (made != null) {
        return made;
      }
    }
    return leaf(type, scope);
  }

  /// A comparison or connective of columns, for filters.
  public Typed condition(List<Typed> scope, int depth) {
    return of(SimpleType.BOOLEAN, scope, depth);
  }

  private Typed leaf(SqlType type, List<Typed> scope) {
    List<Typed> fitting = scope.stream().filter(t -> t.type().equals(type)).toList();
    return fitting.isEmpty() || dice.chance(25) ? literal(type) : dice.pick(fitting);
  }

  public Typed literal(SqlType type) {
    Object value = values.nullable(type, dice.chance(40));
    return literal(type, value);
  }

  static Typed literal(SqlType type, @Nullable Object value) {
    String name = type.displayName();
    if (value == null) {
      return new Typed(new Expr.Literal(null, type), "CAST(NULL AS " + name + ")");
    }
    String text = PgText.formatValue(type, value, TextStyle.DEFAULT).replace("'", "''");
    return new Typed(new Expr.Literal(value, type), "CAST('" + text + "' AS " + name + ")");
  }

  private @Nullable Typed operator(SqlType type, List<Typed> scope, int depth) {
    return switch (dice.weighted(60, 8, 8, 14, 10)) {
      case 0 -> function(type, scope, depth);
      case 1 -> conditional(type, scope, depth);
      case 2 -> coalesce(type, scope, depth);
      case 3 -> cast(type, scope, depth);
      default -> type == SimpleType.BOOLEAN ? logic(scope, depth) : null;
    };
  }

  private @Nullable Typed function(SqlType type, List<Typed> scope, int depth) {
    if (type == SimpleType.BOOLEAN) {
      return dice.chance(60) ? comparison(scope, depth) : logic(scope, depth);
    }
    if (type instanceof DecimalType || type == SimpleType.NUMERIC) {
      return numeric(type, scope, depth);
    }
    if (INTEGERS.contains(type)) {
      return dice.chance(15) && type == SimpleType.INTEGER
          ? call("length", scope, depth, SimpleType.TEXT)
          : arithmetic(type, scope, depth, "+", "-", "*", "/", "%");
    }
    if (type == SimpleType.REAL || type == SimpleType.DOUBLE) {
      return arithmetic(type, scope, depth, "+", "-", "*", "/");
    }
    if (type == SimpleType.TEXT) {
      return text(scope, depth);
    }
    return time(type, scope, depth);
  }

  private @Nullable Typed arithmetic(SqlType type, List<Typed> scope, int depth, String... names) {
    if (dice.chance(12)) {
      return call(dice.chance(50) ? "-" : "abs", scope, depth, type);
    }
    return call(names[dice.below(names.length)], scope, depth, type, type);
  }

  /// Results of decimal arithmetic have types of their own: cast to what is wanted.
  private @Nullable Typed numeric(SqlType type, List<Typed> scope, int depth) {
    List<SqlType> kinds =
        List.of(
            SimpleType.NUMERIC,
            new DecimalType(9, 2),
            new DecimalType(18, 4),
            new DecimalType(30, 3));
    String name = dice.pick(List.of("+", "-", "*", "/", "%"));
    Typed made = call(name, scope, depth, dice.pick(kinds), dice.pick(kinds));
    return made == null || made.type().equals(type) ? made : castTo(made, type);
  }

  private @Nullable Typed text(List<Typed> scope, int depth) {
    SqlType t = SimpleType.TEXT;
    SqlType i = SimpleType.INTEGER;
    return switch (dice.below(8)) {
      case 0, 1 -> call("||", scope, depth, t, t);
      case 2 -> call(dice.chance(50) ? "lower" : "upper", scope, depth, t);
      case 3 -> call("substring", scope, 0, t, i, i);
      case 4 -> call("replace", scope, depth, t, t, t);
      case 5 -> call(dice.chance(50) ? "left" : "right", scope, 0, t, i);
      case 6 -> call(dice.pick(List.of("btrim", "ltrim", "rtrim")), scope, depth, t);
      default -> call("reverse", scope, depth, t);
    };
  }

  private @Nullable Typed time(SqlType type, List<Typed> scope, int depth) {
    SqlType interval = SimpleType.INTERVAL;
    if (type == SimpleType.TIMESTAMP || type == SimpleType.TIMESTAMPTZ) {
      if (dice.chance(30)) {
        String unit =
            dice.pick(
                List.of("second", "minute", "hour", "day", "week", "month", "quarter", "year"));
        return apply("date_trunc", List.of(literal(SimpleType.TEXT, unit), of(type, scope, depth)));
      }
      return call(dice.chance(50) ? "+" : "-", scope, depth, type, interval);
    }
    if (type == SimpleType.DATE) {
      return call(dice.chance(50) ? "+" : "-", scope, depth, type, SimpleType.INTEGER);
    }
    if (type.equals(interval)) {
      return dice.chance(50)
          ? call(dice.chance(50) ? "+" : "-", scope, depth, interval, interval)
          : call("-", scope, depth, SimpleType.TIMESTAMP, SimpleType.TIMESTAMP);
    }
    return null;
  }

  private @Nullable Typed call(String name, List<Typed> scope, int depth, SqlType... types) {
    if (signatures.find(name, FunctionSignature.Kind.SCALAR, List.of(types)) == null) {
      return null;
    }
    List<Typed> arguments = new ArrayList<>();
    for (SqlType type : types) {
      arguments.add(of(type, scope, depth));
    }
    return apply(name, arguments);
  }

  private @Nullable Typed apply(String name, List<Typed> arguments) {
    List<SqlType> types = arguments.stream().map(Typed::type).toList();
    FunctionSignature f = signatures.find(name, FunctionSignature.Kind.SCALAR, types);
    if (f == null) {
      return null;
    }
    coverage.count("function", name);
    coverage.count("family", family(name, arguments.getFirst().type()));
    Expr expr =
        new Expr.Call(
            f, arguments.stream().map(Typed::expr).toList(), f.result().resolve(types), true);
    return new Typed(expr, sql(name, arguments));
  }

  private static String family(String name, SqlType type) {
    if (COMPARISONS.contains(name)) {
      return "comparison";
    }
    if (name.equals("~~")) {
      return "pattern";
    }
    if (isNumber(type)) {
      return "arithmetic";
    }
    return isText(type) && !name.equals("date_trunc") ? "text" : "time";
  }

  private static String sql(String name, List<Typed> arguments) {
    boolean symbol = !Character.isLetter(name.charAt(0));
    if (symbol && arguments.size() == 2) {
      return "(" + arguments.get(0).sql() + " " + name + " " + arguments.get(1).sql() + ")";
    }
    if (symbol) {
      return "(" + name + " " + arguments.getFirst().sql() + ")";
    }
    return name + "(" + arguments.stream().map(Typed::sql).collect(Collectors.joining(", ")) + ")";
  }

  private @Nullable Typed comparison(List<Typed> scope, int depth) {
    SqlType type =
        scope.isEmpty() || dice.chance(20)
            ? dice.pick(SchemaGenerator.TYPES)
            : dice.pick(scope).type();
    if (dice.chance(12)) {
      coverage.count("expression", "is distinct");
      coverage.count("family", "comparison");
      Typed a = of(type, scope, depth);
      Typed b = of(type, scope, depth);
      boolean negated = dice.chance(50);
      return new Typed(
          new Expr.IsDistinct(a.expr(), b.expr(), negated),
          "("
              + a.sql()
              + (negated ? " IS NOT DISTINCT FROM " : " IS DISTINCT FROM ")
              + b.sql()
              + ")");
    }
    if (dice.chance(10)) {
      return call("~~", scope, 0, SimpleType.TEXT, SimpleType.TEXT);
    }
    SqlType compared =
        type instanceof VarcharType || type instanceof CharType ? SimpleType.TEXT : type;
    Typed made = call(dice.pick(COMPARISONS), scope, depth, compared, compared);
    if (made != null) {
      coverage.count("compared", compared.displayName());
    }
    return made;
  }

  private Typed logic(List<Typed> scope, int depth) {
    switch (dice.below(5)) {
      case 0, 1 -> {
        boolean and = dice.chance(50);
        coverage.count("expression", and ? "and" : "or");
        coverage.count("family", "logic");
        List<Typed> operands = new ArrayList<>();
        for (int i = dice.between(2, 3); i > 0; i--) {
          operands.add(of(SimpleType.BOOLEAN, scope, depth));
        }
        List<Expr> exprs = operands.stream().map(Typed::expr).toList();
        String joined =
            operands.stream().map(Typed::sql).collect(Collectors.joining(and ? " AND " : " OR "));
        return new Typed(
            and ? new Expr.And(exprs, true) : new Expr.Or(exprs, true), "(" + joined + ")");
      }
      case 2 -> {
        coverage.count("expression", "not");
        coverage.count("family", "logic");
        Typed operand = of(SimpleType.BOOLEAN, scope, depth);
        return new Typed(new Expr.Not(operand.expr()), "(NOT " + operand.sql() + ")");
      }
      case 3 -> {
        coverage.count("expression", "is null");
        coverage.count("family", "null test");
        Typed operand = scope.isEmpty() ? literal(SimpleType.INTEGER) : dice.pick(scope);
        boolean negated = dice.chance(50);
        return new Typed(
            new Expr.IsNull(operand.expr(), negated),
            "(" + operand.sql() + (negated ? " IS NOT NULL)" : " IS NULL)"));
      }
      default -> {
        coverage.count("expression", "is boolean");
        coverage.count("family", "logic");
        Typed operand = of(SimpleType.BOOLEAN, scope, depth);
        boolean value = dice.chance(50);
        boolean negated = dice.chance(50);
        return new Typed(
            new Expr.IsBoolean(operand.expr(), value, negated),
            "(" + operand.sql() + " IS " + (negated ? "NOT " : "") + (value ? "TRUE)" : "FALSE)"));
      }
    }
  }

  private Typed conditional(SqlType type, List<Typed> scope, int depth) {
    coverage.count("expression", "case");
    coverage.count("family", "conditional");
    List<Expr.When> branches = new ArrayList<>();
    StringBuilder sql = new StringBuilder("(CASE");
    for (int i = dice.between(1, 2); i > 0; i--) {
      Typed condition = of(SimpleType.BOOLEAN, scope, depth);
      Typed result = of(type, scope, depth);
      branches.add(new Expr.When(condition.expr(), result.expr()));
      sql.append(" WHEN ").append(condition.sql()).append(" THEN ").append(result.sql());
    }
    Typed otherwise = dice.chance(30) ? literal(type, null) : of(type, scope, depth);
    sql.append(" ELSE ").append(otherwise.sql()).append(" END)");
    return new Typed(new Expr.Case(branches, otherwise.expr(), type, true), sql.toString());
  }

  private Typed coalesce(SqlType type, List<Typed> scope, int depth) {
    coverage.count("expression", "coalesce");
    coverage.count("family", "conditional");
    List<Typed> operands = List.of(of(type, scope, depth), of(type, scope, depth));
    return new Typed(
        new Expr.Coalesce(operands.stream().map(Typed::expr).toList(), type, true),
        "COALESCE(" + operands.get(0).sql() + ", " + operands.get(1).sql() + ")");
  }

  private @Nullable Typed cast(SqlType type, List<Typed> scope, int depth) {
    // Most texts are no value of another type: then the row is an error.
    boolean fromText = dice.chance(isText(type) ? 50 : 10);
    List<SqlType> sources =
        SchemaGenerator.TYPES.stream()
            .filter(t -> !t.equals(type) && isText(t) == fromText && castable.test(t, type))
            .toList();
    return sources.isEmpty() ? null : castTo(of(dice.pick(sources), scope, depth), type);
  }

  private Typed castTo(Typed operand, SqlType type) {
    coverage.count("expression", "cast");
    coverage.count("family", "cast");
    coverage.count("cast to", type.displayName());
    return new Typed(
        new Expr.Cast(operand.expr(), type, true, true),
        "CAST(" + operand.sql() + " AS " + type.displayName() + ")");
  }
}
