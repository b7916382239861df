package dev.aevum.model.codec;

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
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Random Java values of every type: extremes, small ranges that repeat, and anything in between.
public final class RandomValues {
  public static final List<SqlType> TYPES = types();

  private final RandomGenerator random;

  public RandomValues(RandomGenerator random) {
    this.random = random;
  }

  private static List<SqlType> types() {
    List<SqlType> types = new ArrayList<>(List.of(SimpleType.values()));
    types.add(new DecimalType(5, 2));
    types.add(new DecimalType(18, 0));
    types.add(new DecimalType(18, 18));
    types.add(new DecimalType(38, 10));
    types.add(new VarcharType(20));
    types.add(new VarcharType(-1));
    types.add(new CharType(6));
    for (SqlType element : List.copyOf(types)) {
      if (element != SimpleType.VOID
          && element != SimpleType.INT2VECTOR
          && element != SimpleType.OIDVECTOR) {
        types.add(new ArrayType(element));
      }
    }
    return List.copyOf(types);
  }

  public @Nullable Object nullable(SqlType type) {
    return random.nextInt(6) == 0 ? null : value(type);
  }

  public Object value(SqlType type) {
    return switch (type) {
      case DecimalType d -> decimal(d);
      case VarcharType v -> text(12);
      case CharType c -> {
        String text = text(3);
        yield text + " ".repeat(6 - text.codePointCount(0, text.length()));
      }
      case ArrayType a -> list(a.element());
      case CompositeType c -> throw new IllegalArgumentException("no values of " + c.name());
      case SimpleType s -> simple(s);
    };
  }

  private Object simple(SimpleType type) {
    return switch (type) {
      case BOOLEAN -> random.nextBoolean();
      case SMALLINT -> integer(16);
      case INTEGER -> integer(32);
      case BIGINT -> integer(64);
      case NUMERIC -> numeric();
      case REAL -> (double) real();
      case DOUBLE -> real64();
      case TEXT, JSON, RECORD, UNKNOWN, VOID -> text(40);
      case JSONB -> "\"" + "abcdefgh".substring(0, random.nextInt(9)) + "\"";
      case NAME -> text(10);
      case PG_CHAR -> "x";
      case BYTEA, SKETCH -> bytes();
      case DATE -> date();
      case TIME -> random.nextLong(86_400_000_001L);
      case TIMESTAMP, TIMESTAMPTZ -> timestamp();
      case INTERVAL -> interval();
      case UUID -> new UUID(integer(64), integer(64));
      case OID, XID, REGCLASS, REGTYPE, REGPROC, REGNAMESPACE, REGROLE -> random.nextLong(1L << 32);
      case INT2VECTOR -> notNull(SimpleType.SMALLINT);
      case OIDVECTOR -> notNull(SimpleType.OID);
    };
  }

