package dev.aevum.cli.bench;

import dev.aevum.connectors.spi.SourceReader;
import dev.aevum.connectors.spi.SourceSpec;
import dev.aevum.engine.catalog.CatalogObject.StreamObject;
import dev.aevum.engine.runtime.DatabaseConfig;
import dev.aevum.engine.session.SessionRegistry;
import dev.aevum.model.step.Budget;
import dev.aevum.wire.postgres.PostgresServer;
import dev.aevum.wire.postgres.ServerSettings;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `aevum bench core`: the generator alone, and key lookups through pgjdbc. The queries' figures
/// are those of `bench nexmark`.
@Command(name = "core", description = "Source alone, key lookups.", mixinStandardHelpOptions = true)
final class CoreCommand implements Callable<Integer> {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Option(
      names = "--events",
      defaultValue = "10000000",
      description = "Events of the source (default: ${DEFAULT-VALUE}).")
  private long events;

  @Option(
      names = "--connections",
      defaultValue = "8",
      description = "Connections that look up (default: ${DEFAULT-VALUE}).")
  private int connections;

  @Option(
      names = "--seconds",
      defaultValue = "10",
      description = "Seconds of looking up (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--rows",
      defaultValue = "100000",
      description = "Rows of the table (default: ${DEFAULT-VALUE}).")
  private int rows;

  @Override
  public Integer call() throws InterruptedException, ExecutionException {
    PrintWriter out = spec.commandLine().getOut();
    DatabaseConfig config =
        new DatabaseConfig(null, 2, 8L << 30, InstantSource.system(), System::nanoTime, 1);
    try (EmbeddedSession session = new EmbeddedSession(config)) {
      session.run(NexmarkCommand.streams(1, 1000, events));
      source(out, session, "all columns", true);
      source(out, session, "auction and price", false);
      session.run(
          "CREATE TABLE lookup (id BIGINT PRIMARY KEY, owner TEXT NOT NULL, balance NUMERIC(18,2) NOT NULL)");
      session.run(
          "INSERT INTO lookup SELECT i, 'owner ' || i, i * 1.5 FROM generate_series(1, "
              + rows
              + ") i");
      lookups(out, session);
    }
    return 0;
  }

  private void source(PrintWriter out, EmbeddedSession session, String what, boolean all) {
    if (!(session.runtime().catalog().find("public", "bid") instanceof StreamObject bid)) {
      throw new IllegalStateException("no stream bid");
    }
    Set<Integer> needed = all ? Set.of(0, 1, 2, 3, 4, 5, 6) : Set.of(0, 2);
    SourceSpec source = session.runtime().sources().spec(bid, needed);
    long start = System.nanoTime();
    long read = 0;
    try (SourceReader reader =
        session.runtime().connectors().get("datagen").openSource(source, null, null)) {
      while (!reader.finished()) {
        SourceReader.Polled polled = reader.poll(new Budget(4096, 64L << 20));
        if (polled != null) {
          read += polled.batch().rows();
          polled.batch().close();
        }
      }
    }
    double time = (System.nanoTime() - start) / 1e9;
    out.printf(
        Locale.ROOT,
        "source alone (bid, %s): events=%d rows=%d seconds=%.3f events/s=%.0f%n",
        what,
        events,
        read,
        time,
        events / time);
    out.flush();
  }

  private void lookups(PrintWriter out, EmbeddedSession session)
      throws InterruptedException, ExecutionException {
    try (PostgresServer server =
        PostgresServer.start(
            new SessionRegistry(session.runtime()),
            session.runtime().allocator(),
            ServerSettings.of(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0)))) {
      String url = "jdbc:postgresql://127.0.0.1:" + server.port() + "/aevum?user=aevum";
      for (int round = 0; round < 2; round++) {
        ExecutorService pool = Executors.newFixedThreadPool(connections);
        try {
          long end = System.nanoTime() + seconds * 1_000_000_000L / (round == 0 ? 2 : 1);
          long start = System.nanoTime();
          List<Future<Long>> counts = new ArrayList<>();
          for (int i = 0; i < connections; i++) {
            long first = i * 7919L;
            counts.add(pool.submit(() -> lookup(url, first, end)));
          }
          long total = 0;
          for (Future<Long> count : counts) {
            total += count.get();
          }
          double time = (System.nanoTime() - start) / 1e9;
          out.printf(
              Locale.ROOT,
              "key lookups%s: connections=%d lookups=%d seconds=%.3f lookups/s=%.0f%n",
              round == 0 ? " (warm-up)" : "",
              connections,
              total,
              time,
              total / time);
          out.flush();
        } finally {
          pool.shutdown();
        }
      }
    }
  }

  private long lookup(String url, long first, long end) throws SQLException {
    long count = 0;
    try (Connection connection = DriverManager.getConnection(url);
        PreparedStatement statement =
            connection.prepareStatement("SELECT owner, balance FROM lookup WHERE id = ?")) {
      for (long i = first; System.nanoTime() < end; i += 104_729) {
        statement.setLong(1, 1 + i % rows);
        try (ResultSet result = statement.executeQuery()) {
          if (!result.next()) {
            throw new IllegalStateException("row " + (1 + i % rows) + " is missing");
          }
        }
        count++;
      }
    }
    return count;
  }
}
