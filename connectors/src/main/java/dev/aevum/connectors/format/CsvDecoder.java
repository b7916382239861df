package dev.aevum.connectors.format;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One record of separated values a row (RFC 4180 with a free delimiter and quote). A field that is
/// exactly the null text and not quoted is NULL; columns without a field are NULL, further fields
/// are ignored. Values are read as PostgreSQL reads their text. One thread.
public final class CsvDecoder implements RowDecoder {
  private final RowAppender out;
  private final CsvDialect dialect;
  private final byte[] nullText;
  private int[] columns;

  /// Fields are the declared columns in order until [#header] says otherwise.
  public CsvDecoder(RowAppender out, CsvDialect dialect) {
    this.out = out;
    this.dialect = dialect;
    nullText = dialect.nullText().getBytes(StandardCharsets.UTF_8);
    columns = new int[out.declared()];
    Arrays.setAll(columns, c -> c);
  }

  /// Field `i` goes to column `fieldColumns[i]`, or nowhere where that is negative.
  public void header(int[] fieldColumns) {
    columns = fieldColumns.clone();
  }

  @Override
  public @Nullable SqlException decode(byte[] bytes, int offset, int length) {
    out.begin();
    int at = offset;
    int end = offset + length;
    for (int field = 0; ; field++) {
      int column = field < columns.length ? columns[field] : FieldNames.NO_COLUMN;
      boolean quoted = at < end && bytes[at] == dialect.quote();
      int stop = quoted ? quoted(bytes, at + 1, end, column) : plain(bytes, at, end, column);
      if (stop < 0) {
        return new SqlException(
            ErrorCode.BAD_COPY_FILE_FORMAT,
            stop == -1
                ? "unterminated CSV quoted field"
                : "unexpected character after CSV quoted field");
      }
      if (stop >= end) {
        return out.append(bytes);
      }
      at = stop + 1;
    }
  }

  private int plain(byte[] b, int from, int end, int column) {
    byte delimiter = dialect.delimiter();
    int at = from;
    while (at < end && b[at] != delimiter) {
      at++;
    }
    if (column >= 0) {
      if (Arrays.equals(b, from, at, nullText, 0, nullText.length)) {
        out.nullPiece(column);
      } else {
        out.piece(column, from, at - from);
      }
    }
    return at;
  }

  /// `from` is after the opening quote. -1: no closing quote; -2: something follows it.
  private int quoted(byte[] b, int from, int end, int column) {
    byte quote = dialect.quote();
    int at = from;
    int start = from;
    int scratch = -1;
    while (true) {
      while (at < end && b[at] != quote) {
        at++;
      }
      if (at >= end) {
        return -1;
      }
      if (at + 1 < end && b[at + 1] == quote) {
        scratch = scratch < 0 ? out.scratchPosition() : scratch;
        out.scratchBytes(b, start, at + 1 - start);
        at += 2;
        start = at;
        continue;
      }
      break;
    }
    if (column >= 0) {
      if (scratch < 0) {
        out.piece(column, start, at - start);
      } else {
        out.scratchBytes(b, start, at - start);
        out.scratchPiece(column, scratch);
      }
    }
    return at + 1 >= end ? end : b[at + 1] == dialect.delimiter() ? at + 1 : -2;
  }
}
