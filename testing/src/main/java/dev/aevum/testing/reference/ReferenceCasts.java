package dev.aevum.testing.reference;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.text.NumberText;
import dev.aevum.model.text.PgText;
import dev.aevum.model.text.TextErrors;
import dev.aevum.model.text.TextStyle;
import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.CharType;
import dev.aevum.model.type.CompositeType;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.IntervalValue;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.model.type.VarcharType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Casts between any two types that PostgreSQL casts.
final class ReferenceCasts {
  private ReferenceCasts() {}

  static @Nullable Object cast(
      SqlType from, SqlType to, Object value, boolean explicit, TextStyle style) {
    if (from.equals(to)) {
      return value;
    }
    if (isText(to)) {
      return toText(to, textOf(from, value, style), explicit);
    }
    if (to == SimpleType.JSONB) {
      return ReferenceJson.canonical((String) value);
    }
    if (from == SimpleType.JSONB) {
      Object scalar = ReferenceJson.scalar((String) value, to);
      return scalar == null || to == SimpleType.BOOLEAN
          ? scalar
          : cast(SimpleType.NUMERIC, to, scalar, explicit, style);
    }
    if (isText(from)) {
      // By way of the output text: the blanks of char(n) are in it.
      return PgText.parseValue(to, (String) value, style);
    }
    return switch (to) {
      case DecimalType d -> NumberText.round(d, numeric(from, value));
      case ArrayType a ->
          elements(((ArrayType) from).element(), a, (List<?>) value, explicit, style);
      case CompositeType c -> throw cannot(from, to);
      case SimpleType s -> simple(from, s, value, style);
      case VarcharType v -> throw cannot(from, to);
      case CharType c -> throw cannot(from, to);
    };
  }

  private static SqlException cannot(SqlType from, SqlType to) {
    return new SqlException(
        ErrorCode.CANNOT_COERCE,
        "cannot cast type " + from.displayName() + " to " + to.displayName());
  }

  static boolean isText(SqlType type) {
    return type instanceof VarcharType
        || type instanceof CharType
        || type == SimpleType.TEXT
        || type == SimpleType.NAME
        || type == SimpleType.UNKNOWN;
  }

  static String textOf(SqlType from, Object value, TextStyle style) {
    return switch (value) {
      case Boolean b -> b ? "true" : "false";
      case String s -> ReferenceText.text(from, s);
      default -> PgText.formatValue(from, value, style);
    };
  }

  private static String toText(SqlType to, String text, boolean explicit) {
    int limit =
        to instanceof VarcharType v
            ? v.maxLength()
            : to instanceof CharType c ? c.characters() : -1;
    String cut = text;
    int points = text.codePointCount(0, text.length());
    if (limit >= 0 && points > limit) {
      cut = text.substring(0, text.offsetByCodePoints(0, limit));
      boolean onlyBlanks = text.substring(cut.length()).chars().allMatch(ch -> ch == ' ');
      if (!explicit && !onlyBlanks) {
        throw TextErrors.tooLong(to);
      }
      points = limit;
    }
    return to instanceof CharType c ? cut + " ".repeat(c.characters() - points) : cut;
  }

  private static List<@Nullable Object> elements(
      SqlType from, ArrayType to, List<?> values, boolean explicit, TextStyle style) {
    List<@Nullable Object> out = new ArrayList<>();
    for (Object value : values) {
      out.add(value == null ? null : cast(from, to.element(), value, explicit, style));
    }
    return out;
  }

  /// The value as numeric: doubles by their 15 (reals 6) leading digits, as PostgreSQL does.
  private static Number numeric(SqlType from, Object value) {
    return switch (value) {
      case Long x -> BigDecimal.valueOf(x);
      case BigDecimal x -> x;
      case Double x when from == SimpleType.REAL || from == SimpleType.DOUBLE -> {
        if (x.isNaN() || x.isInfinite()) {
          yield x;
        }
        BigDecimal exact = new BigDecimal(x);
        BigDecimal rounded =
            exact.round(new MathContext(from == SimpleType.REAL ? 6 : 15, RoundingMode.HALF_EVEN));
        BigDecimal stripped =
            rounded.signum() == 0 ? BigDecimal.ZERO : rounded.stripTrailingZeros();
        yield stripped.scale() < 0 ? stripped.setScale(0) : stripped;
      }
      case Double special -> special;
      default -> throw ReferenceErrors.unknown("numeric of " + value.getClass());
    };
  }

