package dev.aevum.engine.session;

import dev.aevum.engine.api.Portal;
import dev.aevum.engine.api.ResultColumn;
import dev.aevum.engine.api.Session.Prepared;
import dev.aevum.model.batch.BatchWriter;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.codec.ByteSink;
import dev.aevum.model.text.PgText;
import dev.aevum.model.text.TextStyle;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// COPY ... TO STDOUT: the rows of a query as lines of PostgreSQL's text or CSV format, or as they
/// are for the binary one. One thread.
final class CopyTo implements Portal {
  /// The prepared form.
  record Statement(SessionImpl session, Prepared query, CopyFormat format) implements Prepared {
    @Override
    public List<SqlType> parameterTypes() {
      return query.parameterTypes();
    }

    @Override
    public @Nullable List<ResultColumn> columns() {
      return null;
    }

    @Override
    public Portal bind(List<Column> parameters) {
      return new CopyTo(session, query.bind(parameters), format);
    }
  }

  private final SessionImpl session;
  private final Portal query;
  private final CopyFormat format;
  private final List<ResultColumn> columns;
  private final boolean[] forced;
  private final TextStyle style;
  private final ByteSink line = new ByteSink();
  private final ByteSink value = new ByteSink();
  private final byte[] nullText;
  private boolean started;
  private long rows;

  private CopyTo(SessionImpl session, Portal query, CopyFormat format) {
    this.session = session;
    this.query = query;
    this.format = format;
    this.columns = Objects.requireNonNull(query.columns());
    this.style = session.textStyle();
    this.nullText = format.nullText().getBytes(StandardCharsets.UTF_8);
    this.forced = new boolean[columns.size()];
    for (int i = 0; i < forced.length; i++) {
      forced[i] =
          format.forceQuote().contains("*") || format.forceQuote().contains(columns.get(i).name());
    }
  }

  @Override
  public @Nullable List<ResultColumn> columns() {
    return null;
  }

  @Override
  public @Nullable List<ResultColumn> binaryCopy() {
    return format.binary() ? columns : null;
  }

  @Override
  public Fetched fetch(int maxRows) {
    Fetched piece = query.fetch(0);
    if (format.binary()) {
      rows += piece.batch() == null ? 0 : piece.batch().rows();
      String tag = piece.done() ? "COPY " + rows : null;
      return new Fetched(piece.batch(), piece.done(), tag, null, columns.size());
    }
    boolean header = format.header() && !started;
    started = true;
    try (DeltaBatch batch = piece.batch();
        BatchWriter out =
            new BatchWriter(session.allocator(), List.of(SimpleType.BYTEA), false, 64)) {
      if (header) {
        header(out);
      }
      if (batch != null) {
        for (int row = 0; row < batch.rows(); row++) {
          line(batch, row, out);
        }
        rows += batch.rows();
      }
      String tag = piece.done() ? "COPY " + rows : null;
      DeltaBatch lines = out.rows() == 0 ? null : out.finish();
      return new Fetched(lines, piece.done(), tag, null, columns.size());
    }
  }

  private void header(BatchWriter out) {
    line.reset();
    for (int c = 0; c < columns.size(); c++) {
      if (c > 0) {
        line.appendByte(format.delimiter());
      }
      value.reset();
      value.appendBytes(columns.get(c).name().getBytes(StandardCharsets.UTF_8));
      field(false);
    }
    endLine(out);
  }

  private void line(DeltaBatch batch, int row, BatchWriter out) {
    line.reset();
    for (int c = 0; c < columns.size(); c++) {
      if (c > 0) {
        line.appendByte(format.delimiter());
      }
      if (batch.column(c).isNull(row)) {
        line.appendBytes(nullText);
      } else {
        value.reset();
        PgText.format(batch.column(c), row, style, value);
        field(forced[c]);
      }
    }
    endLine(out);
  }

  private void endLine(BatchWriter out) {
    line.appendByte('\n');
    out.column(0).appendBytes(line.array(), 0, line.position());
    out.endRow();
  }

  private void field(boolean force) {
    if (format.csv()) {
      csv(force);
    } else {
      text();
    }
  }

  private void text() {
    for (int i = 0; i < value.position(); i++) {
      byte b = value.array()[i];
      int letter =
          switch (b) {
            case '\b' -> 'b';
            case '\f' -> 'f';
            case '\n' -> 'n';
            case '\r' -> 'r';
            case '\t' -> 't';
            case 11 -> 'v';
            case '\\' -> '\\';
            default -> b == format.delimiter() ? b : 0;
          };
      if (letter != 0) {
        line.appendByte('\\');
        line.appendByte(letter);
      } else {
        line.appendByte(b);
      }
    }
  }

  private void csv(boolean force) {
    if (!force && !needsQuotes()) {
      line.appendBytes(value.array(), 0, value.position());
      return;
    }
    line.appendByte(format.quote());
    for (int i = 0; i < value.position(); i++) {
      byte b = value.array()[i];
      if (b == format.quote() || b == format.escape()) {
        line.appendByte(format.escape());
      }
      line.appendByte(b);
    }
    line.appendByte(format.quote());
  }

  private boolean needsQuotes() {
    int length = value.position();
    byte[] bytes = value.array();
    if (java.util.Arrays.equals(bytes, 0, length, nullText, 0, nullText.length)
        || (columns.size() == 1 && length == 2 && bytes[0] == '\\' && bytes[1] == '.')) {
      return true;
    }
    for (int i = 0; i < length; i++) {
      byte b = bytes[i];
      if (b == format.delimiter() || b == format.quote() || b == '\n' || b == '\r') {
        return true;
      }
    }
    return false;
  }

  @Override
  public void close() {
    query.close();
  }
}
