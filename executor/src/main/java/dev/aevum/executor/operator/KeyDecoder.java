package dev.aevum.executor.operator;

import static dev.aevum.model.batch.Memory.BYTE;

import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.CharType;
import dev.aevum.model.type.CompositeType;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.PhysicalType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.model.type.VarcharType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Turns bytes of an ascending `KeyCodec` back into values, for the types where equal values are
/// the same value: [#isLossless]. The others (numeric with its display scale, jsonb, interval,
/// arrays of them) need their row kept beside the key.
///
/// Floats come back canonical: 0 for -0, one NaN. Not thread-safe.
public final class KeyDecoder {
  private static final byte VALUE = 1;
  private static final ValueLayout.OfShort SHORT_BIG =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfInt INT_BIG =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfLong LONG_BIG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private final ByteSink scratch = new ByteSink();

  public static boolean isLossless(SqlType type) {
    return switch (type) {
      case DecimalType d -> true;
      case VarcharType v -> true;
      case CharType c -> true;
      case ArrayType a -> false;
      case CompositeType c -> true;
      case SimpleType s ->
          switch (s) {
            case NUMERIC, INTERVAL, INT2VECTOR, OIDVECTOR, JSONB -> false;
            case BOOLEAN,
                SMALLINT,
                INTEGER,
                BIGINT,
                REAL,
                DOUBLE,
                TEXT,
                BYTEA,
                DATE,
                TIME,
                TIMESTAMP,
                TIMESTAMPTZ,
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
                JSON,
                SKETCH,
                RECORD,
                UNKNOWN,
                VOID ->
                true;
          };
    };
  }

  /// Appends the value at `at` to `out`; returns where the next one begins.
  public long decode(SqlType type, MemorySegment key, long at, ColumnWriter out) {
    PhysicalType physical = type.physical();
    long from = at + 1;
    boolean isNull = key.get(BYTE, at) != VALUE;
    if (physical == PhysicalType.VARLEN) {
      if (isNull) {
        out.appendNull();
        return from;
      }
      return decodeText(type, key, from, out);
    }
    int width = physical == PhysicalType.BOOL ? 1 : physical.width();
    if (isNull) {
      out.appendNull();
    } else {
      decodeFixed(physical, key, from, out);
    }
    return from + width;
  }

  private static void decodeFixed(
      PhysicalType physical, MemorySegment key, long at, ColumnWriter out) {
    switch (physical) {
      case BOOL -> out.appendBoolean(key.get(BYTE, at) != 0);
      case INT16 -> out.appendShort((short) (key.get(SHORT_BIG, at) ^ 0x8000));
      case INT32 -> out.appendInt(key.get(INT_BIG, at) ^ Integer.MIN_VALUE);
      case INT64 -> out.appendLong(key.get(LONG_BIG, at) ^ Long.MIN_VALUE);
      case INT128 ->
          out.append16(key.get(LONG_BIG, at + 8), key.get(LONG_BIG, at) ^ Long.MIN_VALUE);
      case FLOAT32 -> {
        int folded = key.get(INT_BIG, at);
        out.appendFloat(Float.intBitsToFloat(folded < 0 ? folded ^ Integer.MIN_VALUE : ~folded));
      }
      case FLOAT64 -> {
        long folded = key.get(LONG_BIG, at);
        out.appendDouble(Double.longBitsToDouble(folded < 0 ? folded ^ Long.MIN_VALUE : ~folded));
      }
      case FIXED16 ->
          out.append16(
              Long.reverseBytes(key.get(LONG_BIG, at)),
              Long.reverseBytes(key.get(LONG_BIG, at + 8)));
      case VARLEN -> throw new IllegalArgumentException("variable length");
    }
  }

  /// Until 0x0001; 0x00FF is 0x00. char(n) gets its blanks back.
  private long decodeText(SqlType type, MemorySegment key, long from, ColumnWriter out) {
    scratch.reset();
    int characters = 0;
    long at = from;
    while (true) {
      byte b = key.get(BYTE, at++);
      if (b == 0 && key.get(BYTE, at++) == 1) {
        break;
      }
      characters += (b & 0xc0) != 0x80 ? 1 : 0;
      scratch.appendByte(b);
    }
    if (type instanceof CharType(int length)) {
      for (; characters < length; characters++) {
        scratch.appendByte(' ');
      }
    }
    out.appendBytes(scratch.segment(), 0, scratch.position());
    return at;
  }
}
