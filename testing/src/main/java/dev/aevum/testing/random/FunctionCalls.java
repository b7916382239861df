package dev.aevum.testing.random;

import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.CharType;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.model.type.VarcharType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Calls of functions and operators whose result has a wanted type, other than boolean.
final class FunctionCalls {
  /// Names that the generator uses, for the coverage of a run.
  static final List<String> NAMES =
      List.of(
          "+",
          "-",
          "*",
          "/",
          "%",
          "abs",
          "round",
          "trunc",
          "ceil",
          "floor",
          "extract",
          "length",
          "strpos",
          "||",
          "concat",
          "lower",
          "upper",
          "substring",
          "replace",
          "left",
          "right",
          "btrim",
          "ltrim",
          "rtrim",
          "reverse",
          "repeat",
          "date_trunc",
          "greatest",
          "least",
          "=",
          "<>",
          "<",
          "<=",
          ">",
          ">=",
          "~~",
          "!~~",
          "starts_with");

  private static final List<SqlType> TIMES =
      List.of(
          SimpleType.DATE,
          SimpleType.TIME,
          SimpleType.TIMESTAMP,
          SimpleType.TIMESTAMPTZ,
          SimpleType.INTERVAL);

  private final ExpressionGenerator expressions;
  private final Dice dice;
  private final ContainerCalls containers;

  FunctionCalls(ExpressionGenerator expressions, Dice dice) {
    this.expressions = expressions;
    this.dice = dice;
    this.containers = new ContainerCalls(expressions, dice);
  }

  /// Null where the choice fell on something that the type does not have.
  @Nullable Typed of(SqlType type, List<Typed> scope, int depth) {
    return switch (type) {
      case DecimalType d -> numeric(type, scope, depth);
      case VarcharType v -> null;
      case CharType c -> null;
      case SimpleType s ->
          switch (s) {
            case NUMERIC -> dice.chance(25) ? extract(scope, depth) : numeric(type, scope, depth);
            case SMALLINT, BIGINT -> arithmetic(type, scope, depth);
            case INTEGER ->
                dice.chance(55) ? measure(scope, depth) : arithmetic(type, scope, depth);
            case REAL -> arithmetic(type, scope, depth);
            case DOUBLE ->
                dice.chance(20) ? rounded(type, scope, depth) : arithmetic(type, scope, depth);
            case TEXT -> text(scope, depth);
            case TIMESTAMP, TIMESTAMPTZ -> timestamp(type, scope, depth);
            case DATE -> date(scope, depth);
            case INTERVAL -> interval(scope, depth);
            case JSONB -> containers.document(scope, depth);
            default -> null;
          };
      case ArrayType a -> containers.array(a, scope, depth);
      default -> null;
    };
  }

  private static final List<String> RARE =
      List.of(
          "lower",
          "upper",
          "reverse",
          "btrim",
          "ltrim",
          "rtrim",
          "length",
          "strpos",
          "starts_with",
          "replace",
          "left",
          "right",
          "repeat",
          "substring",
          "round",
          "ceil",
          "floor",
          "concat",
          "->",
          "->>",
          "#>",
          "#>>",
          "jsonb_typeof",
          "jsonb_array_length",
          "cardinality",
          "array_length",
          "array_position",
          "array_to_string");

  /// The one of these whose turn it is.
  @Nullable Typed rare(List<Typed> scope) {
    SqlType t = SimpleType.TEXT;
    String name = dice.turn(RARE, AggregateCalls.ROLES);
    return switch (name) {
      case "strpos", "starts_with" -> expressions.call(name, scope, 0, t, t);
      case "replace" -> expressions.call(name, scope, 0, t, t, t);
      case "repeat" -> repeat(scope, 0);
      case "substring" -> substring(scope, 0);
      case "round" -> rounded(name, SimpleType.NUMERIC, scope, 0);
      case "ceil", "floor" -> expressions.call(name, scope, 0, SimpleType.NUMERIC);
      case "concat" -> concat(scope, 0);
      case "left", "right" -> expressions.call(name, scope, 0, t, SimpleType.INTEGER);
      case "lower", "upper", "reverse", "btrim", "ltrim", "rtrim", "length" ->
          expressions.call(name, scope, 0, t);
      default -> containers.named(name, scope);
    };
  }

