package dev.aevum.planner.type;

import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.CharType;
import dev.aevum.model.type.CompositeType;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.model.type.VarcharType;

/// PostgreSQL's `typcategory`: within a category, conversions are preferred to those across.
public enum TypeCategory {
  BOOLEAN,
  NUMBER,
  STRING,
  DATE_TIME,
  TIMESPAN,
  ARRAY,
  USER,
  INTERNAL,
  PSEUDO,
  UNKNOWN;

  public static TypeCategory of(SqlType type) {
    return switch (type) {
      case DecimalType d -> NUMBER;
      case VarcharType v -> STRING;
      case CharType c -> STRING;
      case ArrayType a -> ARRAY;
      case CompositeType c -> PSEUDO;
      case SimpleType s ->
          switch (s) {
            case BOOLEAN -> BOOLEAN;
            case SMALLINT, INTEGER, BIGINT, NUMERIC, REAL, DOUBLE -> NUMBER;
            case OID, REGCLASS, REGTYPE, REGPROC, REGNAMESPACE, REGROLE -> NUMBER;
            case TEXT, NAME -> STRING;
            case DATE, TIME, TIMESTAMP, TIMESTAMPTZ -> DATE_TIME;
            case INTERVAL -> TIMESPAN;
            case INT2VECTOR, OIDVECTOR -> ARRAY;
            case BYTEA, UUID, XID, JSON, JSONB, SKETCH -> USER;
            case PG_CHAR -> INTERNAL;
            case RECORD, VOID -> PSEUDO;
            case UNKNOWN -> UNKNOWN;
          };
    };
  }

  /// Whether PostgreSQL prefers this type within its category.
  public static boolean isPreferred(SqlType type) {
    return type == SimpleType.BOOLEAN
        || type == SimpleType.TEXT
        || type == SimpleType.DOUBLE
        || type == SimpleType.OID
        || type == SimpleType.TIMESTAMPTZ
        || type == SimpleType.INTERVAL;
  }
}
