package dev.aevum.engine.runtime;

import dev.aevum.engine.api.Portal;
import dev.aevum.engine.api.Session;
import dev.aevum.engine.session.SessionRegistry;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.text.PgText;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A database in this process with a wall clock that only the test moves.
final class TestDatabase implements AutoCloseable {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final @Nullable Path folder;
  private final long memoryBytes;
  private final AtomicReference<Instant> now = new AtomicReference<>(START);
  private final AtomicReference<@Nullable Throwable> fatal = new AtomicReference<>();
  private DatabaseRuntime runtime;
  private SessionRegistry registry;

  TestDatabase(@Nullable Path folder) {
    this(folder, 1L << 30);
  }

  TestDatabase(@Nullable Path folder, long memoryBytes) {
    this.folder = folder;
    this.memoryBytes = memoryBytes;
    open();
  }

  private void open() {
    runtime =
        new DatabaseRuntime(
            new DatabaseConfig(folder, 2, memoryBytes, now::get, this::nanos, 1), fatal::set);
    registry = new SessionRegistry(runtime);
  }

  /// Goes on by itself, as waits need it, and with the wall clock.
  private long nanos() {
    return System.nanoTime() + Duration.between(START, now.get()).toNanos();
  }

  Session openSession() {
    return registry.openSession("test", Map.of("user", "aevum", "database", "aevum"));
  }

  DatabaseRuntime runtime() {
    return runtime;
  }

  void restart() {
    runtime.close();
    open();
  }

  /// Moves the clock and lets the step thread look at it.
  void advance(Duration by) {
    now.updateAndGet(instant -> instant.plus(by));
    for (int turn = 0; turn < 2; turn++) {
      runtime.driver().wake();
      runtime.driver().exclusive(() -> 0);
    }
  }

  /// Rows as text, values joined by `|`, sorted.
  List<String> query(String sql) {
    List<String> rows = new ArrayList<>();
    run(sql, rows);
    rows.sort(null);
    return rows;
  }

  void run(String sql) {
    run(sql, new ArrayList<>());
  }

  private void run(String sql, List<String> rows) {
    Session session =
        registry.openSession(
            "test", Map.of("user", "aevum", "database", "aevum", "TimeZone", "UTC"));
    try (session) {
      for (Session.Parsed statement : session.split(sql)) {
        session.beginImplicit();
        try (Portal portal = session.prepare(statement, List.of()).bind(List.of())) {
          boolean done = false;
          while (!done) {
            Portal.Fetched piece = portal.fetch(0);
            done = piece.done();
            add(piece.batch(), session, rows);
          }
        }
      }
      session.sync(false);
    }
    Throwable stopped = fatal.get();
    if (stopped != null) {
      throw new IllegalStateException("the database stopped", stopped);
    }
  }

  private static void add(@Nullable DeltaBatch batch, Session session, List<String> rows) {
    if (batch == null) {
      return;
    }
    try (batch) {
      for (int row = 0; row < batch.rows(); row++) {
        List<String> values = new ArrayList<>();
        for (Column column : batch.columns()) {
          values.add(column.isNull(row) ? "NULL" : PgText.text(column, row, session.textStyle()));
        }
        rows.add(String.join("|", values));
      }
    }
  }

  /// The error that a statement ends with.
  SqlException error(String sql) {
    try {
      run(sql);
    } catch (SqlException e) {
      return e;
    }
    throw new AssertionError("no error: " + sql);
  }

  int oid(String name) {
    var found = runtime.catalog().find("public", name);
    if (found == null) {
      throw new AssertionError(name);
    }
    return found.oid();
  }

  /// Makes a view fail in the next step, and runs that.
  void fail(String view, Throwable cause) {
    int oid = oid(view);
    runtime
        .driver()
        .exclusive(() -> {
          runtime.engine().condemn(oid, "test", cause);
          return 0;
        });
    run("CREATE TABLE IF NOT EXISTS next_step (x INT); INSERT INTO next_step VALUES (1)");
  }

  @Override
  public void close() {
    runtime.close();
  }
}
