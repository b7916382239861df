package dev.aevum.cli.law;

import dev.aevum.engine.api.Portal;
import dev.aevum.engine.api.Session;
import dev.aevum.engine.catalog.CatalogObject;
import dev.aevum.engine.runtime.DatabaseConfig;
import dev.aevum.engine.runtime.DatabaseRuntime;
import dev.aevum.engine.session.SessionRegistry;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.text.JavaValues;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.Planner;
import dev.aevum.planner.plan.PlanNode;
import dev.aevum.planner.plan.ViewPlan;
import dev.aevum.planner.rule.Phases;
import dev.aevum.planner.rule.Phases.Rule;
import dev.aevum.storage.durable.Applier;
import dev.aevum.storage.durable.DurableStorage;
import dev.aevum.storage.log.StepLog;
import dev.aevum.storage.rocksdb.RocksStore;
import dev.aevum.testing.fault.FaultyFileSystem;
import dev.aevum.testing.fault.FaultyFileSystem.Tear;
import dev.aevum.testing.reference.Contents;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A database of one session whose disk can be told to crash. Small limits make the background work
/// of storage happen within a few steps. Not thread-safe.
final class LawDatabase implements AutoCloseable {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2020-01-01T00:00:00Z"));
  private static final DurableStorage.Options OPTIONS =
      new DurableStorage.Options(
          new StepLog.Options(4096, 1 << 20),
          new RocksStore.Options(8 << 20, 4 << 20),
          new Applier.Options(5, 2000, 1 << 20, 2, 1 << 20));

  /// The disk crashed: whether the statement took effect is open until the restart.
  static final class Crashed extends RuntimeException {
    private static final long serialVersionUID = 1;

    Crashed(@Nullable Throwable cause) {
      super(cause);
    }
  }

  private final @Nullable Path folder;
  private final AtomicReference<@Nullable Throwable> fatal = new AtomicReference<>();
  private FaultyFileSystem files = new FaultyFileSystem();
  private final Set<Rule> without;
  private int workers;
  private DatabaseRuntime runtime;
  private Session session;

  /// `folder`: null for a database in memory.
  LawDatabase(@Nullable Path folder, int workers) {
    this(folder, workers, Set.of());
  }

  /// `without`: rules that its planner does not have.
  LawDatabase(@Nullable Path folder, int workers, Set<Rule> without) {
    this.folder = folder;
    this.without = without;
    this.workers = workers;
    this.runtime = start();
    this.session = connect();
  }

  private DatabaseRuntime start() {
    DatabaseConfig config =
        new DatabaseConfig(folder, workers, 1L << 30, CLOCK, System::nanoTime, 1);
    return new DatabaseRuntime(
        config, files, OPTIONS, new Planner(new Phases(without)), fatal::set);
  }

  private Session connect() {
    return new SessionRegistry(runtime)
        .openSession("law", Map.of("user", "aevum", "database", "aevum", "TimeZone", "UTC"));
  }

  /// Null when the statement succeeded, else why not.
  @Nullable SqlException execute(String sql) {
    return attempt(sql, batch -> {});
  }

  /// The rows of a query that has to succeed.
  Contents rows(String sql, List<SqlType> types) {
    Contents contents = new Contents(types);
    SqlException error = attempt(sql, contents::add);
    if (error != null) {
      throw new AssertionError(error.sqlState() + " " + error.text() + "\n" + sql, error);
    }
    return contents;
  }

  /// The values of a query that has to succeed.
  List<List<@Nullable Object>> values(String sql) {
    try {
      return attemptValues(sql);
    } catch (SqlException e) {
      throw new AssertionError(e.sqlState() + " " + e.text() + "\n" + sql, e);
    }
  }

  /// The values of a query, or its error.
  List<List<@Nullable Object>> attemptValues(String sql) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    SqlException error =
        attempt(
            sql,
            batch -> {
              for (int row = 0; row < batch.rows(); row++) {
                List<@Nullable Object> values = new ArrayList<>();
                for (int i = 0; i < batch.columnCount(); i++) {
                  values.add(JavaValues.get(batch.column(i), row));
                }
                for (long n = batch.weightAt(row); n > 0; n--) {
                  rows.add(values);
                }
              }
            });
    if (error != null) {
      throw error;
    }
    return rows;
  }

  private interface Take {
    void take(DeltaBatch batch);
  }

  private @Nullable SqlException attempt(String sql, Take take) {
    boolean failed = true;
    try {
      for (Session.Parsed statement : session.split(sql)) {
        session.beginImplicit();
        run(statement, take);
      }
      failed = false;
      session.sync(false);
      session.takeNotices();
      refuseCrashed(null);
      return null;
    } catch (SqlException e) {
      refuseCrashed(e);
      if (failed) {
        session.sync(true);
      }
      return e;
    } catch (RuntimeException e) {
      refuseCrashed(e);
      throw e;
    }
  }

  private void refuseCrashed(@Nullable Throwable cause) {
    Throwable stopped = fatal.get();
    if (stopped != null || files.crashed()) {
      throw new Crashed(stopped != null ? stopped : cause);
    }
  }

  private void run(Session.Parsed statement, Take take) {
    try (Portal portal = session.prepare(statement, List.of()).bind(List.of())) {
      while (true) {
        Portal.Fetched piece = portal.fetch(0);
        try (DeltaBatch batch = piece.batch()) {
          if (batch != null) {
            take.take(batch);
          }
        }
        if (piece.done()) {
          return;
        }
      }
    }
  }

  /// The OID of an object in `public`; 0 when there is none.
  int oid(String name) {
    CatalogObject object = runtime.catalog().find("public", name);
    return object == null ? 0 : object.oid();
  }

  /// What a view runs by.
  PlanNode plan(String view) {
    ViewPlan plan = runtime.planOf(oid(view));
    return Objects.requireNonNull(plan, view).root();
  }

  /// The disk fails within so many operations from now on.
  void crashWithin(int operations) {
    files.crashAt(files.operations() + operations);
  }

  /// Closes the database, or lets a crashed one go, and opens what the disk holds then with that
  /// many workers.
  void restart(int newWorkers, Random random) {
    boolean crashed = files.crashed();
    close();
    Tear tear = crashed ? Tear.values()[random.nextInt(Tear.values().length)] : Tear.NONE;
    files = files.restart(tear, random);
    fatal.set(null);
    workers = newWorkers;
    runtime = start();
    session = connect();
  }

  @Override
  public void close() {
    boolean crashed = files.crashed() || fatal.get() != null;
    try {
      session.close();
      runtime.close();
    } catch (RuntimeException e) {
      if (!crashed) {
        throw e;
      }
    }
  }
}