  private @Nullable Typed arithmetic(SqlType type, List<Typed> scope, int depth) {
    if (dice.chance(14)) {
      return expressions.call(dice.chance(50) ? "-" : "abs", scope, depth, type);
    }
    boolean whole = ExpressionGenerator.INTEGERS.contains(type);
    String name = dice.pick(whole ? List.of("+", "-", "*", "/", "%") : List.of("+", "-", "*", "/"));
    return binary(name, type, type, scope, depth);
  }

  /// Most divisors are not zero: a row that fails has no result to compare.
  private @Nullable Typed binary(
      String name, SqlType left, SqlType right, List<Typed> scope, int depth) {
    Typed divisor = null;
    if ((name.equals("/") || name.equals("%")) && dice.chance(70)) {
      divisor = nonZero(right, scope, depth);
    }
    return divisor == null
        ? expressions.call(name, scope, depth, left, right)
        : expressions.apply(name, List.of(expressions.of(left, scope, depth), divisor));
  }

  private @Nullable Typed nonZero(SqlType type, List<Typed> scope, int depth) {
    Object zero =
        switch (type) {
          case DecimalType d -> java.math.BigDecimal.ZERO.setScale(d.scale());
          case SimpleType s when s == SimpleType.NUMERIC -> java.math.BigDecimal.ZERO;
          case SimpleType s when s == SimpleType.REAL || s == SimpleType.DOUBLE -> 0.0;
          default -> 0L;
        };
    Typed divisor = expressions.of(type, scope, depth);
    return expressions.nullIf(divisor, ExpressionGenerator.literal(type, zero));
  }

  /// Results of decimal arithmetic have types of their own: cast to what is wanted.
  private @Nullable Typed numeric(SqlType type, List<Typed> scope, int depth) {
    List<SqlType> kinds =
        List.of(
            SimpleType.NUMERIC,
            new DecimalType(9, 2),
            new DecimalType(18, 4),
            new DecimalType(30, 3));
    Typed made =
        switch (dice.below(7)) {
          case 0 -> rounded(dice.pick(kinds), scope, depth);
          case 1 -> expressions.call(dice.chance(50) ? "-" : "abs", scope, depth, dice.pick(kinds));
          default ->
              binary(
                  dice.pick(List.of("+", "-", "*", "/", "%")),
                  dice.pick(kinds),
                  dice.pick(kinds),
                  scope,
                  depth);
        };
    return made == null || made.type().equals(type) ? made : expressions.castTo(made, type);
  }

  private @Nullable Typed rounded(SqlType type, List<Typed> scope, int depth) {
    return rounded(dice.pick(List.of("round", "trunc", "ceil", "floor")), type, scope, depth);
  }

  private @Nullable Typed rounded(String name, SqlType type, List<Typed> scope, int depth) {
    if (type == SimpleType.DOUBLE || name.equals("ceil") || name.equals("floor")) {
      return expressions.call(name, scope, depth, type);
    }
    Typed value = expressions.of(type, scope, depth);
    Typed digits = ExpressionGenerator.literal(SimpleType.INTEGER, (long) dice.between(-1, 3));
    return expressions.apply(name, List.of(value, digits));
  }

  private @Nullable Typed extract(List<Typed> scope, int depth) {
    SqlType type = dice.pick(TIMES);
    List<String> fields = new ArrayList<>();
    if (type != SimpleType.DATE) {
      fields.addAll(List.of("hour", "minute", "second", "epoch"));
    }
    if (type != SimpleType.TIME) {
      fields.addAll(List.of("year", "month", "day"));
    }
    if (type != SimpleType.TIME && type != SimpleType.INTERVAL) {
      fields.addAll(List.of("quarter", "week", "dow", "doy"));
    }
    Typed field = ExpressionGenerator.literal(SimpleType.TEXT, dice.pick(fields));
    return expressions.apply("extract", List.of(field, expressions.of(type, scope, depth)));
  }

