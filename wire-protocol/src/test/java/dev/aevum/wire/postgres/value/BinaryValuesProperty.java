package dev.aevum.wire.postgres.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.text.JavaValues;
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
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postgresql.util.ByteConverter;

/// Binary values: what goes out comes back the same, and reads as pgjdbc reads it.
final class BinaryValuesProperty {
  private static final long SEED = 20_260_103;

  private final BufferAllocator allocator = new RootAllocator();
  private final Random random = new Random(SEED);

  @AfterEach
  void nothingIsLeft() {
    assertThat(allocator.getAllocatedMemory()).isZero();
    allocator.close();
  }

  private byte[] encode(SqlType type, Object value) {
    try (ColumnWriter writer = new ColumnWriter(allocator, type, 2)) {
      writer.appendNull();
      JavaValues.append(value, writer);
      try (Column column = writer.finish()) {
        ByteSink out = new ByteSink();
        BinaryOutput.of(type, allocator).append(column, 1, out);
        return out.toBytes();
      }
    }
  }

  private Object decode(SqlType type, byte... bytes) {
    byte[] framed = new byte[bytes.length + 5];
    System.arraycopy(bytes, 0, framed, 3, bytes.length);
    try (ColumnWriter writer = new ColumnWriter(allocator, type, 1)) {
      BinaryInput.parse(framed, 3, bytes.length, allocator, writer);
      try (Column column = writer.finish()) {
        return JavaValues.get(column, 0);
      }
    }
  }

  private void roundTrip(SqlType type, Object value) {
    Object back = decode(type, encode(type, value));
    assertThat(encode(type, back)).as("%s, seed %d", type, SEED).isEqualTo(encode(type, value));
    if (type != SimpleType.BYTEA
        && type != SimpleType.SKETCH
        && !type.equals(new ArrayType(SimpleType.BYTEA))
        && !type.equals(new ArrayType(SimpleType.SKETCH))) {
      assertThat(back).as("%s, seed %d", type, SEED).isEqualTo(value);
    }
  }

  private Object value(SqlType type) {
    return switch (type) {
      case DecimalType(int precision, int scale) -> {
        BigInteger bound = BigInteger.TEN.pow(1 + random.nextInt(precision));
        BigInteger unscaled = new BigInteger(128, random).mod(bound);
        yield new BigDecimal(random.nextBoolean() ? unscaled : unscaled.negate(), scale);
      }
      case VarcharType v -> text();
      case CharType(int characters) -> {
        String text = text();
        String cut =
            text.substring(
                0,
                text.offsetByCodePoints(
                    0, Math.min(characters, text.codePointCount(0, text.length()))));
        yield cut + " ".repeat(characters - cut.codePointCount(0, cut.length()));
      }
      case ArrayType(SqlType element) -> {
        List<Object> values = new ArrayList<>();
        for (int i = random.nextInt(20); i > 0; i--) {
          values.add(random.nextInt(4) == 0 ? null : value(element));
        }
        yield values;
      }
      case CompositeType c -> "(1,)";
      case SimpleType simple -> simple(simple);
    };
  }

  private Object simple(SimpleType type) {
    return switch (type) {
      case BOOLEAN -> random.nextBoolean();
      case SMALLINT -> (long) (short) random.nextInt();
      case INTEGER -> pick(Integer.MIN_VALUE, Integer.MAX_VALUE, random.nextInt());
      case BIGINT -> pick(Long.MIN_VALUE, Long.MAX_VALUE, random.nextLong());
      case NUMERIC ->
          switch (random.nextInt(8)) {
            case 0 -> Double.NaN;
            case 1 -> Double.POSITIVE_INFINITY;
            case 2 -> Double.NEGATIVE_INFINITY;
            case 3 -> BigDecimal.valueOf(random.nextLong(), random.nextInt(40));
            default ->
                new BigDecimal(
                    new BigInteger(random.nextInt(1, 600), random)
                        .multiply(BigInteger.valueOf(random.nextInt(-1, 2))),
                    random.nextInt(60));
          };
      case REAL -> (double) Float.intBitsToFloat(0x3f800000 + random.nextInt(1 << 20));
      case DOUBLE ->
          pickDouble(
              Double.MIN_VALUE,
              -0.0,
              Double.NEGATIVE_INFINITY,
              Double.NaN,
              random.nextGaussian() * 1e100);
      case TEXT, JSON, NAME ->
          type == SimpleType.JSON ? "{\"a\": " + random.nextInt() + "}" : text();
      case JSONB -> "{\"a\": " + random.nextInt() + "}";
      case BYTEA, SKETCH -> {
        byte[] bytes = new byte[random.nextInt(30)];
        random.nextBytes(bytes);
        yield bytes;
      }
      case DATE ->
          pick(Integer.MIN_VALUE, Integer.MAX_VALUE, random.nextInt(-2_000_000, 2_000_000));
      case TIME -> random.nextLong(86_400_000_001L);
      case TIMESTAMP, TIMESTAMPTZ ->
          pick(
              Long.MIN_VALUE,
              Long.MAX_VALUE,
              random.nextLong(-200_000_000_000_000_000L, 9_000_000_000_000_000_000L));
      case INTERVAL -> new IntervalValue(random.nextInt(), random.nextInt(), random.nextLong());
      case UUID -> new UUID(random.nextLong(), random.nextLong());
      case PG_CHAR -> "r";
      case OID, XID, REGCLASS, REGTYPE, REGPROC, REGNAMESPACE, REGROLE -> random.nextLong(1L << 32);
      case INT2VECTOR -> List.of(1L, 2L, (long) random.nextInt(30000));
      case OIDVECTOR -> List.of(23L, 4_000_000_000L);
      case RECORD, UNKNOWN, VOID -> throw new IllegalArgumentException("no values of " + type);
    };
  }

