package dev.aevum.testing.random;

import dev.aevum.model.type.CharType;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.model.type.VarcharType;
import dev.aevum.planner.plan.AggregateCall;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.function.FunctionSignature;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The aggregate calls of one GROUP BY: all that views support, of every type they take, with
/// DISTINCT and FILTER.
public final class AggregateCalls {
  /// Aggregates of one argument that views support.
  public static final List<String> NAMES =
      List.of(
          "count",
          "sum",
          "avg",
          "min",
          "max",
          "bool_and",
          "every",
          "bool_or",
          "var_pop",
          "var_samp");

  private static final List<String> SUMS =
      List.of("count", "sum", "avg", "bool_and", "every", "bool_or");

  private final Dice dice;
  private final Coverage coverage;
  private final Signatures signatures;
  private final ExpressionGenerator expressions;
  private final List<AggregateCall> calls = new ArrayList<>();
  private final List<String> sql = new ArrayList<>();
  private boolean standard = true;

  AggregateCalls(
      Dice dice, Coverage coverage, Signatures signatures, ExpressionGenerator expressions) {
    this.dice = dice;
    this.coverage = coverage;
    this.signatures = signatures;
    this.expressions = expressions;
  }

  List<AggregateCall> calls() {
    return calls;
  }

  /// Each call as written.
  List<String> sql() {
    return sql;
  }

  /// Whether PostgreSQL has all of them and gives the same values.
  boolean standard() {
    return standard;
  }

  /// Types of [SchemaGenerator#TYPES] that an aggregate takes.
  public static List<SqlType> arguments(Signatures signatures, String name) {
    return SchemaGenerator.TYPES.stream().filter(t -> find(signatures, name, t) != null).toList();
  }

  private static @Nullable FunctionSignature find(
      Signatures signatures, String name, SqlType type) {
    FunctionSignature exact =
        signatures.find(name, FunctionSignature.Kind.AGGREGATE, List.of(type));
    return exact != null
        ? exact
        : signatures.find(name, FunctionSignature.Kind.AGGREGATE, List.of(asText(type)));
  }

  private static SqlType asText(SqlType type) {
    return type instanceof VarcharType || type instanceof CharType ? SimpleType.TEXT : type;
  }

  /// Every fourth seed of a row has the same role.
  static final long ROLES = 4;

  /// What calls are made of.
  enum Kind {
    ANY,
    /// What has its turn: seeds of a role in a row have each name, with and without DISTINCT, each
    /// type, and each name of each type.
    DUE,
    /// What adds up from parts of the rows.
    SUMS
  }

  /// Calls over rows of `scope`; what they read is added to `columns`.
  void make(Kind kind, List<Typed> scope, List<Typed> columns) {
    switch (kind) {
      case ANY -> any(scope, columns);
      case DUE -> due(scope, columns);
      case SUMS -> {
        rows(scope, columns);
        for (int i = dice.between(1, 2); i > 0; i--) {
          String name = dice.pick(SUMS);
          call(name, false, argument(name, scope), scope, columns);
        }
      }
    }
  }

  private void due(List<Typed> scope, List<Typed> columns) {
    long round = round();
    for (int i = 0; i < 3; i++) {
      Taken taken = at(taken(), round * 3 + i);
      call(taken.name(), distinct(), argument(taken.type(), scope), scope, columns);
    }
    for (int i = 0; i < 2; i++) {
      String name = at(NAMES, round * 2 + i);
      boolean distinct =
          name.startsWith("bool") || name.equals("every")
              ? dice.chance(65)
              : Math.floorMod(Math.floorDiv(round, NAMES.size() / 2), 2) == 0;
      call(name, distinct, argument(name, scope), scope, columns);
    }
    SqlType type = dice.turn(SchemaGenerator.TYPES);
    List<String> names = NAMES.stream().filter(n -> find(signatures, n, type) != null).toList();
    for (int i = 0; i < 2; i++) {
      call(dice.pick(names), distinct(), argument(type, scope), scope, columns);
    }
  }

  /// How many seeds of the same role were before this one.
  private long round() {
    return Math.floorDiv(dice.seed(), ROLES);
  }

  private boolean distinct() {
    return dice.chance(42);
  }

  private static <T> T at(List<T> choices, long index) {
    return choices.get((int) Math.floorMod(index, (long) choices.size()));
  }

