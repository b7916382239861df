package dev.aevum.connectors.format;

import static dev.aevum.model.batch.Memory.BYTE;

import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.batch.Field;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.text.JavaValues;
import dev.aevum.model.text.PgText;
import dev.aevum.model.text.TextStyle;
import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.CharType;
import dev.aevum.model.type.CompositeType;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.model.type.VarcharType;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A row as a JSON object with all columns in order, values as PostgreSQL's `to_json` gives them:
/// numbers as numbers (NaN and infinities as strings), timestamps in ISO 8601 with `T`, json as it
/// is, arrays as arrays, everything else as a string of its text.
public final class JsonEncoder implements RowEncoder {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private final byte[][] prefixes;
  private final List<Field> fields;
  private final ByteSink scratch = new ByteSink();

  public JsonEncoder(List<Field> fields) {
    this.fields = List.copyOf(fields);
    prefixes = new byte[fields.size()][];
    for (int c = 0; c < prefixes.length; c++) {
      ByteSink name = new ByteSink();
      string(fields.get(c).name(), name);
      name.appendByte(':');
      prefixes[c] = name.toBytes();
    }
  }

  @Override
  public void encode(DeltaBatch batch, int row, ByteSink out) {
    out.appendByte('{');
    fields(batch, row, false, out);
    out.appendByte('}');
  }

  @Override
  public void encodeChange(DeltaBatch batch, int row, boolean insert, ByteSink out) {
    out.appendText(insert ? "{\"op\":\"insert\"" : "{\"op\":\"delete\"");
    fields(batch, row, true, out);
    out.appendByte('}');
  }

  private void fields(DeltaBatch batch, int row, boolean more, ByteSink out) {
    for (int c = 0; c < prefixes.length; c++) {
      if (c > 0 || more) {
        out.appendByte(',');
      }
      out.appendBytes(prefixes[c]);
      value(batch.column(c), row, out);
    }
  }

  /// One value, `null` for NULL.
  public void value(Column column, int row, ByteSink out) {
    if (column.isNull(row)) {
      out.appendText("null");
      return;
    }
    switch (column.type()) {
      case DecimalType d -> PgText.format(column, row, TextStyle.DEFAULT, out);
      case VarcharType v ->
          string(column.segmentAt(row), column.offsetAt(row), column.lengthAt(row), out);
      case CharType ch ->
          string(column.segmentAt(row), column.offsetAt(row), column.lengthAt(row), out);
      case ArrayType a -> array(a, column, row, out);
      case CompositeType c ->
          string(column.segmentAt(row), column.offsetAt(row), column.lengthAt(row), out);
      case SimpleType simple -> simple(simple, column, row, out);
    }
  }

  private void simple(SimpleType type, Column column, int row, ByteSink out) {
    switch (type) {
      case BOOLEAN -> out.appendText(column.booleanAt(row) ? "true" : "false");
      case SMALLINT, INTEGER, BIGINT, OID, XID ->
          PgText.format(column, row, TextStyle.DEFAULT, out);
      case REAL, DOUBLE, NUMERIC -> number(column, row, out);
      case TEXT, NAME, PG_CHAR, UNKNOWN, RECORD, VOID ->
          string(column.segmentAt(row), column.offsetAt(row), column.lengthAt(row), out);
      case JSON, JSONB ->
          out.appendBytes(column.segmentAt(row), column.offsetAt(row), column.lengthAt(row));
      case TIMESTAMP, TIMESTAMPTZ -> timestamp(column, row, out);
      case BYTEA,
          SKETCH,
          DATE,
          TIME,
          INTERVAL,
          UUID,
          REGCLASS,
          REGTYPE,
          REGPROC,
          REGNAMESPACE,
          REGROLE,
          INT2VECTOR,
          OIDVECTOR ->
          text(column, row, out);
    }
  }