  private long pick(long... values) {
    return values[random.nextInt(values.length)];
  }

  private double pickDouble(double... values) {
    return values[random.nextInt(values.length)];
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(20); i > 0; i--) {
      text.appendCodePoint(
          random.nextInt(3) == 0 ? random.nextInt(0x4e00, 0x4f00) : random.nextInt('!', '~'));
    }
    return text.toString();
  }

  private static List<SqlType> types() {
    List<SqlType> types = new ArrayList<>();
    for (SimpleType type : SimpleType.values()) {
      switch (type) {
        case RECORD, UNKNOWN, VOID -> {}
        case INT2VECTOR, OIDVECTOR -> types.add(type);
        default -> {
          types.add(type);
          types.add(new ArrayType(type));
        }
      }
    }
    for (int precision = 1; precision <= 38; precision++) {
      types.add(new DecimalType(precision, precision / 2));
      types.add(new DecimalType(precision, precision));
      types.add(new DecimalType(precision, 0));
    }
    types.addAll(
        List.of(
            new VarcharType(40),
            new CharType(7),
            new ArrayType(new DecimalType(30, 7)),
            new ArrayType(new VarcharType(-1))));
    return types;
  }

  @Test
  void everyTypeComesBackTheSame() {
    for (SqlType type : types()) {
      for (int i = 0; i < 100; i++) {
        roundTrip(type, value(type));
      }
    }
  }

  @Test
  void numericsAreThoseOfPgjdbc() {
    for (int i = 0; i < 5000; i++) {
      BigDecimal value =
          i < 2000
              ? BigDecimal.valueOf(random.nextLong() >> random.nextInt(64), random.nextInt(30))
              : (BigDecimal) value(new DecimalType(38, random.nextInt(39)));
      byte[] ours = encode(SimpleType.NUMERIC, value);
      assertThat(ByteConverter.numeric(ours)).as("%s, seed %d", value, SEED).isEqualTo(value);
      if (value.signum() != 0) {
        assertThat(ours).as("%s, seed %d", value, SEED).isEqualTo(ByteConverter.numeric(value));
      }
      DecimalType exact = new DecimalType(38, Math.min(38, value.scale()));
      if (value.precision() <= 38 && value.scale() <= 38) {
        assertThat(encode(exact, value))
            .as("%s as %s, seed %d", value, exact, SEED)
            .isEqualTo(ours);
      }
    }
  }

  @Test
  void fixedLayouts() {
    assertThat(encode(SimpleType.BOOLEAN, true)).containsExactly(1);
    assertThat(encode(SimpleType.DATE, 10_957L)).containsExactly(0, 0, 0, 0);
    assertThat(encode(SimpleType.TIMESTAMP, 946_684_800_000_001L))
        .containsExactly(0, 0, 0, 0, 0, 0, 0, 1);
    assertThat(encode(SimpleType.TIMESTAMPTZ, Long.MAX_VALUE))
        .containsExactly(0x7f, -1, -1, -1, -1, -1, -1, -1);
    assertThat(encode(SimpleType.INTERVAL, new IntervalValue(1, 2, 3)))
        .containsExactly(0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 1);
    assertThat(encode(SimpleType.UUID, UUID.fromString("00112233-4455-6677-8899-aabbccddeeff")))
        .startsWith(0, 0x11, 0x22)
        .endsWith(0xdd, 0xee, 0xff);
    assertThat(encode(SimpleType.JSONB, "1")).containsExactly(1, '1');
    assertThat(encode(SimpleType.OID, 4_000_000_000L)).containsExactly(0xee, 0x6b, 0x28, 0);
    assertThat(encode(SimpleType.NUMERIC, Double.NaN)).containsExactly(0, 0, 0, 0, 0xc0, 0, 0, 0);
    assertThat(encode(new ArrayType(SimpleType.INTEGER), List.of()))
        .containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 23);
    assertThat(encode(new ArrayType(SimpleType.SMALLINT), Arrays.asList(7L, null)))
        .containsExactly(
            0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 21, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 7, -1, -1,
            -1, -1);
    assertThat(encode(SimpleType.INT2VECTOR, List.of(7L)))
        .containsExactly(
            0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 21, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 7);
    assertThatThrownBy(() -> BinaryOutput.check(SimpleType.RECORD))
        .hasMessage("no binary output function available for type record");
  }

  /// The bytes that PostgreSQL 15 sends for ROW(1, 'a'::text, NULL::int, 1.5).
  @Test
  void recordsAreCountThenTypeLengthAndBytesOfEachField() {
    CompositeType type =
        new CompositeType(
            "record",
            List.of(
                new CompositeType.Attribute("f1", SimpleType.INTEGER),
                new CompositeType.Attribute("f2", SimpleType.TEXT),
                new CompositeType.Attribute("f3", SimpleType.INTEGER),
                new CompositeType.Attribute("f4", SimpleType.NUMERIC)));
    byte[] expected =
        HexFormat.of()
            .parseHex(
                "00000004"
                    + "000000170000000400000001"
                    + "000000190000000161"
                    + "00000017ffffffff"
                    + "000006a40000000c0002000000000001"
                    + "00011388");
    assertThat(encodeText(type, "(1,a,,1.5)")).isEqualTo(expected);
    byte[] array = encode(new ArrayType(type), List.of("(1,a,,1.5)"));
    assertThat(Arrays.copyOfRange(array, array.length - expected.length, array.length))
        .isEqualTo(expected);
    assertThat(Arrays.copyOf(array, 12)).containsExactly(0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0x08, 0xc9);
  }

  private byte[] encodeText(SqlType type, String text) {
    try (ColumnWriter writer = new ColumnWriter(allocator, type, 1)) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      writer.appendBytes(bytes, 0, bytes.length);
      try (Column column = writer.finish()) {
        ByteSink out = new ByteSink();
        BinaryOutput.of(type, allocator).append(column, 0, out);
        return out.toBytes();
      }
    }
  }

  @Test
  void narrowerIntegersAreTaken() {
    assertThat(decode(SimpleType.BIGINT, (byte) 0xff, (byte) 0xfe)).isEqualTo(-2L);
    assertThat(decode(SimpleType.BIGINT, (byte) 0, (byte) 0, (byte) 1, (byte) 0)).isEqualTo(256L);
    assertThat(decode(SimpleType.INTEGER, new byte[] {0, 0, 0, 0, 0, 0, 0, 9})).isEqualTo(9L);
    assertError("22003", SimpleType.INTEGER, 0, 0, 0, 1, 0, 0, 0, 0);
  }

  @Test
  void malformedValuesAreRefused() {
    assertError("22P03", SimpleType.BIGINT, 1);
    assertError("22P03", SimpleType.BOOLEAN);
    assertError("22P03", SimpleType.UUID, 1, 2, 3);
    assertError("22P03", SimpleType.NUMERIC, 0, 1, 0, 0, 0, 0, 0, 0);
    assertError("22P03", SimpleType.NUMERIC, 0, 1, 0, 0, 0, 0, 0, 0, 0x27, 0x10);
    assertError("22P03", SimpleType.NUMERIC, 0, 0, 0, 0, 0x12, 0, 0, 0);
    assertError("22P03", SimpleType.JSONB, 2, '1');
    assertError("22021", SimpleType.TEXT, 'a', 0);
    assertError("22008", SimpleType.TIME, 0x7f, 0, 0, 0, 0, 0, 0, 0);
    assertError("22008", SimpleType.DATE, 0x7f, -1, -1, -2);
    assertError("22008", SimpleType.TIMESTAMP, 0x7f, -1, -1, -1, -1, -1, -1, -2);
    assertError("22003", new DecimalType(2, 0), 0, 1, 0, 0, 0, 0, 0, 0, 0, 100);
    assertError("22001", new VarcharType(1), 'a', 'b');
    SqlType array = new ArrayType(SimpleType.INTEGER);
    assertError("22P03", array, 0, 0, 0, 1);
    assertError("0A000", array, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 23);
    assertError("42804", array, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 25, 0, 0, 0, 0, 0, 0, 0, 1);
    assertError("22P03", array, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 23, 0x7f, -1, -1, -1, 0, 0, 0, 1);
    assertError(
        "22P03", array, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 23, 0, 0, 0, 1, 0, 0, 0, 1, 0x7f, -1, -1,
        -1);
    assertError("22P03", array, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 23, 9);
  }

  private void assertError(String sqlState, SqlType type, int... bytes) {
    byte[] given = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      given[i] = (byte) bytes[i];
    }
    assertThatThrownBy(() -> decode(type, given))
        .as("%s %s", type, new String(given, StandardCharsets.ISO_8859_1))
        .isInstanceOfSatisfying(
            SqlException.class, e -> assertThat(e.sqlState()).isEqualTo(sqlState));
  }

  /// Random bytes are a value or an error, never another exception.
  @Test
  void garbageIsRefusedInOrder() {
    for (SqlType type : types()) {
      for (int i = 0; i < 60; i++) {
        byte[] bytes = i % 2 == 0 ? new byte[random.nextInt(40)] : encode(type, value(type));
        if (i % 2 == 0) {
          random.nextBytes(bytes);
        } else if (bytes.length > 0) {
          bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        try {
          decode(type, bytes);
        } catch (SqlException e) {
          assertThat(e.sqlState()).as("%s, seed %d", type, SEED).doesNotStartWith("XX");
        }
      }
    }
  }
}
