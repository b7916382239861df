package dev.aevum.executor.function;

import dev.aevum.executor.kernel.Kernel;
import dev.aevum.executor.sketch.Sketches;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.CharType;
import dev.aevum.model.type.CompositeType;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.PhysicalType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.model.type.VarcharType;

/// Which loop a cast takes. Every pair of types is in one of the families below; text goes to and
/// from everything through PostgreSQL's text forms.
public final class Casts {
  private Casts() {}

  /// What a type is to casts.
  enum Family {
    NUMBER,
    TEXT,
    BOOLEAN,
    DATETIME,
    OID,
    ARRAY,
    /// Only by text: bytea, uuid, json and the rest.
    OTHER
  }

  static Family family(SqlType type) {
    return switch (type) {
      case DecimalType d -> Family.NUMBER;
      case VarcharType v -> Family.TEXT;
      case CharType c -> Family.TEXT;
      case ArrayType a -> Family.ARRAY;
      case CompositeType c -> Family.OTHER;
      case SimpleType s ->
          switch (s) {
            case SMALLINT, INTEGER, BIGINT, NUMERIC, REAL, DOUBLE -> Family.NUMBER;
            case TEXT, NAME, UNKNOWN, PG_CHAR -> Family.TEXT;
            case BOOLEAN -> Family.BOOLEAN;
            case DATE, TIME, TIMESTAMP, TIMESTAMPTZ, INTERVAL -> Family.DATETIME;
            case OID, XID, REGCLASS, REGTYPE, REGPROC, REGNAMESPACE, REGROLE -> Family.OID;
            case INT2VECTOR, OIDVECTOR -> Family.ARRAY;
            case BYTEA, UUID, JSON, JSONB, SKETCH, RECORD, VOID -> Family.OTHER;
          };
    };
  }

  /// The kernel of one argument that casts `from` to `to` as PostgreSQL does. `explicit`: written
  /// by the user.
  ///
  /// Errors: 42846 where PostgreSQL has no such cast.
  public static Kernel kernel(SqlType from, SqlType to, boolean explicit) {
    if (from.equals(to)) {
      return (context, arguments, rows) -> arguments[0].retain();
    }
    Family source = family(from);
    Family target = family(to);
    if (target == Family.TEXT) {
      return TextCasts.toText(from, to, explicit);
    }
    if (source == Family.TEXT) {
      return TextCasts.parse(to);
    }
    if (source == Family.NUMBER && target == Family.NUMBER) {
      return NumberCasts.kernel(from, to);
    }
    if (source == Family.BOOLEAN && to == SimpleType.INTEGER) {
      return RowKernels.ints((context, arguments, i) -> arguments[0].booleanAt(i) ? 1 : 0);
    }
    if (from == SimpleType.INTEGER && target == Family.BOOLEAN) {
      return RowKernels.booleans((context, arguments, i) -> arguments[0].intAt(i) != 0);
    }
    if (source == Family.DATETIME && target == Family.DATETIME) {
      return DateTimeCasts.kernel((SimpleType) from, (SimpleType) to);
    }
    if ((source == Family.OID || isInteger(from)) && (target == Family.OID || isInteger(to))) {
      return OidCasts.kernel(from, to);
    }
    if (source == Family.ARRAY && target == Family.ARRAY) {
      return ArrayCasts.kernel(from, to, explicit);
    }
    if (from == SimpleType.JSONB && target == Family.NUMBER) {
      return JsonCasts.toNumber(to);
    }
    if (from == SimpleType.JSONB && target == Family.BOOLEAN) {
      return JsonCasts.toBoolean();
    }
    if (isJson(from) && isJson(to)) {
      return TextCasts.parse(to);
    }
    if (from == SimpleType.SKETCH && to == SimpleType.BYTEA) {
      return (context, arguments, rows) -> arguments[0].as(to);
    }
    if (from == SimpleType.BYTEA && to == SimpleType.SKETCH) {
      return RowKernels.strict(
          to,
          (context, arguments, i, out) -> {
            byte[] bytes = arguments[0].bytesAt(i);
            Sketches.decode(bytes);
            out.appendBytes(bytes, 0, bytes.length);
          });
    }
    throw cannotCast(from, to);
  }

  private static boolean isJson(SqlType type) {
    return type == SimpleType.JSON || type == SimpleType.JSONB;
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
    Family source = family(from);
    Family target = family(to);
    if (target == Family.TEXT) {
      return to.modifier() >= 0 && !(to instanceof CharType c && c.characters() < 0);
    }
    if (source == Family.NUMBER && target == Family.NUMBER) {
      return NumberCasts.mayFail(from, to);
    }
    if (source == Family.BOOLEAN || target == Family.BOOLEAN) {
      return source == Family.TEXT || from == SimpleType.JSONB;
    }
    return !(from == SimpleType.TIMESTAMP && to == SimpleType.DATE);
  }

  static boolean isInteger(SqlType type) {
    return type == SimpleType.SMALLINT || type == SimpleType.INTEGER || type == SimpleType.BIGINT;
  }

  static boolean isFloating(SqlType type) {
    return type.physical() == PhysicalType.FLOAT32 || type.physical() == PhysicalType.FLOAT64;
  }
}