  private List<Object> notNull(SqlType element) {
    List<Object> values = new ArrayList<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      values.add(value(element));
    }
    return values;
  }

  private List<@Nullable Object> list(SqlType element) {
    List<@Nullable Object> values = new ArrayList<>();
    for (int i = random.nextInt(8) == 0 ? 70 : random.nextInt(4); i > 0; i--) {
      values.add(nullable(element));
    }
    return values;
  }

  /// The text of a record, which is how composite values travel.
  private String record(CompositeType type) {
    return type.attributes().stream()
        .map(a -> Long.toString(integer(16)))
        .collect(Collectors.joining(",", "(", ")"));
  }

  private long integer(int bits) {
    long max = bits == 64 ? Long.MAX_VALUE : (1L << (bits - 1)) - 1;
    return switch (random.nextInt(4)) {
      case 0 -> random.nextLong(-3, 4);
      case 1 -> random.nextBoolean() ? max : -max - 1;
      default -> random.nextLong() >> (64 - bits) >> random.nextInt(bits);
    };
  }

  private BigDecimal decimal(DecimalType type) {
    BigInteger bound = BigInteger.TEN.pow(type.precision());
    BigInteger value =
        switch (random.nextInt(4)) {
          case 0 -> BigInteger.valueOf(random.nextLong(-3, 4));
          case 1 -> bound.subtract(BigInteger.ONE);
          default ->
              new BigInteger(random.nextInt(1, 127), new java.util.Random(random.nextLong()))
                  .mod(bound);
        };
    return new BigDecimal(random.nextBoolean() ? value : value.negate(), type.scale());
  }

  private Number numeric() {
    return switch (random.nextInt(8)) {
      case 0 -> Double.NaN;
      case 1 -> random.nextBoolean() ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
      case 2 ->
          new BigDecimal(
                  new BigInteger(300, new java.util.Random(random.nextLong())), random.nextInt(120))
              .negate();
      case 3 -> BigDecimal.valueOf(random.nextLong(-30, 31) * 100, random.nextInt(5));
      case 4 -> BigDecimal.valueOf(random.nextLong(-3, 4), random.nextInt(4));
      default -> BigDecimal.valueOf(integer(64), random.nextInt(20));
    };
  }

  private double real64() {
    return switch (random.nextInt(8)) {
      case 0 -> Double.NaN;
      case 1 -> random.nextBoolean() ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
      case 2 -> random.nextBoolean() ? 0.0 : -0.0;
      case 3 -> random.nextInt(-100, 100) / 8.0;
      default -> {
        double any = Double.longBitsToDouble(random.nextLong());
        yield Double.isNaN(any) ? 1 : any;
      }
    };
  }

  private float real() {
    return switch (random.nextInt(6)) {
      case 0 -> Float.NaN;
      case 1 -> random.nextBoolean() ? Float.POSITIVE_INFINITY : Float.NEGATIVE_INFINITY;
      case 2 -> random.nextBoolean() ? 0f : -0f;
      default -> {
        float any = Float.intBitsToFloat(random.nextInt());
        yield Float.isNaN(any) ? 1 : any;
      }
    };
  }

  private String text(int max) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(max + 1); i > 0; i--) {
      switch (random.nextInt(6)) {
        case 0 ->
            text.appendCodePoint(
                "äß€\u0800😀\uffff".codePointAt(new int[] {0, 1, 2, 3, 4, 6}[random.nextInt(6)]));
        case 1 -> text.append(" \"'\\,{}%_\t".charAt(random.nextInt(10)));
        default -> text.append((char) ('a' + random.nextInt(3)));
      }
    }
    return text.toString();
  }

  private byte[] bytes() {
    byte[] bytes = new byte[random.nextInt(20)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (random.nextInt(3) == 0 ? random.nextInt(2) : random.nextInt());
    }
    return bytes;
  }

  private long date() {
    return switch (random.nextInt(4)) {
      case 0 -> (long) (random.nextBoolean() ? Integer.MAX_VALUE : Integer.MIN_VALUE);
      case 1 -> (long) (random.nextBoolean() ? -2440588 : 2145042905);
      case 2 -> random.nextLong(-800_000, -700_000);
      default -> random.nextLong(-100, 100);
    };
  }

  private long timestamp() {
    return switch (random.nextInt(4)) {
      case 0 -> random.nextBoolean() ? Long.MAX_VALUE : Long.MIN_VALUE;
      case 1 -> random.nextBoolean() ? Long.MAX_VALUE - 1 : -2440588L * 86_400_000_000L;
      case 2 -> random.nextLong(-100, 100);
      default -> random.nextLong(-60_000_000_000_000_000L, 200_000_000_000_000_000L);
    };
  }

  private IntervalValue interval() {
    return switch (random.nextInt(4)) {
      case 0 -> new IntervalValue(random.nextInt(-2, 3), random.nextInt(-60, 61), 0);
      case 1 ->
          new IntervalValue(
              0, random.nextInt(-2, 3), random.nextInt(-2, 3) * IntervalValue.MICROS_PER_DAY);
      case 2 ->
          new IntervalValue(
              random.nextBoolean() ? Integer.MAX_VALUE : Integer.MIN_VALUE,
              random.nextBoolean() ? Integer.MAX_VALUE : Integer.MIN_VALUE,
              random.nextBoolean() ? Long.MAX_VALUE : Long.MIN_VALUE);
      default ->
          new IntervalValue(
              random.nextInt(-2000, 2000),
              random.nextInt(-500, 500),
              random.nextLong(-100_000_000_000L, 100_000_000_000L));
    };
  }
}
