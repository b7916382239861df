package dev.aevum.cli.slt;

import dev.aevum.engine.api.Portal;
import dev.aevum.engine.api.ResultColumn;
import dev.aevum.engine.api.Session;
import dev.aevum.engine.runtime.DatabaseConfig;
import dev.aevum.engine.runtime.DatabaseRuntime;
import dev.aevum.engine.session.SessionRegistry;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.text.PgText;
import dev.aevum.model.text.TextStyle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A database in this process with a clock that only `advance` moves. It starts at 2026-01-01
/// 00:00:00 UTC.
public final class EmbeddedTarget implements SltTarget {
  private static final long MEMORY_BYTES = 1L << 30;

  private final SltMode mode;
  private final @Nullable Path folder;
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
  private final Map<String, Session> sessions = new HashMap<>();
  private final Map<String, List<String>> settings = new LinkedHashMap<>();
  private final AtomicReference<@Nullable Throwable> fatal = new AtomicReference<>();
  private DatabaseRuntime runtime;
  private SessionRegistry registry;

  /// @param durable with a data folder of its own, which goes when the target is closed
  public EmbeddedTarget(SltMode mode, boolean durable) {
    this.mode = mode;
    try {
      this.folder = durable ? Files.createTempDirectory("aevum-slt") : null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.runtime = open();
    this.registry = new SessionRegistry(runtime);
  }

  private DatabaseRuntime open() {
    InstantSource clock = now::get;
    return new DatabaseRuntime(
        new DatabaseConfig(
            folder, mode == SltMode.WORKERS ? 2 : 1, MEMORY_BYTES, clock, System::nanoTime, 1),
        fatal::set);
  }

  @Override
  public Set<String> labels() {
    Set<String> labels = new HashSet<>(Set.of("aevum", "embedded", mode.label()));
    if (folder != null) {
      labels.add("durable");
    }
    return labels;
  }

  @Override
  public Outcome run(String connection, String sql) {
    Outcome outcome = attempt(connection, sql);
    session(connection).takeNotices();
    Throwable stopped = fatal.get();
    if (stopped != null) {
      throw new IllegalStateException("the database stopped", stopped);
    }
    return outcome;
  }

  private Outcome attempt(String connection, String sql) {
    Session session = session(connection);
    Outcome outcome;
    try {
      outcome = attempt(session, connection, sql);
    } catch (IllegalStateException e) {
      refuseStopped();
      throw e;
    }
    session.takeNotices();
    refuseStopped();
    return outcome;
  }

  private void refuseStopped() {
    Throwable stopped = fatal.get();
    if (stopped != null) {
      throw new IllegalStateException("the database stopped", stopped);
    }
  }

  private Outcome attempt(Session session, String connection, String sql) {
    boolean failed = true;
    try {
      Rows rows = new Rows(session.textStyle());
      for (Session.Parsed statement : session.split(sql)) {
        session.beginImplicit();
        run(session, statement, rows);
      }
      failed = false;
      session.sync(false);
      remember(connection, sql);
      return rows.success();
    } catch (SqlException e) {
      if (failed) {
        session.sync(true);
      }
      return new Outcome.Failure(e.sqlState(), e.text(), e.detail(), e.hint());
    }
  }

  private static void run(Session session, Session.Parsed statement, Rows rows) {
    try (Portal portal = session.prepare(statement, List.of()).bind(List.of())) {
      rows.columns(portal.columns());
      while (true) {
        Portal.Fetched piece = portal.fetch(0);
        try (DeltaBatch batch = piece.batch()) {
          if (batch != null) {
            rows.add(batch);
          }
        }
        if (piece.done()) {
          rows.tag(piece.commandTag());
          return;
        }
      }
    }
  }

  private Session session(String connection) {
    return sessions.computeIfAbsent(
        connection,
        name -> {
          Session session =
              registry.openSession(
                  "slt", Map.of("user", "aevum", "database", "aevum", "TimeZone", "UTC"));
          return session;
        });
  }

  private void remember(String connection, String sql) {
    if (inTransaction(connection)) {
      return;
    }
    String first = sql.split("\\s", 2)[0].toUpperCase(Locale.ROOT);
    if (Set.of("SET", "RESET", "PREPARE", "DEALLOCATE", "DISCARD").contains(first)) {
      settings.computeIfAbsent(connection, c -> new ArrayList<>()).add(sql);
    }
  }

  @Override
  public boolean inTransaction(String connection) {
    return session(connection).status() != Session.TransactionStatus.IDLE;
  }

  @Override
  public boolean restart(boolean keepSettings) {
    if (folder == null) {
      return false;
    }
    closeDatabase();
    runtime = open();
    registry = new SessionRegistry(runtime);
    Map<String, List<String>> past = new LinkedHashMap<>(settings);
    settings.clear();
    if (keepSettings) {
      past.forEach((connection, statements) -> statements.forEach(sql -> run(connection, sql)));
    }
    return true;
  }

  @Override
  public boolean advance(Duration by) {
    now.updateAndGet(instant -> instant.plus(by));
    // Two turns of the step loop: one may have looked at the clock before it moved.
    for (int turn = 0; turn < 2; turn++) {
      runtime.driver().wake();
      runtime.driver().exclusive(() -> 0);
    }
    return true;
  }

  private void closeDatabase() {
    sessions.values().forEach(Session::close);
    sessions.clear();
    runtime.close();
  }

  @Override
  public void close() {
    closeDatabase();
    if (folder != null) {
      deleteTree(folder);
    }
  }

  private static void deleteTree(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Collects a script's result: of several statements the last one's.
  private static final class Rows {
    private final TextStyle style;
    private List<Integer> types = List.of();
    private List<List<@Nullable String>> rows = new ArrayList<>();
    private long count = -1;

    Rows(TextStyle style) {
      this.style = style;
    }

    void columns(@Nullable List<ResultColumn> columns) {
      types = columns == null ? List.of() : columns.stream().map(c -> c.type().oid()).toList();
      rows = new ArrayList<>();
    }

    void add(DeltaBatch batch) {
      for (int row = 0; row < batch.rows(); row++) {
        List<@Nullable String> values = new ArrayList<>();
        for (Column column : batch.columns()) {
          values.add(column.isNull(row) ? null : PgText.text(column, row, style));
        }
        for (long n = batch.weightAt(row); n > 0; n--) {
          rows.add(values);
        }
      }
    }

    void tag(@Nullable String tag) {
      String last = tag == null ? "" : tag.substring(tag.lastIndexOf(' ') + 1);
      count = last.matches("[0-9]+") ? Long.parseLong(last) : -1;
    }

    Outcome success() {
      return new Outcome.Success(types, rows, count);
    }
  }
}
