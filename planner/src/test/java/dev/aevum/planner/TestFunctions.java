package dev.aevum.planner;

import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.function.FunctionCatalog;
import dev.aevum.planner.plan.function.FunctionSignature;
import dev.aevum.planner.plan.function.FunctionSignature.ArgumentType;
import dev.aevum.planner.plan.function.FunctionSignature.Kind;
import dev.aevum.planner.plan.function.FunctionSignature.ResultRule;
import dev.aevum.planner.plan.function.FunctionSignature.Volatility;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A small set of functions with PostgreSQL's signatures, enough to test resolution and planning.
final class TestFunctions implements FunctionCatalog {
  private final Map<String, List<FunctionSignature>> byName = new LinkedHashMap<>();

  private static final ArgumentType NUMERIC = new ArgumentType.AnyNumeric();
  private static final ArgumentType ELEMENT = new ArgumentType.AnyElement();
  private static final ArgumentType ARRAY = new ArgumentType.AnyArray();
  private static final ArgumentType ANY = new ArgumentType.Any();

  TestFunctions() {
    SqlType[] ordered = {
      SimpleType.BOOLEAN, SimpleType.SMALLINT, SimpleType.INTEGER, SimpleType.BIGINT,
          SimpleType.REAL,
      SimpleType.DOUBLE, SimpleType.TEXT, SimpleType.DATE, SimpleType.TIME, SimpleType.TIMESTAMP,
      SimpleType.TIMESTAMPTZ, SimpleType.INTERVAL, SimpleType.UUID, SimpleType.PG_CHAR,
          SimpleType.OID
    };
    for (String name : List.of("=", "<>", "<", "<=", ">", ">=")) {
      for (SqlType type : ordered) {
        scalar(name, types -> SimpleType.BOOLEAN, exact(type), exact(type));
      }
      scalar(name, types -> SimpleType.BOOLEAN, NUMERIC, NUMERIC);
      scalar(name, types -> SimpleType.BOOLEAN, ARRAY, ARRAY);
    }
    SqlType[] numbers = {
      SimpleType.SMALLINT, SimpleType.INTEGER, SimpleType.BIGINT, SimpleType.REAL, SimpleType.DOUBLE
    };
    for (String name : List.of("+", "-", "*", "/", "%")) {
      for (SqlType type : numbers) {
        scalar(name, types -> type, exact(type), exact(type));
      }
      scalar(name, types -> SimpleType.NUMERIC, NUMERIC, NUMERIC);
    }
    for (SqlType type : numbers) {
      scalar("-", types -> type, exact(type));
    }
    SqlType interval = SimpleType.INTERVAL;
    for (SqlType time : List.of(SimpleType.TIMESTAMP, SimpleType.TIMESTAMPTZ)) {
      scalar("+", types -> time, exact(time), exact(interval));
      scalar("-", types -> time, exact(time), exact(interval));
      scalar("-", types -> interval, exact(time), exact(time));
    }
    scalar("*", types -> interval, exact(interval), exact(SimpleType.DOUBLE));
    scalar("+", types -> SimpleType.DATE, exact(SimpleType.DATE), exact(SimpleType.INTEGER));
    for (String name : List.of("~~", "!~~", "~", "!~")) {
      scalar(name, types -> SimpleType.BOOLEAN, text(), text());
    }
    scalar("||", types -> SimpleType.TEXT, text(), text());
    scalar("upper", types -> SimpleType.TEXT, text());
    scalar("length", types -> SimpleType.INTEGER, text());
    scalar("abs", types -> types.getFirst(), NUMERIC);
    scalar("abs", types -> SimpleType.DOUBLE, exact(SimpleType.DOUBLE));
    scalar(
        "array_subscript",
        types -> ((ArrayType) types.getFirst()).element(),
        ARRAY,
        exact(SimpleType.INTEGER));
    scalar("date_trunc", types -> SimpleType.TIMESTAMPTZ, text(), exact(SimpleType.TIMESTAMPTZ));
    scalar("date_trunc", types -> SimpleType.TIMESTAMP, text(), exact(SimpleType.TIMESTAMP));
    add("random", Kind.SCALAR, Volatility.VOLATILE, types -> SimpleType.DOUBLE);
    add("now", Kind.SCALAR, Volatility.STABLE, types -> SimpleType.TIMESTAMPTZ);
    add("version", Kind.SCALAR, Volatility.STABLE, types -> SimpleType.TEXT);
    aggregate("count", types -> SimpleType.BIGINT);
    aggregate("count", types -> SimpleType.BIGINT, ANY);
    for (String name : List.of("min", "max")) {
      for (SqlType type : ordered) {
        aggregate(name, types -> type, exact(type));
      }
      aggregate(name, types -> types.getFirst(), NUMERIC);
    }
    aggregate("sum", types -> SimpleType.BIGINT, exact(SimpleType.INTEGER));
    aggregate("sum", types -> new DecimalType(38, 0), exact(SimpleType.BIGINT));
    aggregate("sum", types -> SimpleType.NUMERIC, NUMERIC);
    aggregate("avg", types -> SimpleType.NUMERIC, exact(SimpleType.BIGINT));
    aggregate("avg", types -> SimpleType.NUMERIC, NUMERIC);
    aggregate("array_agg", types -> new ArrayType(types.getFirst()), ELEMENT);
    add("row_number", Kind.WINDOW, Volatility.IMMUTABLE, types -> SimpleType.BIGINT);
    add("lag", Kind.WINDOW, Volatility.IMMUTABLE, List::getFirst, ELEMENT);
    add(
        "unnest",
        Kind.SET_RETURNING,
        Volatility.IMMUTABLE,
        types -> ((ArrayType) types.getFirst()).element(),
        ARRAY);
    add(
        "generate_series",
        Kind.SET_RETURNING,
        Volatility.IMMUTABLE,
        types -> SimpleType.INTEGER,
        exact(SimpleType.INTEGER),
        exact(SimpleType.INTEGER));
    add(
        "generate_subscripts",
        Kind.SET_RETURNING,
        Volatility.IMMUTABLE,
        types -> SimpleType.INTEGER,
        ARRAY,
        exact(SimpleType.INTEGER));
  }

  private static ArgumentType exact(SqlType type) {
    return new ArgumentType.Exact(type);
  }

  private static ArgumentType text() {
    return exact(SimpleType.TEXT);
  }

  private void scalar(String name, ResultRule result, ArgumentType... arguments) {
    add(name, Kind.SCALAR, Volatility.IMMUTABLE, result, arguments);
  }

  private void aggregate(String name, ResultRule result, ArgumentType... arguments) {
    add(name, Kind.AGGREGATE, Volatility.IMMUTABLE, result, arguments);
  }

  private void add(
      String name, Kind kind, Volatility volatility, ResultRule result, ArgumentType... arguments) {
    byName
        .computeIfAbsent(name, n -> new ArrayList<>())
        .add(
            new FunctionSignature(
                name,
                kind,
                Arrays.asList(arguments),
                false,
                result,
                true,
                volatility,
                false,
                "test",
                "test"));
  }

  @Override
  public List<FunctionSignature> named(String name) {
    return byName.getOrDefault(name, List.of());
  }

  @Override
  public Collection<FunctionSignature> all() {
    return byName.values().stream().flatMap(List::stream).toList();
  }
}