  private static @Nullable Object simple(
      SqlType from, SimpleType to, Object value, TextStyle style) {
    return switch (to) {
      case SMALLINT, INTEGER, BIGINT -> integer(from, to, value);
      case NUMERIC -> numeric(from, value);
      case REAL -> real(value);
      case DOUBLE -> float64(value);
      case BOOLEAN -> (Long) value != 0;
      case DATE -> date(from, (Long) value, style);
      case TIME -> time(from, value, style);
      case TIMESTAMP, TIMESTAMPTZ -> timestamp(from, to, (Long) value, style);
      case INTERVAL -> new IntervalValue(0, 0, (Long) value);
      case OID -> {
        if (value instanceof Long x && (from == SimpleType.BIGINT && (x < 0 || x > 0xffffffffL))) {
          throw ReferenceErrors.outOfRange(to);
        }
        yield (Long) value & 0xffffffffL;
      }
      default -> throw cannot(from, to);
    };
  }

  private static Object integer(SqlType from, SimpleType to, Object value) {
    if (value instanceof Boolean b) {
      return b ? 1L : 0L;
    }
    if (value instanceof Long x) {
      return ReferenceNumbers.integer(to, BigInteger.valueOf(x));
    }
    if (value instanceof Double x) {
      if (x.isNaN() || x.isInfinite()) {
        throw from == SimpleType.NUMERIC
            ? new SqlException(
                ErrorCode.FEATURE_NOT_SUPPORTED,
                "cannot convert " + (x.isNaN() ? "NaN" : "infinity") + " to " + to.displayName())
            : ReferenceErrors.outOfRange(to);
      }
      return ReferenceNumbers.integer(to, new BigDecimal(Math.rint(x)).toBigInteger());
    }
    BigDecimal rounded = ((BigDecimal) value).setScale(0, RoundingMode.HALF_UP);
    return ReferenceNumbers.integer(to, rounded.toBigInteger());
  }

  private static Object real(Object value) {
    if (value instanceof Double x) {
      float narrow = (float) x.doubleValue();
      if (Float.isInfinite(narrow) && !Double.isInfinite(x)) {
        throw ReferenceErrors.overflow();
      }
      if (narrow == 0 && x != 0) {
        throw ReferenceErrors.underflow();
      }
      return (double) narrow;
    }
    if (value instanceof Long x) {
      return (double) (float) (long) x;
    }
    return PgText.parseValue(SimpleType.REAL, ((BigDecimal) value).toString(), TextStyle.DEFAULT);
  }

  private static Object float64(Object value) {
    return switch (value) {
      case Double x -> x;
      case Long x -> (double) x;
      default ->
          PgText.parseValue(SimpleType.DOUBLE, ((BigDecimal) value).toString(), TextStyle.DEFAULT);
    };
  }

  private static Object date(SqlType from, long value, TextStyle style) {
    if (from == SimpleType.TIMESTAMPTZ && !ReferenceTime.infinite(value)) {
      return ReferenceTime.atZone(value, style.timeZone()).toLocalDate().toEpochDay();
    }
    return ReferenceTime.timestampToDate(value);
  }

  private static @Nullable Object time(SqlType from, Object value, TextStyle style) {
    if (value instanceof IntervalValue i) {
      return ReferenceTime.timeOfDay(BigInteger.valueOf(i.micros()));
    }
    long timestamp = (Long) value;
    if (ReferenceTime.infinite(timestamp)) {
      return null;
    }
    if (from == SimpleType.TIMESTAMPTZ) {
      return ReferenceTime.atZone(timestamp, style.timeZone()).toLocalTime().toNanoOfDay() / 1000;
    }
    return ReferenceTime.timeOfDay(BigInteger.valueOf(timestamp));
  }

  private static Object timestamp(SqlType from, SimpleType to, long value, TextStyle style) {
    long timestamp = from == SimpleType.DATE ? ReferenceTime.dateToTimestamp(value) : value;
    if (ReferenceTime.infinite(timestamp)) {
      return timestamp;
    }
    if (to == SimpleType.TIMESTAMPTZ) {
      return ReferenceTime.toUtc(ReferenceTime.local(timestamp), style.timeZone());
    }
    return from == SimpleType.TIMESTAMPTZ
        ? ReferenceTime.micros(ReferenceTime.atZone(timestamp, style.timeZone()))
        : timestamp;
  }
}
