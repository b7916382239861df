package dev.aevum.model.type;

/// `pg_type.typarray` of each element type.
public final class PgArrayOids {
  private PgArrayOids() {}

  public static int arrayOid(SqlType element) {
    return switch (element) {
      case DecimalType d -> 1231;
      case VarcharType v -> 1015;
      case CharType c -> 1014;
      case ArrayType a -> a.oid();
      case CompositeType c -> 2287;
      case SimpleType s ->
          switch (s) {
            case BOOLEAN -> 1000;
            case SMALLINT -> 1005;
            case INTEGER -> 1007;
            case BIGINT -> 1016;
            case NUMERIC -> 1231;
            case REAL -> 1021;
            case DOUBLE -> 1022;
            case TEXT, UNKNOWN -> 1009;
            case BYTEA -> 1001;
            case DATE -> 1182;
            case TIME -> 1183;
            case TIMESTAMP -> 1115;
            case TIMESTAMPTZ -> 1185;
            case INTERVAL -> 1187;
            case UUID -> 2951;
            case NAME -> 1003;
            case PG_CHAR -> 1002;
            case OID -> 1028;
            case XID -> 1011;
            case REGCLASS -> 2210;
            case REGTYPE -> 2211;
            case REGPROC -> 1008;
            case REGNAMESPACE -> 4090;
            case REGROLE -> 4097;
            case INT2VECTOR -> 1006;
            case OIDVECTOR -> 1013;
            case JSON -> 199;
            case JSONB -> 3807;
            case SKETCH -> 16301;
            case RECORD -> 2287;
            case VOID -> 0;
          };
    };
  }
}
