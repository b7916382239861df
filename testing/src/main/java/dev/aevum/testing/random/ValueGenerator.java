package dev.aevum.testing.random;

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
import org.jspecify.annotations.Nullable;

/// Values as [dev.aevum.model.text.JavaValues] hold them: mostly from a handful, so that keys meet
/// and groups grow; some NULL; a few extreme.
public final class ValueGenerator {
  private static final List<String> TEXTS =
      List.of(
          "",
          "a",
          "b",
          "A",
          "ab",
          "a%b_c",
          "x y",
          "äö😀",
          "twelve bytes",
          "thirteen byte",
          "a text that is not inline",
          "trailing  ");

  /// As jsonb keeps them.
  private static final List<String> DOCUMENTS =
      List.of(
          "null",
          "true",
          "1",
          "1.0",
          "-2.50",
          "\"a\"",
          "\"\"",
          "[]",
          "{}",
          "[1, 2.0]",
          "[1.00, 2]",
          "[\"a\", null, {\"b\": [1]}]",
          "{\"a\": 1}",
          "{\"a\": 1.0}",
          "{\"a\": {\"b\": [10, \"x y\"]}}",
          "{\"a\": [1, {\"b\": 2}], \"b\": \"a\"}",
          "{\"b\": null, \"aa\": [true]}",
          "{\"a\": \"äö😀\"}");

  private static final List<String> RARE_DOCUMENTS =
      List.of(
          "12345678901234567890123456789012345678.5",
          "{\"\": {\"\": {}}}",
          "\"\\\"\\\\\\n\\u0001\"",
          "[[], [[]], {}]",
          "[false, [2, [3]]]");

  private final Dice dice;
  private final int extremes;

  /// `extremes`: percent of values from the ends of their type's range.
  public ValueGenerator(Dice dice, int extremes) {
    this.dice = dice;
    this.extremes = extremes;
  }

  public @Nullable Object nullable(SqlType type, boolean mayBeNull) {
    return mayBeNull && dice.chance(15) ? null : value(type);
  }

  public Object value(SqlType type) {
    return switch (type) {
      case DecimalType d -> decimal(d);
      case VarcharType v -> cut(dice.pick(TEXTS), v.maxLength());
      case CharType c -> {
        String text = cut(dice.pick(TEXTS), c.characters());
        yield text + " ".repeat(c.characters() - text.codePointCount(0, text.length()));
      }
      case ArrayType a -> list(a.element());
      case CompositeType c -> throw new IllegalArgumentException("no values of " + c.name());
      case SimpleType s -> simple(s);
    };
  }

  private static String cut(String text, int characters) {
    return characters < 0 || text.codePointCount(0, text.length()) <= characters
        ? text
        : text.substring(0, text.offsetByCodePoints(0, characters));
  }

  private Object simple(SimpleType type) {
    return switch (type) {
      case BOOLEAN -> dice.chance(50);
      case SMALLINT -> integer(Short.MIN_VALUE, Short.MAX_VALUE);
      case INTEGER -> integer(Integer.MIN_VALUE, Integer.MAX_VALUE);
      case BIGINT -> integer(Long.MIN_VALUE, Long.MAX_VALUE);
      case OID -> integer(0, 0xffffffffL);
      case NUMERIC -> numeric();
      case REAL -> (double) (float) float64(Float.MAX_VALUE, Float.MIN_VALUE);
      case DOUBLE -> float64(Double.MAX_VALUE, Double.MIN_VALUE);
      case TEXT -> dice.pick(TEXTS);
      case BYTEA -> bytes();
      case DATE -> date();
      case TIME ->
          dice.chance(extremes) ? 86_400_000_000L : dice.below(24) * 3_600_000_000L + dice.below(3);
      case TIMESTAMP, TIMESTAMPTZ -> timestamp();
      case INTERVAL -> interval();
      case UUID -> new UUID(dice.below(3), dice.below(2) * Long.MIN_VALUE);
      case JSONB -> dice.pick(dice.chance(extremes) ? RARE_DOCUMENTS : DOCUMENTS);
      default -> throw new IllegalArgumentException("no random values of " + type.displayName());
    };
  }

  private List<@Nullable Object> list(SqlType element) {
    List<@Nullable Object> values = new ArrayList<>();
    for (int i = dice.below(4); i > 0; i--) {
      values.add(nullable(element, true));
    }
    return values;
  }

  private Long integer(long min, long max) {
    if (dice.chance(extremes)) {
      return dice.chance(50) ? min : max;
    }
    return min == 0 ? dice.between(0, 4) : (long) dice.between(-3, 5);
  }

  private BigDecimal decimal(DecimalType type) {
    if (dice.chance(extremes)) {
      BigInteger nines = BigInteger.TEN.pow(type.precision()).subtract(BigInteger.ONE);
      return new BigDecimal(dice.chance(50) ? nines : nines.negate(), type.scale());
    }
    BigDecimal small =
        BigDecimal.valueOf(dice.between(-25, 30), 1)
            .setScale(type.scale(), java.math.RoundingMode.HALF_UP);
    return small.precision() > type.precision() ? BigDecimal.valueOf(1, type.scale()) : small;
  }

  private Number numeric() {
    if (dice.chance(extremes)) {
      return switch (dice.below(4)) {
        case 0 -> Double.NaN;
        case 1 -> Double.POSITIVE_INFINITY;
        case 2 -> Double.NEGATIVE_INFINITY;
        default -> new BigDecimal("-123456789012345678901234567890.123456789012345678901234567890");
      };
    }
    return BigDecimal.valueOf(dice.between(-3, 4) * 10L, dice.between(0, 3));
  }

  private double float64(double max, double min) {
    if (dice.chance(extremes)) {
      return switch (dice.below(6)) {
        case 0 -> Double.NaN;
        case 1 -> Double.POSITIVE_INFINITY;
        case 2 -> Double.NEGATIVE_INFINITY;
        case 3 -> -0.0;
        case 4 -> dice.chance(50) ? max : -max;
        default -> min;
      };
    }
    return switch (dice.below(3)) {
      case 0 -> dice.between(-2, 3);
      case 1 -> dice.between(-20, 20) / 8.0;
      default -> dice.between(1, 9) / 10.0;
    };
  }

  private byte[] bytes() {
    byte[] bytes = new byte[dice.below(3) * 7];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (int) dice.pick(List.of(0, 1, 255, 65));
    }
    return bytes;
  }

  private Long date() {
    if (dice.chance(extremes)) {
      return dice.pick(
          List.of((long) Integer.MAX_VALUE, (long) Integer.MIN_VALUE, -2_440_588L, 2_145_042_905L));
    }
    return 18_262L + dice.pick(List.of(0, 0, 1, 30, 59, -1));
  }

  private Long timestamp() {
    if (dice.chance(extremes)) {
      return dice.pick(
          List.of(
              Long.MAX_VALUE, Long.MIN_VALUE, Long.MAX_VALUE - 1, -2_440_588L * 86_400_000_000L));
    }
    return 18_262L * 86_400_000_000L + dice.between(-2, 40) * 43_200_000_000L + dice.below(2);
  }

  private IntervalValue interval() {
    if (dice.chance(extremes)) {
      return new IntervalValue(Integer.MAX_VALUE, Integer.MIN_VALUE, Long.MAX_VALUE);
    }
    return new IntervalValue(
        dice.chance(40) ? dice.between(-1, 2) : 0,
        dice.chance(50) ? dice.pick(List.of(-1, 0, 1, 30, 31)) : 0,
        dice.chance(50) ? dice.between(-2, 2) * 43_200_000_000L : 0);
  }
}
