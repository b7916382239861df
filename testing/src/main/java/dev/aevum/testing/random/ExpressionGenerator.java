package dev.aevum.testing.random;

import dev.aevum.model.text.PgText;
import dev.aevum.model.text.TextStyle;
import dev.aevum.model.type.ArrayType;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Expressions of a wanted type over columns in scope, from what the catalogue has: an overload
/// that is not there yet is not used (and shows in the coverage). SQL is fully parenthesised and
/// every literal carries its type.
public final class ExpressionGenerator {
  /// What a run counts as `family`.
  public static final List<String> FAMILIES =
      List.of(
          "comparison",
          "pattern",
          "arithmetic",
          "text",
          "time",
          "json",
          "array",
          "logic",
          "null test",
          "conditional",
          "cast");

  /// What a run counts as `expression`.
  public static final List<String> EXPRESSIONS =
      List.of(
          "and",
          "or",
          "not",
          "is null",
          "is boolean",
          "is distinct",
          "in",
          "between",
          "case",
          "coalesce",
          "greatest",
          "least",
          "nullif",
          "quantified");

  /// What a run counts as `function`.
  public static final List<String> FUNCTIONS =
      Stream.concat(FunctionCalls.NAMES.stream(), ContainerCalls.NAMES.stream()).toList();

  static final List<SqlType> INTEGERS =
      List.of(SimpleType.SMALLINT, SimpleType.INTEGER, SimpleType.BIGINT);

  private final Dice dice;
  private final Coverage coverage;
  private final Signatures signatures;
  private final ValueGenerator values;
  private final BiPredicate<SqlType, SqlType> castable;
  private final FunctionCalls calls;
  private final Conditions conditions;

