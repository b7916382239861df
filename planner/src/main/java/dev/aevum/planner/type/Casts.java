package dev.aevum.planner.type;

import static dev.aevum.model.type.SimpleType.*;

import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.CharType;
import dev.aevum.model.type.CompositeType;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.model.type.VarcharType;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which casts exist and where they happen by themselves: PostgreSQL's `pg_cast`, plus its rule
/// that any type converts to text by assignment and from text explicitly.
public final class Casts {
  /// How a cast may come about; each level includes those before it.
  public enum Context {
    IMPLICIT,
    ASSIGNMENT,
    EXPLICIT
  }

  private static final Map<SimpleType, Set<SimpleType>> IMPLICIT = new EnumMap<>(SimpleType.class);
  private static final Map<SimpleType, Set<SimpleType>> ASSIGNMENT =
      new EnumMap<>(SimpleType.class);
  private static final Map<SimpleType, Set<SimpleType>> EXPLICIT = new EnumMap<>(SimpleType.class);

  private static void put(
      Map<SimpleType, Set<SimpleType>> map, SimpleType from, SimpleType first, SimpleType... more) {
    map.put(from, EnumSet.of(first, more));
  }

  static {
    put(
        IMPLICIT,
        SMALLINT,
        INTEGER,
        BIGINT,
        NUMERIC,
        REAL,
        DOUBLE,
        OID,
        REGCLASS,
        REGTYPE,
        REGPROC,
        REGNAMESPACE,
        REGROLE);
    put(
        IMPLICIT,
        INTEGER,
        BIGINT,
        NUMERIC,
        REAL,
        DOUBLE,
        OID,
        REGCLASS,
        REGTYPE,
        REGPROC,
        REGNAMESPACE,
        REGROLE);
    put(
        IMPLICIT,
        BIGINT,
        NUMERIC,
        REAL,
        DOUBLE,
        OID,
        REGCLASS,
        REGTYPE,
        REGPROC,
        REGNAMESPACE,
        REGROLE);
    put(IMPLICIT, NUMERIC, REAL, DOUBLE);
    put(IMPLICIT, REAL, DOUBLE);
    put(IMPLICIT, TEXT, NAME, REGCLASS);
    put(IMPLICIT, NAME, TEXT);
    put(IMPLICIT, PG_CHAR, TEXT);
    put(IMPLICIT, DATE, TIMESTAMP, TIMESTAMPTZ);
    put(IMPLICIT, TIMESTAMP, TIMESTAMPTZ);
    put(IMPLICIT, TIME, INTERVAL);
    put(IMPLICIT, OID, BIGINT, REGCLASS, REGTYPE, REGPROC, REGNAMESPACE, REGROLE);
    for (SimpleType reg : List.of(REGCLASS, REGTYPE, REGPROC, REGNAMESPACE, REGROLE)) {
      put(IMPLICIT, reg, OID);
      put(ASSIGNMENT, reg, INTEGER, BIGINT);
    }
    put(ASSIGNMENT, BIGINT, INTEGER, SMALLINT);
    put(ASSIGNMENT, INTEGER, SMALLINT);
    put(ASSIGNMENT, NUMERIC, SMALLINT, INTEGER, BIGINT);
    put(ASSIGNMENT, REAL, SMALLINT, INTEGER, BIGINT, NUMERIC);
    put(ASSIGNMENT, DOUBLE, SMALLINT, INTEGER, BIGINT, NUMERIC, REAL);
    put(ASSIGNMENT, TEXT, PG_CHAR);
    put(ASSIGNMENT, OID, INTEGER);
    put(ASSIGNMENT, TIMESTAMPTZ, TIMESTAMP, DATE, TIME);
    put(ASSIGNMENT, TIMESTAMP, DATE, TIME);
    put(ASSIGNMENT, INTERVAL, TIME);
    put(ASSIGNMENT, JSON, JSONB);
    put(ASSIGNMENT, JSONB, JSON);
    put(EXPLICIT, INTEGER, BOOLEAN, PG_CHAR);
    put(EXPLICIT, BOOLEAN, INTEGER);
    put(EXPLICIT, PG_CHAR, INTEGER);
    put(EXPLICIT, JSONB, BOOLEAN, SMALLINT, INTEGER, BIGINT, NUMERIC, REAL, DOUBLE);
    put(EXPLICIT, UUID, BYTEA);
    put(EXPLICIT, BYTEA, UUID, SKETCH);
    put(EXPLICIT, SKETCH, BYTEA);
  }

