package dev.aevum.model.text;

import static dev.aevum.model.batch.Memory.BYTE;

import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.batch.Memory;
import dev.aevum.model.codec.ArrayBytes;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.CharType;
import dev.aevum.model.type.CompositeType;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.IntervalValue;
import dev.aevum.model.type.PhysicalType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.model.type.VarcharType;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;

/// PostgreSQL's text input and output of every type: what its `..._in` and `..._out` functions do.
///
/// Input errors are [SqlException]s in PostgreSQL's words: 22P02, 22003, 22007, 22008, 22001, 22021
/// and their kin. Booleans, integers, decimals, floats, texts and ISO dates are read and written
/// without objects.
public final class PgText {
  private static final long MAX_OID = 0xffffffffL;
  private static final int NAME_BYTES = 63;

  private PgText() {}

  /// Appends the value that `length` bytes of UTF-8 at `offset` stand for to `out`, whose type
  /// decides.
  public static void parse(
      MemorySegment s, long offset, int length, TextStyle style, ColumnWriter out) {
    switch (out.type()) {
      case DecimalType d -> NumberText.parseDecimal(d, s, offset, length, out);
      case VarcharType v -> parseVarchar(v, s, offset, length, out);
      case CharType c -> parseChar(c, s, offset, length, out);
      case ArrayType a -> parseArray(a.element(), Utf8.string(s, offset, length), style, out);
      case CompositeType c ->
          throw new SqlException(
              ErrorCode.FEATURE_NOT_SUPPORTED, "input of composite types is not supported");
      case SimpleType simple -> parseSimple(simple, s, offset, length, style, out);
    }
  }

  public static void parse(CharSequence text, TextStyle style, ColumnWriter out) {
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    parse(MemorySegment.ofArray(bytes), 0, bytes.length, style, out);
  }

  private static void parseSimple(
      SimpleType type,
      MemorySegment s,
      long offset,
      int length,
      TextStyle style,
      ColumnWriter out) {
    switch (type) {
      case BOOLEAN -> out.appendBoolean(BinaryText.parseBoolean(s, offset, length));
      case SMALLINT ->
          out.appendShort(
              (short)
                  NumberText.parseInteger(
                      type, s, offset, length, Short.MIN_VALUE, Short.MAX_VALUE));
      case INTEGER ->
          out.appendInt(
              (int)
                  NumberText.parseInteger(
                      type, s, offset, length, Integer.MIN_VALUE, Integer.MAX_VALUE));
      case BIGINT ->
          out.appendLong(
              NumberText.parseInteger(type, s, offset, length, Long.MIN_VALUE, Long.MAX_VALUE));
      case NUMERIC -> {
        byte[] bytes = JavaValues.numeric(NumberText.parseNumeric(Utf8.string(s, offset, length)));
        out.appendBytes(bytes, 0, bytes.length);
      }
      case REAL -> out.appendFloat(FloatText.parseFloat(s, offset, length));
      case DOUBLE -> out.appendDouble(FloatText.parseDouble(s, offset, length));
      case TEXT, UNKNOWN, VOID -> {
        Utf8.check(s, offset, length);
        out.appendBytes(s, offset, length);
      }
      case BYTEA, SKETCH -> {
        byte[] bytes = BinaryText.parseBytes(s, offset, length);
        out.appendBytes(bytes, 0, bytes.length);
      }
      case DATE -> out.appendInt(DateTimeText.parseDate(s, offset, length));
      case TIME -> out.appendLong(DateTimeText.parseTime(s, offset, length));
      case TIMESTAMP -> out.appendLong(DateTimeText.parseTimestamp(s, offset, length));
      case TIMESTAMPTZ ->
          out.appendLong(DateTimeText.parseTimestampTz(s, offset, length, style.timeZone()));
      case INTERVAL -> {
        IntervalValue value = IntervalText.parse(Utf8.string(s, offset, length));
        out.append16(value.micros(), JavaValues.high(value));
      }
      case UUID -> BinaryText.parseUuid(s, offset, length, out);
      case NAME -> {
        Utf8.check(s, offset, length);
        out.appendBytes(s, offset, nameLength(s, offset, length));
      }
      case PG_CHAR -> {
        Utf8.check(s, offset, length);
        out.appendBytes(s, offset, Utf8.prefix(s, offset, length, 1));
      }
      case OID, XID -> out.appendLong(parseOid(type, s, offset, length));
      case REGCLASS, REGTYPE, REGPROC, REGNAMESPACE, REGROLE ->
          out.appendLong(parseAlias(type, s, offset, length, style));
      case INT2VECTOR, OIDVECTOR -> parseVector(type, Utf8.string(s, offset, length), style, out);
      case JSON -> {
        JsonText.check(Utf8.string(s, offset, length));
        out.appendBytes(s, offset, length);
      }
      case JSONB -> JsonbText.append(s, offset, length, out);
      case RECORD ->
          throw new SqlException(
              ErrorCode.FEATURE_NOT_SUPPORTED,
              "input of anonymous composite types is not implemented");
    }
  }