  private void any(List<Typed> scope, List<Typed> columns) {
    if (dice.chance(60)) {
      Taken turn = dice.turn(taken(), ROLES);
      call(turn.name(), distinct(), argument(turn.type(), scope), scope, columns);
    }
    for (int i = dice.between(calls.isEmpty() ? 1 : 0, 3); i > 0; i--) {
      if (dice.chance(12)) {
        rows(scope, columns);
      } else {
        String name = NAMES.get(dice.weighted(15, 13, 13, 15, 15, 11, 11, 11, 8, 8));
        call(name, distinct(), argument(name, scope), scope, columns);
      }
    }
  }

  /// An aggregate and a type it takes.
  private record Taken(String name, SqlType type) {}

  private List<Taken> taken() {
    List<Taken> all = new ArrayList<>();
    for (String name : NAMES) {
      arguments(signatures, name).forEach(type -> all.add(new Taken(name, type)));
    }
    return all;
  }

  private void rows(List<Typed> scope, List<Typed> columns) {
    coverage.count("aggregate", "count(*)");
    FunctionSignature count = signatures.find("count", FunctionSignature.Kind.AGGREGATE, List.of());
    int filter = filter(scope, columns, "count(*)");
    calls.add(
        new AggregateCall(
            Objects.requireNonNull(count, "count(*)"),
            List.of(),
            false,
            filter,
            List.of(),
            SimpleType.BIGINT,
            false));
  }

  private void call(
      String name, boolean distinct, Typed argument, List<Typed> scope, List<Typed> columns) {
    SqlType type = argument.type();
    FunctionSignature function = Objects.requireNonNull(find(signatures, name, type), name);
    coverage.count("aggregate", (distinct ? "distinct " : "") + name);
    coverage.count("aggregated", SchemaGenerator.label(type));
    coverage.count("aggregate of", name + "(" + SchemaGenerator.label(type) + ")");
    boolean asIs = signatures.find(name, FunctionSignature.Kind.AGGREGATE, List.of(type)) != null;
    columns.add(
        asIs
            ? argument
            : new Typed(
                new Expr.Cast(argument.expr(), SimpleType.TEXT, true, false), argument.sql()));
    int column = columns.size() - 1;
    SqlType result = function.result().resolve(List.of(columns.getLast().type()));
    standard &= isStandard(name, type, result);
    int filter =
        filter(scope, columns, name + "(" + (distinct ? "DISTINCT " : "") + argument.sql() + ")");
    calls.add(
        new AggregateCall(function, List.of(column), distinct, filter, List.of(), result, true));
  }

  private Typed argument(String name, List<Typed> scope) {
    List<SqlType> types = arguments(signatures, name);
    List<SqlType> present =
        scope.stream().map(Typed::type).distinct().filter(types::contains).toList();
    SqlType turn = dice.turn(SchemaGenerator.TYPES);
    SqlType type =
        types.contains(turn) && dice.chance(35)
            ? turn
            : present.isEmpty() || dice.chance(40) ? dice.pick(types) : dice.pick(present);
    return argument(type, scope);
  }

  private Typed argument(SqlType type, List<Typed> scope) {
    List<Typed> fitting = scope.stream().filter(t -> t.type().equals(type)).toList();
    return fitting.isEmpty() || dice.chance(15)
        ? expressions.of(type, scope, 1)
        : dice.pick(fitting);
  }

  private static boolean isStandard(String name, SqlType type, SqlType result) {
    boolean extreme = name.equals("min") || name.equals("max");
    boolean adds = name.equals("sum") || name.equals("avg") || name.startsWith("var_");
    // PostgreSQL adds floats in the order they come.
    if (adds && (type == SimpleType.REAL || type == SimpleType.DOUBLE)) {
      return false;
    }
    // Sums of decimals are decimals of 38 digits here and have no bound there.
    boolean bounded =
        result instanceof DecimalType d
            && d.precision() == DecimalType.MAX_PRECISION
            && type instanceof DecimalType a
            && a.precision() > 28;
    return !bounded && !(extreme && type == SimpleType.UUID);
  }

  private int filter(List<Typed> scope, List<Typed> columns, String call) {
    if (!dice.chance(15)) {
      sql.add(call);
      return -1;
    }
    coverage.count("aggregate", "filter");
    Typed condition = expressions.condition(scope, 1);
    columns.add(condition);
    sql.add(call + " FILTER (WHERE " + condition.sql() + ")");
    return columns.size() - 1;
  }
}