  private Casts() {}

  /// Whether values of `from` convert to `to` in that context. Equal families (any two numerics,
  /// any two strings) always do.
  public static boolean exists(SqlType from, SqlType to, Context context) {
    if (from.equals(to)) {
      return true;
    }
    if (from instanceof ArrayType a && to instanceof ArrayType b) {
      return exists(a.element(), b.element(), context);
    }
    if (from == INT2VECTOR && to instanceof ArrayType a) {
      return a.element() == SMALLINT;
    }
    if (from == OIDVECTOR && to instanceof ArrayType a) {
      return a.element() == OID;
    }
    @Nullable SimpleType source = family(from);
    @Nullable SimpleType target = family(to);
    if (source != null && target != null) {
      if (source == target
          || IMPLICIT.getOrDefault(source, Set.of()).contains(target)
          || (context != Context.IMPLICIT
              && ASSIGNMENT.getOrDefault(source, Set.of()).contains(target))
          || (context == Context.EXPLICIT
              && EXPLICIT.getOrDefault(source, Set.of()).contains(target))) {
        return true;
      }
    }
    if (target == TEXT) {
      return context != Context.IMPLICIT && source != VOID;
    }
    return source == TEXT && context == Context.EXPLICIT && target != VOID;
  }

  public static boolean implicit(SqlType from, SqlType to) {
    return exists(from, to, Context.IMPLICIT);
  }

  /// The type without its modifier, as overload resolution compares it: numerics are NUMERIC,
  /// varchar and char are TEXT; null for arrays.
  public static @Nullable SimpleType family(SqlType type) {
    return switch (type) {
      case SimpleType s -> s;
      case DecimalType d -> NUMERIC;
      case VarcharType v -> TEXT;
      case CharType c -> TEXT;
      case ArrayType a -> null;
      case CompositeType c -> null;
    };
  }

  /// Whether both are one type apart from modifiers, so that a signature's type accepts the value
  /// as it is.
  public static boolean sameFamily(SqlType left, SqlType right) {
    if (left instanceof ArrayType a && right instanceof ArrayType b) {
      return sameFamily(a.element(), b.element());
    }
    @Nullable SimpleType family = family(left);
    return family != null && family == family(right);
  }

  public static boolean isInteger(SqlType type) {
    return type == SMALLINT || type == INTEGER || type == BIGINT;
  }

  public static boolean isNumeric(SqlType type) {
    return type == NUMERIC || type instanceof DecimalType;
  }

  public static boolean isString(SqlType type) {
    return type == TEXT || type == NAME || type instanceof VarcharType || type instanceof CharType;
  }

  /// The narrowest `numeric(p,0)` that holds every value of an integer type; the type itself where
  /// it is numeric already.
  public static SqlType asNumeric(SqlType type) {
    if (type == SMALLINT) {
      return new DecimalType(5, 0);
    }
    if (type == INTEGER) {
      return new DecimalType(10, 0);
    }
    return type == BIGINT ? new DecimalType(19, 0) : type instanceof DecimalType ? type : NUMERIC;
  }

  /// The type that PostgreSQL chooses for UNION, CASE, COALESCE, ARRAY and VALUES; null when the
  /// types do not match. UNKNOWN members do not count; only UNKNOWN gives TEXT.
  public static @Nullable SqlType common(List<SqlType> types) {
    @Nullable SqlType chosen = null;
    for (SqlType type : types) {
      if (type == UNKNOWN) {
        continue;
      }
      if (chosen == null || chosen.equals(type)) {
        chosen = type;
        continue;
      }
      if (isNumeric(chosen) && (isNumeric(type) || isInteger(type))
          || isNumeric(type) && isInteger(chosen)) {
        // Values keep their own scales, so no modifier: 1 and 2.50 are 1 and 2.50.
        chosen = NUMERIC;
        continue;
      }
      if (isString(chosen) && isString(type)) {
        chosen = TEXT;
        continue;
      }
      if (TypeCategory.of(chosen) != TypeCategory.of(type)) {
        return null;
      }
      if (!TypeCategory.isPreferred(chosen) && implicit(chosen, type) && !implicit(type, chosen)) {
        chosen = type;
      } else if (!implicit(type, chosen)) {
        return null;
      }
    }
    return chosen == null ? TEXT : chosen;
  }
}
