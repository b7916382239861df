package dev.aevum.wire.postgres;

import dev.aevum.engine.api.Portal;
import dev.aevum.engine.api.ResultColumn;
import dev.aevum.model.batch.BatchWriter;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A portal of [FakeDatabase]: gives at most 1000 rows a piece.
final class FakePortal implements Portal {
  private static final int PIECE = 1000;

  private final FakeSession session;
  private final FakePrepared prepared;
  private final @Nullable DeltaBatch echo;
  private final List<String> items = new ArrayList<>();
  private int given;
  private boolean closed;

  FakePortal(FakeSession session, FakePrepared prepared, List<Column> parameters) {
    this.session = session;
    this.prepared = prepared;
    this.echo = prepared.statement().word().equals("ECHO") ? copy(parameters) : null;
    session.portals.add(this);
    session.database.openPortals.incrementAndGet();
    if (prepared.statement().word().equals("GET")) {
      items.addAll(session.database.committed);
      items.addAll(session.mine);
    }
  }

  private DeltaBatch copy(List<Column> parameters) {
    try (BatchWriter writer =
        new BatchWriter(
            session.database.allocator, parameters.stream().map(Column::type).toList(), false, 1)) {
      for (int i = 0; i < parameters.size(); i++) {
        writer.column(i).appendFrom(parameters.get(i), 0);
      }
      writer.endRow();
      return writer.finish();
    }
  }

  @Override
  public @Nullable List<ResultColumn> columns() {
    return prepared.columns();
  }

  @Override
  public Fetched fetch(int maxRows) {
    FakeParsed statement = prepared.statement();
    return switch (statement.word()) {
      case "ROWS" -> rows(Integer.parseInt(statement.argument()), maxRows);
      case "GET" -> texts(items);
      case "SHOW" -> texts(List.of(session.settings.getOrDefault(statement.argument(), "")));
      case "ECHO" -> new Fetched(echo.retain(), true, "SELECT 1", null, 0);
      case "COPY" -> copy(statement.argument());
      default -> new Fetched(null, true, session.run(statement), null, 0);
    };
  }

  private Fetched rows(int total, int maxRows) {
    int count = Math.min(total - given, maxRows == 0 ? PIECE : Math.min(PIECE, maxRows));
    List<SqlType> types = prepared.columns().stream().map(ResultColumn::type).toList();
    try (BatchWriter writer =
        new BatchWriter(session.database.allocator, types, false, Math.max(1, count))) {
      for (int i = 0; i < count; i++) {
        given++;
        writer.column(0).appendInt(given);
        writer.column(1).appendLong((long) given * given);
        if (given % 3 == 0) {
          writer.column(2).appendNull();
        } else {
          writer.column(2).appendText("row number " + given);
        }
        writer.endRow();
      }
      session.database.rowsGiven.addAndGet(count);
      boolean done = given == total;
      return new Fetched(writer.finish(), done, done ? "SELECT " + total : null, null, 0);
    }
  }

  private Fetched texts(List<String> values) {
    try (BatchWriter writer =
        new BatchWriter(
            session.database.allocator,
            List.of(SimpleType.TEXT),
            false,
            Math.max(1, values.size()))) {
      for (String value : values) {
        writer.column(0).appendText(value);
        writer.endRow();
      }
      return new Fetched(writer.finish(), true, "SELECT " + values.size(), null, 0);
    }
  }

  private Fetched copy(String argument) {
    if (argument.equals("IN")) {
      return new Fetched(null, false, null, new FakeCopyIn(), 0);
    }
    int count = Integer.parseInt(argument.substring(4));
    try (BatchWriter writer =
        new BatchWriter(
            session.database.allocator, List.of(SimpleType.BYTEA), false, Math.max(1, count))) {
      for (int i = 1; i <= count; i++) {
        writer.column(0).appendText("line " + i + "\n");
        writer.endRow();
      }
      return new Fetched(writer.finish(), true, "COPY " + count, null, 1);
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      if (echo != null) {
        echo.close();
      }
      session.portals.remove(this);
      session.database.openPortals.decrementAndGet();
    }
  }

  /// Each line is put into the list; the line `bad` is 22P02.
  private final class FakeCopyIn implements CopyIn {
    @Override
    public boolean binary() {
      return false;
    }

    @Override
    public List<SqlType> binaryTypes() {
      return List.of();
    }

    @Override
    public void rows(DeltaBatch batch) {
      throw new IllegalStateException("rows of the text format");
    }

    @Override
    public void close() {}

    private final StringBuilder text = new StringBuilder();

    @Override
    public int columns() {
      return 1;
    }

    @Override
    public void data(byte[] bytes, int offset, int length) {
      text.append(new String(bytes, offset, length, StandardCharsets.UTF_8));
      if (text.indexOf("bad") >= 0) {
        throw new SqlException(
            ErrorCode.INVALID_TEXT_REPRESENTATION,
            "invalid input syntax for type integer: \"bad\"");
      }
    }

    @Override
    public String done() {
      List<String> lines = text.toString().lines().toList();
      session.mine.addAll(lines);
      return "COPY " + lines.size();
    }

    @Override
    public void fail(String message) {
      throw new SqlException(ErrorCode.QUERY_CANCELED, "COPY from stdin failed: " + message);
    }
  }
}
