package dev.aevum.executor.function;

import dev.aevum.executor.kernel.Kernel;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.PhysicalType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;

/// Which loop a cast takes.
public final class Casts {
  private Casts() {}

  /// The kernel of one argument that casts `from` to `to` as PostgreSQL does. `explicit`: written
  /// by the user.
  ///
  /// Errors: 42846 where PostgreSQL has no such cast.
  public static Kernel kernel(SqlType from, SqlType to, boolean explicit) {
    if (from.equals(to)) {
      return (context, arguments, rows) -> arguments[0].retain();
    }
    if (isNumber(from) && isNumber(to)) {
      return NumberCasts.kernel(from, to);
    }
    throw cannotCast(from, to);
  }

  /// The equality of two types, for IS DISTINCT FROM.
  public static Kernel equality(SqlType left, SqlType right) {
    return ComparisonFunctions.equality(left, right);
  }

  static SqlException cannotCast(SqlType from, SqlType to) {
    return new SqlException(
        ErrorCode.CANNOT_COERCE,
        "cannot cast type " + from.displayName() + " to " + to.displayName());
  }

  /// Whether some value of `from` cannot be cast to `to`.
  public static boolean mayFail(SqlType from, SqlType to) {
    if (from.equals(to)) {
      return false;
    }
    if (isNumber(from) && isNumber(to)) {
      return NumberCasts.mayFail(from, to);
    }
    return true;
  }

  static boolean isNumber(SqlType type) {
    return switch (type) {
      case DecimalType d -> true;
      case SimpleType s ->
          switch (s) {
            case SMALLINT, INTEGER, BIGINT, NUMERIC, REAL, DOUBLE -> true;
            case BOOLEAN,
                TEXT,
                BYTEA,
                DATE,
                TIME,
                TIMESTAMP,
                TIMESTAMPTZ,
                INTERVAL,
                UUID,
                NAME,
                PG_CHAR,
                OID,
                XID,
                REGCLASS,
                REGTYPE,
                REGPROC,
                REGNAMESPACE,
                REGROLE,
                INT2VECTOR,
                OIDVECTOR,
                JSON,
                JSONB,
                RECORD,
                UNKNOWN,
                VOID ->
                false;
          };
      case dev.aevum.model.type.VarcharType v -> false;
      case dev.aevum.model.type.CharType c -> false;
      case dev.aevum.model.type.ArrayType a -> false;
    };
  }

  static boolean isInteger(SqlType type) {
    return type == SimpleType.SMALLINT || type == SimpleType.INTEGER || type == SimpleType.BIGINT;
  }

  static boolean isFloating(SqlType type) {
    return type.physical() == PhysicalType.FLOAT32 || type.physical() == PhysicalType.FLOAT64;
  }
}
