package dev.aevum.engine.system;

import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.model.type.VarcharType;
import dev.aevum.planner.plan.function.FunctionCatalog;
import dev.aevum.planner.plan.function.FunctionSignature;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Names and OIDs of types and functions. Types and their input and output functions have
/// PostgreSQL's OIDs; functions of the registry, which have none, are numbered by the hash of their
/// name, above all other derived OIDs.
public final class ConstantNames {
  private static final Map<String, Long> TYPE_OIDS = new HashMap<>();
  private static final Map<Long, String> TYPE_NAMES = new HashMap<>();
  private static final Map<String, Long> FUNCTION_OIDS = new HashMap<>();
  private static final Map<Long, String> FUNCTION_NAMES = new HashMap<>();

  static {
    for (String line : RelationFile.lines("pg_type.rows")) {
      String[] cells = line.split("\t", 3);
      TYPE_OIDS.put(cells[1], Long.parseLong(cells[0]));
      TYPE_NAMES.put(Long.parseLong(cells[0]), cells[1]);
    }
    for (SimpleType type : SimpleType.values()) {
      name(type);
      name(new ArrayType(type));
    }
    name(new VarcharType(-1));
    name(new ArrayType(new VarcharType(-1)));
    TYPE_NAMES.put(1042L, "character");
    TYPE_OIDS.putAll(
        Map.of(
            "int",
            23L,
            "decimal",
            1700L,
            "float",
            701L,
            "timestamp",
            1114L,
            "timestamptz",
            1184L,
            "char",
            1042L,
            "\"char\"",
            18L));
    for (String line : RelationFile.lines("pg_proc.rows")) {
      String[] cells = line.split("\t", 3);
      FUNCTION_OIDS.put(cells[1], Long.parseLong(cells[0]));
      FUNCTION_NAMES.put(Long.parseLong(cells[0]), cells[1]);
    }
  }

  private ConstantNames() {}

  private static void name(SqlType type) {
    if (type.oid() != 0) {
      TYPE_NAMES.put((long) type.oid(), type.displayName());
      TYPE_OIDS.put(type.displayName(), (long) type.oid());
    }
  }

  /// By the whole text as a user writes a type (`character varying`, `int4[]`), else by the last
  /// part of a qualified name.
  public static OptionalLong typeOid(String text, String last) {
    Long oid = TYPE_OIDS.get(text.toLowerCase(Locale.ROOT));
    if (oid == null) {
      oid = TYPE_OIDS.get(last);
    }
    if (oid == null && last.endsWith("[]")) {
      oid = TYPE_OIDS.get("_" + last.substring(0, last.length() - 2));
    }
    return oid == null ? OptionalLong.empty() : OptionalLong.of(oid);
  }

  /// As `format_type` prints it without a modifier.
  public static @Nullable String typeName(long oid) {
    return TYPE_NAMES.get(oid);
  }

  public static OptionalLong functionOid(String name, FunctionCatalog functions) {
    Long oid = FUNCTION_OIDS.get(name);
    if (oid != null) {
      return OptionalLong.of(oid);
    }
    return functions.named(name).isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(registered(name));
  }

  public static @Nullable String functionName(long oid, FunctionCatalog functions) {
    String name = FUNCTION_NAMES.get(oid);
    if (name != null) {
      return name;
    }
    for (FunctionSignature f : functions.all()) {
      if (registered(f.name()) == oid) {
        return f.name();
      }
    }
    return new PgFunctions(functions).name(oid);
  }

  /// The OID of a function of ours: the first overload of a name has that of the name alone, which
  /// `regproc` gives.
  static long overloadOid(String name, List<Long> arguments, boolean first) {
    return registered(first ? name : name + arguments);
  }

  private static long registered(String name) {
    return 0x60000000L | (name.hashCode() & 0x0FFFFFFF);
  }
}
