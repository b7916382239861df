package dev.aevum.engine.system;

import dev.aevum.model.batch.Schema;
import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.function.FunctionCatalog;
import dev.aevum.planner.plan.function.FunctionSignature;
import dev.aevum.planner.plan.function.FunctionSignature.ArgumentType;
import dev.aevum.planner.plan.function.FunctionSignature.Kind;
import dev.aevum.planner.plan.function.SequenceSignature;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The rows of pg_proc: PostgreSQL's own input and output functions, then every function that SQL
/// can call here. Operators are no functions.
public final class PgFunctions {
  private static final long ANY = 2276;
  private static final long ANY_ARRAY = 2277;
  private static final long ANY_ELEMENT = 2283;
  private static final long RECORD = 2249;

  /// @param arguments OIDs of the argument types; of a variadic function the last is the repeated
  private record Entry(
      long oid,
      String name,
      char kind,
      List<Long> arguments,
      boolean variadic,
      long result,
      boolean set,
      boolean strict,
      char volatility) {}

  private final Map<Long, Entry> byOid = new HashMap<>();

  public PgFunctions(FunctionCatalog functions) {
    entries(functions).forEach(e -> byOid.put(e.oid, e));
  }

  static void rows(Schema schema, SystemSnapshot snapshot, SystemRelation.RowConsumer out) {
    for (Entry entry : entries(snapshot.functions())) {
      new RowBuilder(schema, out)
          .set("oid", entry.oid)
          .set("proname", entry.name)
          .set("pronamespace", 11L)
          .set("proowner", 10L)
          .set("prolang", 12L)
          .set("procost", 1d)
          .set("prorows", entry.set ? 1000d : 0d)
          .set("provariadic", entry.variadic ? entry.arguments.getLast() : 0L)
          .set("prokind", String.valueOf(entry.kind))
          .set("proisstrict", entry.strict)
          .set("proretset", entry.set)
          .set("provolatile", String.valueOf(entry.volatility))
          .set("proparallel", "s")
          .set("pronargs", entry.arguments.size())
          .set("prorettype", entry.result)
          .set("proargtypes", entry.arguments)
          .set("prosrc", entry.name)
          .emit();
    }
  }

  /// `pg_get_function_result`: the type as SQL writes it, with SETOF; null for no function.
  public @Nullable String result(long oid) {
    Entry entry = byOid.get(oid);
    return entry == null ? null : (entry.set ? "SETOF " : "") + typeName(entry.result);
  }

  /// `pg_get_function_arguments`: the types as SQL writes them; null for no function.
  public @Nullable String arguments(long oid) {
    Entry entry = byOid.get(oid);
    if (entry == null) {
      return null;
    }
    List<String> names =
        entry.arguments.stream().map(PgFunctions::typeName).collect(Collectors.toList());
    if (entry.variadic) {
      names.set(names.size() - 1, "VARIADIC " + names.getLast());
    }
    return String.join(", ", names);
  }

  /// The name of a function; null for no function.
  @Nullable String name(long oid) {
    Entry entry = byOid.get(oid);
    return entry == null ? null : entry.name;
  }

  private static String typeName(long oid) {
    String name = ConstantNames.typeName(oid);
    return name == null ? "-" : name;
  }

  private static List<Entry> entries(FunctionCatalog functions) {
    List<Entry> entries = new ArrayList<>();
    Set<String> named = new HashSet<>();
    Set<String> known = new HashSet<>();
    for (FunctionSignature f : functions.all()) {
      if (!Character.isLetter(f.name().charAt(0)) && f.name().charAt(0) != '_') {
        continue;
      }
      List<Long> arguments = f.arguments().stream().map(PgFunctions::oid).toList();
      if (known.add(f.name() + arguments)) {
        long oid = ConstantNames.overloadOid(f.name(), arguments, named.add(f.name()));
        entries.add(entry(f, oid, arguments));
      }
    }
    for (SequenceSignature s : functions.sequences()) {
      List<Long> arguments =
          Collections.nCopies(s.leastArguments(), (long) SimpleType.DOUBLE.oid());
      if (known.add(s.name() + arguments)) {
        long oid = ConstantNames.overloadOid(s.name(), arguments, named.add(s.name()));
        entries.add(new Entry(oid, s.name(), 'w', arguments, false, RECORD, false, false, 'i'));
      }
    }
    return entries;
  }

  private static Entry entry(FunctionSignature f, long oid, List<Long> arguments) {
    return new Entry(
        oid,
        f.name(),
        switch (f.kind()) {
          case SCALAR, SET_RETURNING -> 'f';
          case AGGREGATE -> 'a';
          case WINDOW -> 'w';
        },
        arguments,
        f.variadic(),
        result(f),
        f.kind() == Kind.SET_RETURNING,
        f.strict(),
        switch (f.volatility()) {
          case IMMUTABLE -> 'i';
          case STABLE -> 's';
          case VOLATILE -> 'v';
        });
  }

  private static long oid(ArgumentType argument) {
    return switch (argument) {
      case ArgumentType.Exact exact -> exact.type().oid();
      case ArgumentType.AnyNumeric numeric -> SimpleType.NUMERIC.oid();
      case ArgumentType.AnyElement element -> ANY_ELEMENT;
      case ArgumentType.AnyArray array -> ANY_ARRAY;
      case ArgumentType.Any any -> ANY;
    };
  }

  /// What differs with the type of a polymorphic argument is polymorphic too.
  private static long result(FunctionSignature f) {
    SqlType one = f.result().resolve(probe(f, SimpleType.UUID));
    SqlType other = f.result().resolve(probe(f, SimpleType.DATE));
    if (one.equals(other)) {
      return one.oid();
    }
    return one instanceof ArrayType ? ANY_ARRAY : ANY_ELEMENT;
  }

  private static List<SqlType> probe(FunctionSignature f, SqlType element) {
    List<SqlType> types = new ArrayList<>();
    for (ArgumentType argument : f.arguments()) {
      types.add(
          switch (argument) {
            case ArgumentType.Exact exact -> exact.type();
            case ArgumentType.AnyNumeric numeric -> SimpleType.NUMERIC;
            case ArgumentType.AnyElement e -> element;
            case ArgumentType.AnyArray array -> new ArrayType(element);
            case ArgumentType.Any any -> element;
          });
    }
    return types;
  }
}
