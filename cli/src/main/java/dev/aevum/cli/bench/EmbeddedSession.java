package dev.aevum.cli.bench;

import dev.aevum.engine.api.Portal;
import dev.aevum.engine.api.ResultColumn;
import dev.aevum.engine.api.Session;
import dev.aevum.engine.runtime.DatabaseConfig;
import dev.aevum.engine.runtime.DatabaseRuntime;
import dev.aevum.engine.session.SessionRegistry;
import dev.aevum.model.batch.DeltaBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// A database in this process with one session, spoken to without the protocol.
public final class EmbeddedSession implements AutoCloseable {
  private final DatabaseRuntime runtime;
  private final Session session;

  public EmbeddedSession(DatabaseConfig config) {
    this.runtime =
        new DatabaseRuntime(
            config,
            t -> {
              throw new IllegalStateException(t);
            });
    this.session =
        new SessionRegistry(runtime)
            .openSession("embedded", Map.of("user", "aevum", "database", "aevum"));
  }

  public DatabaseRuntime runtime() {
    return runtime;
  }

  /// Runs every statement of a script, each in a transaction of its own.
  public void run(String script) {
    for (Session.Parsed statement : session.split(script)) {
      execute(statement, batch -> {});
    }
  }

  /// Runs a query; batches are borrowed for the call.
  public void query(String sql, Consumer<DeltaBatch> rows) {
    for (Session.Parsed statement : session.split(sql)) {
      execute(statement, rows);
    }
  }

  /// Runs a script statement by statement: `before` is told the columns of each one that gives rows
  /// before it runs, `result` its rows after (borrowed).
  public void runEach(
      String script,
      Consumer<List<ResultColumn>> before,
      BiConsumer<List<ResultColumn>, List<DeltaBatch>> result) {
    for (Session.Parsed statement : session.split(script)) {
      List<ResultColumn> columns = session.prepare(statement, List.of()).columns();
      if (columns == null) {
        execute(statement, batch -> {});
        continue;
      }
      before.accept(columns);
      List<DeltaBatch> batches = new ArrayList<>();
      try {
        execute(statement, batch -> batches.add(batch.retain()));
        result.accept(columns, batches);
      } finally {
        batches.forEach(DeltaBatch::close);
      }
    }
  }

  private void execute(Session.Parsed statement, Consumer<DeltaBatch> rows) {
    boolean failed = true;
    session.beginImplicit();
    try (Portal portal = session.prepare(statement, List.of()).bind(List.of())) {
      boolean done = false;
      while (!done) {
        Portal.Fetched piece = portal.fetch(0);
        try (DeltaBatch batch = piece.batch()) {
          if (batch != null) {
            rows.accept(batch);
          }
        }
        done = piece.done();
      }
      failed = false;
    } finally {
      session.sync(failed);
    }
  }

  @Override
  public void close() {
    session.close();
    runtime.close();
  }
}
