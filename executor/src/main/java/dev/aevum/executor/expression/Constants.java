package dev.aevum.executor.expression;

import dev.aevum.executor.numeric.Int128;
import dev.aevum.executor.numeric.NumericColumns;
import dev.aevum.executor.numeric.PgNumeric;
import dev.aevum.model.codec.ArrayBytes;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.text.JavaValues;
import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.IntervalValue;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.Expr;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Literals as the bits of a column: (low, high) for fixed widths, bytes for variable length.
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Constants(long low, long high, byte @Nullable [] bytes) {
  static Constants of(Expr.Literal literal) {
    Object value = java.util.Objects.requireNonNull(literal.value());
    return of(value, literal.type());
  }

  private static Constants of(Object value, SqlType type) {
    return switch (value) {
      case Boolean b -> fixed(b ? 1 : 0);
      case Long l when type instanceof DecimalType d -> of(BigDecimal.valueOf(l), d);
      case Long l when type == SimpleType.NUMERIC -> numeric(BigDecimal.valueOf(l));
      case Long l -> fixed(l);
      case Integer i -> of((Object) (long) i, type);
      case Double d when type == SimpleType.NUMERIC -> special(d);
      case Double d when type == SimpleType.REAL ->
          fixed(Float.floatToRawIntBits(d.floatValue()) & 0xFFFF_FFFFL);
      case Double d -> fixed(Double.doubleToRawLongBits(d));
      case BigDecimal d when type instanceof DecimalType t -> of(d, t);
      case BigDecimal d -> numeric(d);
      case String s -> new Constants(0, 0, s.getBytes(StandardCharsets.UTF_8));
      case byte[] b -> new Constants(0, 0, b);
      case IntervalValue i ->
          new Constants(
              i.micros(), dev.aevum.executor.kernel.Intervals.pack(i.months(), i.days()), null);
      case UUID u ->
          new Constants(
              Long.reverseBytes(u.getMostSignificantBits()),
              Long.reverseBytes(u.getLeastSignificantBits()),
              null);
      case List<?> list -> new Constants(0, 0, array(list, ArrayBytes.elementType(type)));
      default ->
          throw new IllegalArgumentException(
              value.getClass().getSimpleName() + " as literal of " + type.displayName());
    };
  }

  private static Constants fixed(long bits) {
    return new Constants(bits, bits >> 63, null);
  }

  private static Constants of(BigDecimal value, DecimalType type) {
    BigDecimal fit = NumericColumns.fit(PgNumeric.of(value), type);
    return new Constants(Int128.low(fit.unscaledValue()), Int128.high(fit.unscaledValue()), null);
  }

  private static Constants numeric(BigDecimal value) {
    ByteSink sink = new ByteSink();
    NumericColumns.encode(PgNumeric.of(value), sink);
    return new Constants(0, 0, sink.toBytes());
  }

  /// NaN or an infinity.
  private static Constants special(Double value) {
    ByteSink sink = new ByteSink();
    JavaValues.appendNumeric(value, sink);
    return new Constants(0, 0, sink.toBytes());
  }

  private static byte[] array(List<?> values, SqlType element) {
    ArrayBytes.Builder builder = new ArrayBytes.Builder(element);
    builder.start();
    for (Object value : values) {
      if (value == null) {
        builder.appendNull();
      } else {
        append(of(value, element), element, builder);
      }
    }
    return builder.finish();
  }

  private static void append(Constants value, SqlType element, ArrayBytes.Builder builder) {
    if (element instanceof ArrayType) {
      throw new IllegalArgumentException("array of arrays");
    }
    switch (element.physical()) {
      case BOOL -> builder.appendBoolean(value.low != 0);
      case INT16 -> builder.appendShort((short) value.low);
      case INT32, FLOAT32 -> builder.appendInt((int) value.low);
      case INT64, FLOAT64 -> builder.appendLong(value.low);
      case INT128, FIXED16 -> builder.append16(value.low, value.high);
      case VARLEN -> builder.appendBytes(java.util.Objects.requireNonNull(value.bytes));
    }
  }
}
