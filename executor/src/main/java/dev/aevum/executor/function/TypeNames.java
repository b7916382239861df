package dev.aevum.executor.function;

import dev.aevum.executor.kernel.CatalogLookup;
import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.CharType;
import dev.aevum.model.type.CompositeType;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.model.type.VarcharType;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// format_type.
final class TypeNames {
  private static final Map<Integer, SqlType> BY_OID = byOid();

  private TypeNames() {}

  private static Map<Integer, SqlType> byOid() {
    Map<Integer, SqlType> types = new HashMap<>();
    for (SimpleType type : SimpleType.values()) {
      add(types, type);
    }
    add(types, new VarcharType(-1));
    add(types, new CharType(1));
    return Map.copyOf(types);
  }

  private static void add(Map<Integer, SqlType> types, SqlType type) {
    types.put(type.oid(), type);
    ArrayType array = new ArrayType(type);
    if (array.oid() != 0) {
      types.putIfAbsent(array.oid(), array);
    }
  }

  static String format(EvaluationContext context, long oid, @Nullable Integer modifier) {
    if (oid == 0) {
      return "-";
    }
    SqlType type = BY_OID.get((int) oid);
    if (type == null) {
      String name = context.session().catalog().nameOf(CatalogLookup.ObjectKind.TYPE, oid);
      return name == null ? "???" : name;
    }
    if (type instanceof ArrayType a && a.element() != SimpleType.UNKNOWN) {
      return plain(a.element(), modifier) + "[]";
    }
    return plain(type, modifier);
  }

  private static String plain(SqlType type, @Nullable Integer modifier) {
    int mod = modifier == null ? -1 : modifier;
    return switch (type) {
      case VarcharType v -> mod < 4 ? "character varying" : "character varying(" + (mod - 4) + ")";
      case CharType c ->
          mod >= 4 ? "character(" + (mod - 4) + ")" : modifier == null ? "character" : "bpchar";
      case SimpleType s when s == SimpleType.NUMERIC && mod >= 4 ->
          "numeric(" + ((mod - 4) >> 16 & 0xffff) + "," + ((mod - 4) & 0x7ff) + ")";
      case SimpleType s when mod >= 0 && s == SimpleType.TIMESTAMP ->
          "timestamp(" + mod + ") without time zone";
      case SimpleType s when mod >= 0 && s == SimpleType.TIMESTAMPTZ ->
          "timestamp(" + mod + ") with time zone";
      case SimpleType s when mod >= 0 && s == SimpleType.TIME ->
          "time(" + mod + ") without time zone";
      case SimpleType s -> s.displayName();
      case DecimalType d -> d.displayName();
      case ArrayType a -> a.displayName();
      case CompositeType c -> c.displayName();
    };
  }
}
