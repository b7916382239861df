package dev.aevum.engine.system;

import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.CharType;
import dev.aevum.model.type.CompositeType;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.model.type.VarcharType;
import java.util.Locale;

/// `pg_type.typname` of a type.
public final class PgTypeNames {
  private PgTypeNames() {}

  public static String name(SqlType type) {
    return switch (type) {
      case DecimalType d -> "numeric";
      case VarcharType v -> "varchar";
      case CharType c -> "bpchar";
      case ArrayType a -> "_" + name(a.element());
      case CompositeType c -> "record";
      case SimpleType s -> name(s);
    };
  }

  private static String name(SimpleType s) {
    return switch (s) {
      case BOOLEAN -> "bool";
      case SMALLINT -> "int2";
      case INTEGER -> "int4";
      case BIGINT -> "int8";
      case REAL -> "float4";
      case DOUBLE -> "float8";
      case PG_CHAR -> "char";
      default -> s.name().toLowerCase(Locale.ROOT);
    };
  }
}