  private @Nullable Typed measure(List<Typed> scope, int depth) {
    if (dice.chance(65)) {
      return containers.number(scope, depth);
    }
    return dice.chance(50)
        ? expressions.call("length", scope, depth, SimpleType.TEXT)
        : expressions.call("strpos", scope, depth, SimpleType.TEXT, SimpleType.TEXT);
  }

  private @Nullable Typed text(List<Typed> scope, int depth) {
    SqlType t = SimpleType.TEXT;
    SqlType i = SimpleType.INTEGER;
    return switch (dice.weighted(10, 10, 10, 10, 15, 18, 10, 10, 10, 35)) {
      case 0 -> expressions.call("||", scope, depth, t, t);
      case 1 -> expressions.call(dice.chance(50) ? "lower" : "upper", scope, depth, t);
      case 2 -> substring(scope, depth);
      case 3 -> expressions.call("replace", scope, depth, t, t, t);
      case 4 -> expressions.call(dice.chance(50) ? "left" : "right", scope, 0, t, i);
      case 5 -> expressions.call(dice.pick(List.of("btrim", "ltrim", "rtrim")), scope, depth, t);
      case 6 -> repeat(scope, depth);
      case 7 -> concat(scope, depth);
      case 8 -> expressions.call("reverse", scope, depth, t);
      default -> containers.text(scope, depth);
    };
  }

  private @Nullable Typed repeat(List<Typed> scope, int depth) {
    Typed count = ExpressionGenerator.literal(SimpleType.INTEGER, (long) dice.between(-1, 3));
    return expressions.apply(
        "repeat", List.of(expressions.of(SimpleType.TEXT, scope, depth), count));
  }

  private @Nullable Typed concat(List<Typed> scope, int depth) {
    List<Typed> parts = new ArrayList<>();
    for (int n = dice.between(1, 3); n > 0; n--) {
      SqlType type = dice.pick(SchemaGenerator.TYPES);
      parts.add(expressions.of(type instanceof CharType ? SimpleType.TEXT : type, scope, depth));
    }
    return expressions.apply("concat", parts);
  }

  private @Nullable Typed substring(List<Typed> scope, int depth) {
    SqlType i = SimpleType.INTEGER;
    Typed length =
        dice.chance(15)
            ? expressions.of(i, scope, 0)
            : ExpressionGenerator.literal(i, (long) dice.between(0, 4));
    return expressions.apply(
        "substring",
        List.of(
            expressions.of(SimpleType.TEXT, scope, depth), expressions.of(i, scope, 0), length));
  }

  private @Nullable Typed timestamp(SqlType type, List<Typed> scope, int depth) {
    if (dice.chance(30)) {
      String unit =
          dice.pick(List.of("second", "minute", "hour", "day", "week", "month", "quarter", "year"));
      Typed name = ExpressionGenerator.literal(SimpleType.TEXT, unit);
      return expressions.apply("date_trunc", List.of(name, expressions.of(type, scope, depth)));
    }
    if (type == SimpleType.TIMESTAMP && dice.chance(20)) {
      return expressions.call(
          dice.chance(50) ? "+" : "-", scope, depth, SimpleType.DATE, SimpleType.INTERVAL);
    }
    return expressions.call(dice.chance(50) ? "+" : "-", scope, depth, type, SimpleType.INTERVAL);
  }

  private @Nullable Typed date(List<Typed> scope, int depth) {
    return expressions.call(
        dice.chance(50) ? "+" : "-", scope, depth, SimpleType.DATE, SimpleType.INTEGER);
  }

  private @Nullable Typed interval(List<Typed> scope, int depth) {
    SqlType interval = SimpleType.INTERVAL;
    return switch (dice.below(5)) {
      case 0, 1 -> expressions.call(dice.chance(50) ? "+" : "-", scope, depth, interval, interval);
      case 2 -> expressions.call("-", scope, depth, interval);
      case 3 -> expressions.call("-", scope, depth, SimpleType.TIMESTAMPTZ, SimpleType.TIMESTAMPTZ);
      default -> expressions.call("-", scope, depth, SimpleType.TIMESTAMP, SimpleType.TIMESTAMP);
    };
  }
}
