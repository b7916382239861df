package dev.aevum.connectors.format;

import dev.aevum.connectors.spi.SourceSpec;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.batch.NullColumns;
import dev.aevum.model.error.ConstraintErrors;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.text.PgText;
import dev.aevum.model.text.TextStyle;
import dev.aevum.model.type.PhysicalType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The columns of a batch under construction. A decoder notes for each declared column where its
/// text stands ([#piece]), then [#append] reads all of them, or none if one is wrong. Hidden
/// columns are appended by the connector through [#writer]; [#endRow] closes a row. Columns that
/// nobody needs are not decoded and come out all NULL. One thread.
public final class RowAppender implements AutoCloseable {
  private static final int MISSING = 0;
  private static final int INPUT = 1;
  private static final int SCRATCH = 2;

  private final SourceSpec spec;
  private final int declared;
  private final @Nullable ColumnWriter[] writers;
  private final NullColumns nulls;
  private final boolean[] notNull;
  private final int[] kinds;
  private final int[] starts;
  private final int[] lengths;
  private byte[] scratch = new byte[1024];
  private int scratchUsed;
  private MemorySegment scratchSegment = MemorySegment.ofArray(scratch);
  private byte[] input = scratch;
  private MemorySegment inputSegment = scratchSegment;
  private int rows;

  /// `declared`: how many columns of the schema come from rows; the rest are hidden. All declared
  /// columns are read, whoever needs them: whether a row is good must not depend on the views that
  /// exist.
  public RowAppender(SourceSpec spec, int declared) {
    this.spec = spec;
    this.declared = declared;
    int columns = spec.schema().size();
    writers = new ColumnWriter[columns];
    notNull = new boolean[columns];
    kinds = new int[declared];
    starts = new int[declared];
    lengths = new int[declared];
    nulls = new NullColumns(spec.allocator());
    for (int c = 0; c < columns; c++) {
      notNull[c] = spec.notNull().get(c);
      if (c < declared || spec.needed().get(c)) {
        writers[c] =
            new ColumnWriter(spec.allocator(), spec.schema().type(c), DeltaBatch.TARGET_ROWS);
      }
    }
  }

  public int declared() {
    return declared;
  }

  public String columnName(int column) {
    return spec.schema().field(column).name();
  }

  public SqlType type(int column) {
    return spec.schema().type(column);
  }

  /// The writer of a hidden column; null when nobody reads it.
  public @Nullable ColumnWriter writer(int column) {
    return writers[column];
  }

  /// Rows so far.
  public int rows() {
    return rows;
  }

  /// Starts a row: every column is missing.
  void begin() {
    Arrays.fill(kinds, MISSING);
    scratchUsed = 0;
  }

  /// The column's text stands in the input.
  void piece(int column, int start, int length) {
    kinds[column] = INPUT;
    starts[column] = start;
    lengths[column] = length;
  }

  /// The column's text stands in the scratch, from `start` to its end.
  void scratchPiece(int column, int start) {
    kinds[column] = SCRATCH;
    starts[column] = start;
    lengths[column] = scratchUsed - start;
  }

  /// The column is NULL.
  void nullPiece(int column) {
    kinds[column] = MISSING;
  }

  int scratchPosition() {
    return scratchUsed;
  }

  void scratchByte(int b) {
    if (scratchUsed == scratch.length) {
      growScratch(1);
    }
    scratch[scratchUsed++] = (byte) b;
  }

  void scratchBytes(byte[] bytes, int offset, int length) {
    if (scratchUsed + length > scratch.length) {
      growScratch(length);
    }
    System.arraycopy(bytes, offset, scratch, scratchUsed, length);
    scratchUsed += length;
  }

  /// Drops the scratch from `position` on.
  void scratchBack(int position) {
    scratchUsed = position;
  }

  byte[] scratch() {
    return scratch;
  }

  private void growScratch(int more) {
    scratch = Arrays.copyOf(scratch, Math.max(scratch.length * 2, scratchUsed + more));
    scratchSegment = MemorySegment.ofArray(scratch);
  }

  /// Reads all pieces into the columns. On an error nothing is appended and the error names the
  /// column.
  @SuppressWarnings("ReferenceEquality") // whether it is the same array, not the same bytes
  @Nullable SqlException append(byte[] bytes) {
    if (bytes != input) {
      input = bytes;
      inputSegment = MemorySegment.ofArray(bytes);
    }
    int column = 0;
    try {
      for (; column < declared; column++) {
        ColumnWriter writer = writers[column];
        if (writer == null) {
          continue;
        }
        switch (kinds[column]) {
          case INPUT -> value(writer, bytes, inputSegment, starts[column], lengths[column]);
          case SCRATCH -> value(writer, scratch, scratchSegment, starts[column], lengths[column]);
          default -> {
            if (notNull[column]) {
              return refuse(column, nullViolation(column));
            }
            writer.appendNull();
          }
        }
      }
      return null;
    } catch (SqlException e) {
      return refuse(column, e);
    }
  }

  private static void value(
      ColumnWriter writer, byte[] bytes, MemorySegment segment, int start, int length) {
    if (writer.type().physical() == PhysicalType.INT64 && writer.type() == SimpleType.BIGINT) {
      long parsed = shortInteger(bytes, start, length);
      if (parsed != Long.MIN_VALUE) {
        writer.appendLong(parsed);
        return;
      }
    }
    PgText.parse(segment, start, length, TextStyle.DEFAULT, writer);
  }

  /// A plain integer of at most 18 digits; Long.MIN_VALUE for anything else.
  private static long shortInteger(byte[] bytes, int start, int length) {
    int at = start;
    int end = start + length;
    boolean negative = length > 0 && bytes[at] == '-';
    if (negative) {
      at++;
    }
    if (at == end || end - at > 18) {
      return Long.MIN_VALUE;
    }
    long value = 0;
    for (; at < end; at++) {
      int digit = bytes[at] - '0';
      if (digit < 0 || digit > 9) {
        return Long.MIN_VALUE;
      }
      value = value * 10 + digit;
    }
    return negative ? -value : value;
  }

  private SqlException nullViolation(int column) {
    return ConstraintErrors.notNull(spec.name(), columnName(column));
  }

  private SqlException refuse(int column, SqlException why) {
    for (int c = 0; c < declared; c++) {
      ColumnWriter writer = writers[c];
      if (writer != null) {
        writer.truncate(rows);
      }
    }
    return why.code() == ErrorCode.NOT_NULL_VIOLATION
        ? why
        : new SqlException(
            why.code(),
            "column \"" + columnName(column) + "\": " + why.text(),
            why.detail(),
            why.hint(),
            null,
            null);
  }

  /// Closes a row to which every needed column was appended.
  public void endRow() {
    rows++;
  }

  /// Gives the rows so far away as a batch and starts anew.
  public DeltaBatch finish() {
    Column[] columns = new Column[writers.length];
    for (int c = 0; c < columns.length; c++) {
      ColumnWriter writer = writers[c];
      columns[c] = writer == null ? nulls.column(spec.schema().type(c), rows) : writer.finish();
    }
    DeltaBatch batch = new DeltaBatch(rows, columns, null);
    rows = 0;
    return batch;
  }

  @Override
  public void close() {
    for (ColumnWriter writer : writers) {
      if (writer != null) {
        writer.close();
      }
    }
    nulls.close();
  }
}