  /// A number; as a string what JSON has no number for.
  private void number(Column column, int row, ByteSink out) {
    scratch.reset();
    PgText.format(column, row, TextStyle.DEFAULT, scratch);
    byte last = scratch.array()[scratch.position() - 1];
    if (last >= '0' && last <= '9') {
      out.appendBytes(scratch.array(), 0, scratch.position());
    } else {
      string(scratch.segment(), 0, scratch.position(), out);
    }
  }

  /// `2024-01-01 10:00:00+00` becomes `2024-01-01T10:00:00+00:00`.
  private void timestamp(Column column, int row, ByteSink out) {
    scratch.reset();
    PgText.format(column, row, TextStyle.DEFAULT, scratch);
    String text = scratch.toText(0);
    boolean finite = text.charAt(0) >= '0' && text.charAt(0) <= '9';
    String iso = finite ? text.replaceFirst(" ", "T") : text;
    if (finite && column.type() == SimpleType.TIMESTAMPTZ && iso.endsWith("+00")) {
      iso += ":00";
    }
    string(iso, out);
  }

  private void text(Column column, int row, ByteSink out) {
    scratch.reset();
    PgText.format(column, row, TextStyle.DEFAULT, scratch);
    string(scratch.segment(), 0, scratch.position(), out);
  }

  private static void array(ArrayType type, Column column, int row, ByteSink out) {
    List<@Nullable Object> values =
        JavaValues.array(type.element(), column.segmentAt(row), column.offsetAt(row));
    out.appendByte('[');
    for (int i = 0; i < values.size(); i++) {
      if (i > 0) {
        out.appendByte(',');
      }
      element(type.element(), values.get(i), out);
    }
    out.appendByte(']');
  }

  private static void element(SqlType type, @Nullable Object value, ByteSink out) {
    if (value == null) {
      out.appendText("null");
    } else if (value instanceof Boolean || value instanceof Number) {
      String text = PgText.formatValue(type, value, TextStyle.DEFAULT);
      if (value instanceof Boolean flag) {
        out.appendText(flag ? "true" : "false");
      } else if (Character.isDigit(text.charAt(text.length() - 1)) && !isTimeLike(type)) {
        out.appendText(text);
      } else {
        string(text, out);
      }
    } else {
      string(PgText.formatValue(type, value, TextStyle.DEFAULT), out);
    }
  }

  private static boolean isTimeLike(SqlType type) {
    return type == SimpleType.DATE
        || type == SimpleType.TIME
        || type == SimpleType.TIMESTAMP
        || type == SimpleType.TIMESTAMPTZ;
  }

  /// A quoted and escaped string.
  public static void string(String text, ByteSink out) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    string(MemorySegment.ofArray(bytes), 0, bytes.length, out);
  }

  /// The same from UTF-8 bytes.
  public static void string(MemorySegment s, long offset, int length, ByteSink out) {
    out.appendByte('"');
    long done = offset;
    long end = offset + length;
    for (long at = offset; at < end; at++) {
      byte b = s.get(BYTE, at);
      if (b != '"' && b != '\\' && (b < 0 || b >= 0x20)) {
        continue;
      }
      out.appendBytes(s, done, (int) (at - done));
      done = at + 1;
      escape(b, out);
    }
    out.appendBytes(s, done, (int) (end - done));
    out.appendByte('"');
  }

  private static void escape(byte b, ByteSink out) {
    out.appendByte('\\');
    switch (b) {
      case '\n' -> out.appendByte('n');
      case '\r' -> out.appendByte('r');
      case '\t' -> out.appendByte('t');
      case '\b' -> out.appendByte('b');
      case '\f' -> out.appendByte('f');
      case '"', '\\' -> out.appendByte(b);
      default -> {
        out.appendText("u00");
        out.appendByte(HEX[b >> 4]);
        out.appendByte(HEX[b & 15]);
      }
    }
  }

  /// The fields of the objects, in order.
  public List<Field> fields() {
    return fields;
  }
}