  /// Whether PostgreSQL has that cast between types of [SchemaGenerator#TYPES].
  public static boolean standardCast(SqlType from, SqlType to) {
    if (isText(from) || isText(to)) {
      return true;
    }
    if (isNumber(from) && isNumber(to)) {
      return true;
    }
    if (from == SimpleType.JSONB) {
      return isNumber(to) || to == SimpleType.BOOLEAN;
    }
    if (from instanceof ArrayType && to instanceof ArrayType) {
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

  static boolean isText(SqlType type) {
    return type == SimpleType.TEXT || type instanceof VarcharType || type instanceof CharType;
  }

  static boolean isNumber(SqlType type) {
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
    this.calls = new FunctionCalls(this, dice);
    this.conditions = new Conditions(this, dice, coverage);
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

  /// A comparison of two values of that type, some of them columns.
  @Nullable Typed comparison(SqlType type, List<Typed> scope) {
    return conditions.comparison(type, scope);
  }

  /// A call of a function that few expressions have.
  @Nullable Typed rare(List<Typed> scope) {
    return calls.rare(scope);
  }

  /// A cast to the type whose turn it is, to another that casts seldom meet, or from these.
  Typed casting(List<Typed> scope) {
    List<SqlType> seldom =
        List.of(
            SimpleType.JSONB,
            ContainerCalls.INTEGERS,
            ContainerCalls.TEXTS,
            SimpleType.BYTEA,
            SimpleType.DATE,
            SimpleType.INTERVAL,
            SimpleType.TIMESTAMP,
            SimpleType.TIMESTAMPTZ);
    SqlType type = dice.chance(45) ? dice.turn(SchemaGenerator.TYPES) : dice.pick(seldom);
    Typed to = dice.chance(50) ? cast(type, scope, 0) : null;
    SqlType text = type == SimpleType.TEXT ? new VarcharType(8) : SimpleType.TEXT;
    return to == null ? castTo(of(type, scope, 0), text) : to;
  }

  private Typed leaf(SqlType type, List<Typed> scope) {
    List<Typed> fitting = scope.stream().filter(t -> t.type().equals(type)).toList();
    if (!fitting.isEmpty()) {
      return dice.chance(25) ? literal(type) : dice.pick(fitting);
    }
    List<Typed> near =
        scope.stream()
            .filter(t -> !mayNotFit(t.type(), type) && castable.test(t.type(), type))
            .toList();
    return near.isEmpty() || dice.chance(type == SimpleType.BOOLEAN ? 88 : 65)
        ? literal(type)
        : castTo(dice.pick(near), type);
  }

  public Typed literal(SqlType type) {
    return literal(type, values.nullable(type, dice.chance(40)));
  }

  /// A literal that is not NULL.
  Typed present(SqlType type) {
    return literal(type, values.value(type));
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
    // What numbers and texts have in functions, other types have in casts.
    int casts = isNumber(type) || type == SimpleType.TEXT || type == SimpleType.BOOLEAN ? 14 : 48;
    return switch (dice.weighted(58, 7, 7, casts, 8)) {
      case 0 -> function(type, scope, depth);
      case 1 -> conditional(type, scope, depth);
      case 2 -> coalesce(type, scope, depth);
      case 3 -> cast(type, scope, depth);
      default -> choice(type, scope, depth);
    };
  }

  private @Nullable Typed function(SqlType type, List<Typed> scope, int depth) {
    return type == SimpleType.BOOLEAN ? conditions.of(scope, depth) : calls.of(type, scope, depth);
  }

  @Nullable Typed call(String name, List<Typed> scope, int depth, SqlType... types) {
    if (signatures.find(name, FunctionSignature.Kind.SCALAR, List.of(types)) == null) {
      return null;
    }
    List<Typed> arguments = new ArrayList<>();
    for (SqlType type : types) {
      arguments.add(of(type, scope, depth));
    }
    return apply(name, arguments);
  }

  /// Null where no overload takes arguments of these types.
  @Nullable Typed apply(String name, List<Typed> arguments) {
    List<SqlType> types = arguments.stream().map(Typed::type).toList();
    FunctionSignature f = signatures.find(name, FunctionSignature.Kind.SCALAR, types);
    return f == null ? null : apply(f, arguments);
  }

  /// A call of an overload of text, of columns whose text it takes.
  @Nullable Typed applyToText(String name, List<Typed> arguments) {
    List<SqlType> types = arguments.stream().map(a -> (SqlType) SimpleType.TEXT).toList();
    FunctionSignature f = signatures.find(name, FunctionSignature.Kind.SCALAR, types);
    return f == null ? null : apply(f, arguments);
  }

  /// `value comparison ANY (array)`, or ALL, over values of that type.
  @Nullable Typed quantified(String comparison, SqlType type, List<Typed> scope, int depth) {
    FunctionSignature f =
        signatures.find(comparison, FunctionSignature.Kind.SCALAR, List.of(type, type));
    if (f == null) {
      return null;
    }
    Typed left = of(type, scope, depth);
    Typed array = of(new ArrayType(type), scope, depth);
    boolean all = dice.chance(40);
    return new Typed(
        new Expr.ArrayQuantified(left.expr(), f, array.expr(), all, true),
        "(" + left.sql() + " " + comparison + (all ? " ALL (" : " ANY (") + array.sql() + "))");
  }

  private Typed apply(FunctionSignature f, List<Typed> arguments) {
    List<SqlType> types = arguments.stream().map(Typed::type).toList();
    coverage.count("function", f.name());
    coverage.count("family", family(f.name(), types));
    List<Expr> operands = new ArrayList<>();
    for (Typed argument : arguments) {
      // What char(n) stands for is its text without the blanks.
      operands.add(
          argument.type() instanceof CharType
              ? new Expr.Cast(argument.expr(), SimpleType.TEXT, true, false)
              : argument.expr());
    }
    Expr expr = new Expr.Call(f, operands, f.result().resolve(types), true);
    return new Typed(expr, sql(f.name(), arguments));
  }

  private static String family(String name, List<SqlType> types) {
    SqlType type = types.getLast();
    if (Conditions.COMPARISONS.contains(name)) {
      return "comparison";
    }
    if (name.equals("~~") || name.equals("!~~")) {
      return "pattern";
    }
    if (name.equals("greatest") || name.equals("least")) {
      return "conditional";
    }
    if (types.getFirst() == SimpleType.JSONB) {
      return "json";
    }
    if (types.getFirst() instanceof ArrayType) {
      return "array";
    }
    if (isNumber(type) && !name.equals("left") && !name.equals("right")) {
      return name.equals("substring") || name.equals("repeat") ? "text" : "arithmetic";
    }
    return isText(type) || name.equals("left") || name.equals("right") ? "text" : "time";
  }

  private static String sql(String name, List<Typed> arguments) {
    boolean symbol = !Character.isLetter(name.charAt(0));
    if (symbol && arguments.size() == 2) {
      String operator =
          switch (name) {
            case "~~" -> "LIKE";
            case "!~~" -> "NOT LIKE";
            default -> name;
          };
      return "(" + arguments.get(0).sql() + " " + operator + " " + arguments.get(1).sql() + ")";
    }
    if (symbol) {
      return "(" + name + " " + arguments.getFirst().sql() + ")";
    }
    if (name.equals("array_subscript")) {
      return "(" + arguments.get(0).sql() + ")[" + arguments.get(1).sql() + "]";
    }
    if (name.equals("extract")) {
      Object field = ((Expr.Literal) arguments.getFirst().expr()).value();
      return "EXTRACT(" + field + " FROM " + arguments.get(1).sql() + ")";
    }
    return name + "(" + arguments.stream().map(Typed::sql).collect(Collectors.joining(", ")) + ")";
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

  /// The greatest, the least, or none when both are equal.
  private @Nullable Typed choice(SqlType type, List<Typed> scope, int depth) {
    if (type instanceof CharType || type instanceof VarcharType) {
      return null;
    }
    String name = dice.pick(List.of("greatest", "least", "nullif"));
    List<Typed> operands = new ArrayList<>(List.of(of(type, scope, depth), of(type, scope, depth)));
    if (name.equals("nullif")) {
      return nullIf(operands.get(0), operands.get(1));
    }
    if (dice.chance(30)) {
      operands.add(of(type, scope, depth));
    }
    Typed made = apply(name, operands);
    if (made != null) {
      coverage.count("expression", name);
    }
    return made;
  }

  /// `NULLIF(a, b)` is `CASE WHEN a = b THEN NULL ELSE a END`.
  @Nullable Typed nullIf(Typed value, Typed other) {
    Typed equal = apply("=", List.of(value, other));
    if (equal == null) {
      return null;
    }
    coverage.count("expression", "nullif");
    coverage.count("family", "conditional");
    Expr none = new Expr.Literal(null, value.type());
    return new Typed(
        new Expr.Case(List.of(new Expr.When(equal.expr(), none)), value.expr(), value.type(), true),
        "NULLIF(" + value.sql() + ", " + other.sql() + ")");
  }

  private @Nullable Typed cast(SqlType type, List<Typed> scope, int depth) {
    List<SqlType> sources =
        SchemaGenerator.TYPES.stream()
            .filter(t -> !t.equals(type) && castable.test(t, type))
            .toList();
    if (isText(type)) {
      SqlType turn = dice.turn(SchemaGenerator.TYPES);
      SqlType source = sources.contains(turn) && dice.chance(30) ? turn : dice.pick(sources);
      return castTo(of(source, scope, depth), type);
    }
    boolean bold = dice.chance(10);
    List<SqlType> others =
        sources.stream().filter(t -> !isText(t) && (bold || !mayNotFit(t, type))).toList();
    if (!others.isEmpty() && dice.chance(70)) {
      return castTo(of(dice.pick(others), scope, depth), type);
    }
    List<SqlType> texts = sources.stream().filter(ExpressionGenerator::isText).toList();
    return texts.isEmpty() ? null : castTo(textFor(type, dice.pick(texts), scope, depth), type);
  }

  /// Whether most values of a type are none of another that they can be cast to.
  private static boolean mayNotFit(SqlType from, SqlType to) {
    return !isText(to)
        && (isText(from) || from == SimpleType.JSONB || from.equals(ContainerCalls.TEXTS));
  }

  /// Any text, which mostly is no value of the type, so that the row is an error; more often the
  /// text of a value.
  private Typed textFor(SqlType type, SqlType text, List<Typed> scope, int depth) {
    if (dice.chance(8) || !castable.test(type, text)) {
      return of(text, scope, depth);
    }
    boolean fits = text == SimpleType.TEXT || type == SimpleType.BOOLEAN || INTEGERS.contains(type);
    return castTo(of(type, scope, depth), fits ? text : SimpleType.TEXT);
  }

  Typed castTo(Typed operand, SqlType type) {
    coverage.count("family", "cast");
    coverage.count("cast to", SchemaGenerator.label(type));
    coverage.count("cast from", SchemaGenerator.label(operand.type()));
    return new Typed(
        new Expr.Cast(operand.expr(), type, true, true),
        "CAST(" + operand.sql() + " AS " + type.displayName() + ")");
  }
}