  private static int nameLength(MemorySegment s, long offset, int length) {
    int end = Math.min(length, NAME_BYTES);
    while (end < length && end > 0 && (s.get(BYTE, offset + end) & 0xc0) == 0x80) {
      end--;
    }
    return end;
  }

  /// Negative numbers count from 2^32 down, as in PostgreSQL.
  private static long parseOid(SimpleType type, MemorySegment s, long offset, int length) {
    return NumberText.parseInteger(type, s, offset, length, Integer.MIN_VALUE, MAX_OID) & MAX_OID;
  }

  private static long parseAlias(
      SimpleType type, MemorySegment s, long offset, int length, TextStyle style) {
    String text = Utf8.string(s, offset, length);
    if (text.equals("-")) {
      return 0;
    }
    boolean number = !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    return number ? parseOid(type, s, offset, length) : style.names().oid(type, text);
  }

  /// Too long is an error unless only blanks would be lost (22001).
  private static void parseVarchar(
      VarcharType type, MemorySegment s, long offset, int length, ColumnWriter out) {
    Utf8.check(s, offset, length);
    int kept = length;
    if (type.maxLength() >= 0 && length > type.maxLength()) {
      kept = Utf8.prefix(s, offset, length, type.maxLength());
      checkBlanks(type, s, offset, kept, length);
    }
    out.appendBytes(s, offset, kept);
  }

  private static void checkBlanks(SqlType type, MemorySegment s, long offset, int from, int to) {
    for (int i = from; i < to; i++) {
      if (s.get(BYTE, offset + i) != ' ') {
        throw TextErrors.tooLong(type);
      }
    }
  }

  private static void parseChar(
      CharType type, MemorySegment s, long offset, int length, ColumnWriter out) {
    Utf8.check(s, offset, length);
    int kept = Utf8.prefix(s, offset, length, type.characters());
    checkBlanks(type, s, offset, kept, length);
    int missing = type.characters() - Utf8.codePoints(s, offset, kept);
    if (missing == 0) {
      out.appendBytes(s, offset, kept);
      return;
    }
    byte[] padded = new byte[kept + missing];
    MemorySegment.copy(s, BYTE, offset, padded, 0, kept);
    java.util.Arrays.fill(padded, kept, padded.length, (byte) ' ');
    out.appendBytes(padded, 0, padded.length);
  }

  private static void parseArray(SqlType element, String text, TextStyle style, ColumnWriter out) {
    List<@Nullable Object> values = new java.util.ArrayList<>();
    for (String part : ArrayText.parse(text)) {
      values.add(part == null ? null : parseValue(element, part, style));
    }
    byte[] bytes = JavaValues.arrayBytes(element, values);
    out.appendBytes(bytes, 0, bytes.length);
  }

  private static void parseVector(SimpleType type, String text, TextStyle style, ColumnWriter out) {
    SqlType element = ArrayBytes.elementType(type);
    List<Object> values = new java.util.ArrayList<>();
    for (String part : NumberText.trim(text).split("\\s+", -1)) {
      if (!part.isEmpty()) {
        values.add(parseValue(element, part, style));
      }
    }
    byte[] bytes = JavaValues.arrayBytes(element, values);
    out.appendBytes(bytes, 0, bytes.length);
  }

  /// The value of a text as [JavaValues] hold it; for literals, not for rows.
  public static Object parseValue(SqlType type, CharSequence text, TextStyle style) {
    try (RootAllocator allocator = new RootAllocator();
        ColumnWriter writer = new ColumnWriter(allocator, type, 1)) {
      parse(text, style, writer);
      try (Column column = writer.finish()) {
        return java.util.Objects.requireNonNull(JavaValues.get(column, 0));
      }
    }
  }

  /// The text of a value as [JavaValues] hold it; for messages, not for rows.
  public static String formatValue(SqlType type, Object value, TextStyle style) {
    try (RootAllocator allocator = new RootAllocator();
        ColumnWriter writer = new ColumnWriter(allocator, type, 1)) {
      JavaValues.append(value, writer);
      try (Column column = writer.finish()) {
        return text(column, 0, style);
      }
    }
  }

  /// The text of a row that is not NULL.
  public static String text(Column column, int row, TextStyle style) {
    ByteSink sink = new ByteSink();
    format(column, row, style, sink);
    return sink.toText(0);
  }

  /// Appends the text of a row that is not NULL.
  public static void format(Column column, int row, TextStyle style, ByteSink out) {
    PhysicalType physical = column.physical();
    if (physical == PhysicalType.BOOL) {
      out.appendByte(column.booleanAt(row) ? 't' : 'f');
    } else if (physical == PhysicalType.VARLEN) {
      formatVariable(
          column.type(),
          column.segmentAt(row),
          column.offsetAt(row),
          column.lengthAt(row),
          style,
          out);
    } else {
      formatFixed(column.type(), column.data(), (long) row * physical.width(), style, out);
    }
  }

