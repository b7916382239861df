package dev.aevum.executor.kernel;

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
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Random values of every type, rich in edges: zeros, extremes, equal pairs, empty and long texts.
public final class RandomValues {
  private static final List<String> TEXTS =
      List.of(
          "",
          "a",
          "ab",
          "abc",
          "b",
          "abcdefghijkl",
          "abcdefghijklm",
          "abcdefghijkln",
          "Zürich",
          "日本語テキスト",
          "a%b_c",
          "  padded  ",
          "channel-1234",
          "x,y,,z",
          "ABCdef",
          "\t",
          "aaa");

  private final RandomGenerator random;

  public RandomValues(RandomGenerator random) {
    this.random = random;
  }

  public List<@Nullable Object> row(List<SqlType> types, double nullShare) {
    List<@Nullable Object> row = new ArrayList<>();
    for (SqlType t : types) {
      row.add(random.nextDouble() < nullShare ? null : value(t));
    }
    return row;
  }

  public Object value(SqlType type) {
    return switch (type) {
      case DecimalType d -> decimal(d.precision(), d.scale());
      case VarcharType v -> text();
      case CharType c -> {
        String text = text();
        int points = text.codePointCount(0, text.length());
        yield points >= c.characters()
            ? text.substring(0, text.offsetByCodePoints(0, c.characters()))
            : text + " ".repeat(c.characters() - points);
      }
      case CompositeType c -> throw new IllegalArgumentException("no values of " + c.name());
      case ArrayType a -> {
        List<@Nullable Object> list = new ArrayList<>();
        int count = random.nextInt(4);
        for (int i = 0; i < count; i++) {
          list.add(random.nextInt(5) == 0 ? null : value(a.element()));
        }
        yield list;
      }
      case SimpleType s -> simple(s);
    };
  }

  private String text() {
    String base = TEXTS.get(random.nextInt(TEXTS.size()));
    return random.nextInt(6) == 0 ? base + TEXTS.get(random.nextInt(TEXTS.size())) : base;
  }

  private long integer(long min, long max) {
    return switch (random.nextInt(8)) {
      case 0 -> min;
      case 1 -> max;
      case 2 -> 0;
      case 3 -> random.nextLong(min, max);
      case 4 -> -1;
      default -> random.nextLong(-5, 20);
    };
  }

  private BigDecimal decimal(int precision, int scale) {
    int digits = 1 + random.nextInt(precision);
    BigInteger unscaled =
        new BigInteger(130, new java.util.Random(random.nextLong()))
            .mod(BigInteger.TEN.pow(random.nextInt(4) == 0 ? precision : digits));
    BigDecimal value = new BigDecimal(unscaled, scale);
    return random.nextBoolean() ? value : value.negate();
  }

  private double floating() {
    return switch (random.nextInt(12)) {
      case 0 -> Double.NaN;
      case 1 -> Double.POSITIVE_INFINITY;
      case 2 -> 0.0;
      case 3 -> 1e30;
      case 4 -> 0.5;
      case 5 -> -2.5;
      case 6 -> Math.scalb(random.nextDouble() - 0.5, random.nextInt(-60, 60));
      default -> random.nextInt(-10, 10);
    };
  }

  private Object simple(SimpleType type) {
    return switch (type) {
      case BOOLEAN -> random.nextBoolean();
      case SMALLINT -> integer(Short.MIN_VALUE, Short.MAX_VALUE);
      case INTEGER -> integer(Integer.MIN_VALUE, Integer.MAX_VALUE);
      case BIGINT -> integer(Long.MIN_VALUE, Long.MAX_VALUE);
      case NUMERIC -> decimal(1 + random.nextInt(45), random.nextInt(10));
      case REAL -> (double) (float) floating();
      case DOUBLE -> random.nextInt(20) == 0 ? 1e308 : floating();
      case TEXT, NAME, PG_CHAR, UNKNOWN, VOID, RECORD, JSON -> text();
      case JSONB -> "[" + random.nextInt(5) + "]";
      case BYTEA, SKETCH -> text().getBytes(java.nio.charset.StandardCharsets.UTF_8);
      case DATE -> (long) random.nextInt(-20000, 30000);
      case TIME -> random.nextLong(86_400_000_000L);
      case TIMESTAMP, TIMESTAMPTZ ->
          random.nextLong(-1_000_000_000_000_000L, 2_000_000_000_000_000L);
      case INTERVAL ->
          new IntervalValue(
              random.nextInt(-20, 20),
              random.nextInt(-40, 40),
              random.nextLong(-100_000_000_000L, 100_000_000_000L));
      case UUID -> new UUID(random.nextLong(), random.nextLong());
      case OID, XID, REGCLASS, REGTYPE, REGPROC, REGNAMESPACE, REGROLE ->
          (long) random.nextInt(100000);
      case INT2VECTOR -> List.of(integer(0, 10), integer(0, 10));
      case OIDVECTOR -> List.of(integer(0, 10));
    };
  }
}