  private static void formatFixed(
      SqlType type, MemorySegment s, long at, TextStyle style, ByteSink out) {
    switch (type.physical()) {
      case BOOL -> out.appendByte(s.get(BYTE, at) != 0 ? 't' : 'f');
      case INT16 -> NumberText.format(s.get(Memory.SHORT, at), out);
      case INT32 -> {
        if (type == SimpleType.DATE) {
          DateTimeText.formatDate(s.get(Memory.INT, at), out);
        } else {
          NumberText.format(s.get(Memory.INT, at), out);
        }
      }
      case INT64 -> formatLong(type, s.get(Memory.LONG, at), style, out);
      case INT128 ->
          NumberText.formatDecimal(
              s.get(Memory.LONG, at),
              s.get(Memory.LONG, at + 8),
              ((DecimalType) type).scale(),
              out);
      case FLOAT32 -> FloatText.format(s.get(Memory.FLOAT, at), out);
      case FLOAT64 -> FloatText.format(s.get(Memory.DOUBLE, at), out);
      case FIXED16 ->
          formatFixed16(type, s.get(Memory.LONG, at), s.get(Memory.LONG, at + 8), style, out);
      case VARLEN -> throw new IllegalArgumentException("variable length");
    }
  }

  private static void formatLong(SqlType type, long value, TextStyle style, ByteSink out) {
    if (type instanceof DecimalType d) {
      NumberText.formatDecimal(value, d.scale(), out);
      return;
    }
    switch ((SimpleType) type) {
      case TIME -> DateTimeText.formatTime(value, out);
      case TIMESTAMP -> DateTimeText.formatTimestamp(value, out);
      case TIMESTAMPTZ -> DateTimeText.formatTimestampTz(value, style.timeZone(), out);
      case REGCLASS, REGTYPE, REGPROC, REGNAMESPACE, REGROLE -> {
        String name = value == 0 ? "-" : style.names().name((SimpleType) type, value);
        out.appendText(name == null ? Long.toString(value) : name);
      }
      default -> NumberText.format(value, out);
    }
  }

  private static void formatFixed16(
      SqlType type, long low, long high, TextStyle style, ByteSink out) {
    if (type == SimpleType.INTERVAL) {
      style.intervals().format((int) (high >> 32), (int) high, low, out);
    } else {
      BinaryText.formatUuid(low, high, out);
    }
  }

  private static void formatVariable(
      SqlType type, MemorySegment s, long offset, int length, TextStyle style, ByteSink out) {
    switch (type) {
      case ArrayType a -> formatArray(a.element(), s, offset, style, out);
      case CompositeType c -> out.appendBytes(s, offset, length);
      case VarcharType v -> out.appendBytes(s, offset, length);
      case CharType c -> out.appendBytes(s, offset, length);
      case DecimalType d -> throw new IllegalArgumentException(d.displayName());
      case SimpleType simple -> {
        switch (simple) {
          case NUMERIC -> NumberText.formatNumeric(s, offset, length, out);
          case BYTEA -> BinaryText.formatBytes(s, offset, length, style.byteaHex(), out);
          case SKETCH -> BinaryText.formatBytes(s, offset, length, true, out);
          case INT2VECTOR, OIDVECTOR -> formatVector(ArrayBytes.elementType(type), s, offset, out);
          default -> out.appendBytes(s, offset, length);
        }
      }
    }
  }

  private static void formatVector(SqlType element, MemorySegment s, long offset, ByteSink out) {
    int count = ArrayBytes.count(s, offset);
    for (int i = 0; i < count; i++) {
      if (i > 0) {
        out.appendByte(' ');
      }
      long at = ArrayBytes.elementOffset(s, offset, element, i);
      NumberText.format(
          element == SimpleType.SMALLINT ? s.get(Memory.SHORT, at) : s.get(Memory.LONG, at), out);
    }
  }

  private static void formatArray(
      SqlType element, MemorySegment s, long offset, TextStyle style, ByteSink out) {
    StringBuilder text = new StringBuilder("{");
    ByteSink part = new ByteSink();
    int count = ArrayBytes.count(s, offset);
    for (int i = 0; i < count; i++) {
      if (i > 0) {
        text.append(',');
      }
      if (ArrayBytes.isNull(s, offset, i)) {
        text.append("NULL");
        continue;
      }
      part.reset();
      long at = ArrayBytes.elementOffset(s, offset, element, i);
      if (element.physical() == PhysicalType.VARLEN) {
        int length = ArrayBytes.elementLength(s, offset, element, i);
        formatVariable(element, s, at, length, style, part);
      } else {
        formatFixed(element, s, at, style, part);
      }
      ArrayText.append(part.toText(0), text);
    }
    out.appendText(text.append('}'));
  }
}
