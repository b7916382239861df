package dev.aevum.cli.bench;

import dev.aevum.connectors.spi.SourceReader;
import dev.aevum.connectors.spi.SourceSpec;
import dev.aevum.engine.catalog.CatalogObject.StreamObject;
import dev.aevum.engine.runtime.DatabaseConfig;
import dev.aevum.model.step.Budget;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `aevum bench match`: row patterns, each from the in-process generator into a blackhole sink,
/// with the rate of the generator alone beside; and over a table a pattern that is hard for
/// backtracking, and one whose condition looks at an aggregate of the match so far.
@Command(name = "match", description = "Row patterns.", mixinStandardHelpOptions = true)
final class MatchCommand implements Callable<Integer> {
  private record Workload(String name, String dataset, String columns, String clause) {}

  private static final List<Workload> WORKLOADS =
      List.of(
          new Workload(
              "vshape",
              "prices",
              "key BIGINT, price BIGINT, ts TIMESTAMPTZ",
              "PARTITION BY key ORDER BY ts MEASURES a.price AS top, LAST(b.price) AS bottom, LAST(c.price) AS back "
                  + "ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW PATTERN (a b+ c+) "
                  + "DEFINE b AS b.price < PREV(b.price), c AS c.price > PREV(c.price)"),
          new Workload(
              "funnel",
              "funnel",
              "user_id BIGINT, step TEXT, ts TIMESTAMPTZ",
              "PARTITION BY user_id ORDER BY ts MEASURES a.ts AS viewed, c.ts AS bought "
                  + "ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW PATTERN (a b c) WITHIN INTERVAL '1 hour' "
                  + "DEFINE a AS a.step = 'view', b AS b.step = 'cart', c AS c.step = 'buy'"),
          new Workload(
              "overlap",
              "bursts",
              "key BIGINT, kind TEXT, ts TIMESTAMPTZ",
              "PARTITION BY key ORDER BY ts MEASURES FIRST(a.ts) AS since, b.ts AS until, COUNT(*) AS n "
                  + "ONE ROW PER MATCH AFTER MATCH SKIP TO NEXT ROW PATTERN (a+ b) "
                  + "DEFINE a AS a.kind = 'a', b AS b.kind = 'b'"));

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Option(
      names = "--workloads",
      split = ",",
      description = "vshape, funnel, overlap, hard, running, revise (default: all).")
  private List<String> workloads =
      List.of("vshape", "funnel", "overlap", "hard", "running", "revise");

  @Option(
      names = "--partition-rows",
      defaultValue = "100000",
      description = "revise: rows of the partition (default: ${DEFAULT-VALUE}).")
  private long partitionRows;

  @Option(
      names = "--updates",
      defaultValue = "1000",
      description = "revise: updates, each a transaction (default: ${DEFAULT-VALUE}).")
  private int updates;

  @Option(
      names = "--rows",
      defaultValue = "10000000",
      description = "Rows of the source (default: ${DEFAULT-VALUE}).")
  private long rows;

  @Option(
      names = "--rate",
      defaultValue = "1000",
      description = "Rows a second of event time (default: ${DEFAULT-VALUE}).")
  private long rate;

  @Option(names = "--seed", defaultValue = "1", description = "Seed (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--workers",
      defaultValue = "2",
      description = "Workers (default: ${DEFAULT-VALUE}).")
  private int workers;

  @Option(
      names = "--rounds",
      defaultValue = "3",
      description = "Runs of each; the first is warm-up (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(names = "--durable", description = "With a data folder and synced steps.")
  private boolean durable;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    for (Workload workload : WORKLOADS) {
      if (workloads.contains(workload.name())) {
        source(out, workload);
        List<Double> rates = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
          rates.add(report(out, workload, round));
        }
        out.printf(
            Locale.ROOT,
            "%-8s best rows/s=%.0f%n",
            workload.name(),
            rates.stream().mapToDouble(Double::doubleValue).max().orElse(0));
        out.flush();
      }
    }
    if (workloads.contains("hard")) {
      for (int round = 0; round < rounds; round++) {
        hard(out, "SKIP PAST LAST ROW");
        hard(out, "SKIP TO NEXT ROW");
      }
    }
    if (workloads.contains("running")) {
      for (int round = 0; round < rounds; round++) {
        running(out, "SKIP PAST LAST ROW");
        running(out, "SKIP TO NEXT ROW");
      }
    }
    if (workloads.contains("revise")) {
      revise(out, "end", partitionRows - 50, true);
      revise(out, "middle", partitionRows / 2, true);
      revise(out, "begin", 50, true);
    }
    return 0;
  }

  private EmbeddedSession open(@Nullable Path folder) {
    return new EmbeddedSession(
        new DatabaseConfig(folder, workers, 8L << 30, InstantSource.system(), System::nanoTime, 1));
  }

  private String stream(Workload workload) {
    return "CREATE STREAM events ("
        + workload.columns()
        + ", WATERMARK FOR ts AS ts) WITH (connector = 'datagen', dataset = '"
        + workload.dataset()
        + "', pace = 'max', start_time = '2026-01-01 00:00:00Z', seed = "
        + seed
        + ", rate = "
        + rate
        + ", rows = "
        + rows
        + ")";
  }

  private void source(PrintWriter out, Workload workload) {
    try (EmbeddedSession session = open(null)) {
      session.run(stream(workload));
      if (!(session.runtime().catalog().find("public", "events") instanceof StreamObject events)) {
        throw new IllegalStateException("no stream events");
      }
      SourceSpec source = session.runtime().sources().spec(events, Set.of(0, 1, 2));
      long start = System.nanoTime();
      try (SourceReader reader =
          session.runtime().connectors().get("datagen").openSource(source, null, null)) {
        while (!reader.finished()) {
          SourceReader.Polled polled = reader.poll(new Budget(4096, 64L << 20));
          if (polled != null) {
            polled.batch().close();
          }
        }
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      out.printf(
          Locale.ROOT,
          "%-8s source alone: rows=%d seconds=%.3f rows/s=%.0f%n",
          workload.name(),
          rows,
          seconds,
          rows / seconds);
      out.flush();
    }
  }

  private double report(PrintWriter out, Workload workload, int round) {
    try (EmbeddedSession session = open(durable ? NexmarkCommand.temporaryFolder() : null)) {
      session.run(stream(workload));
      long start = System.nanoTime();
      long cpuBefore = NexmarkCommand.cpuNanos();
      session.run(
          "CREATE SINK result WITH (connector = 'blackhole') AS SELECT * FROM events MATCH_RECOGNIZE ("
              + workload.clause()
              + ")");
      NexmarkCommand.await(session);
      double seconds = (System.nanoTime() - start) / 1e9;
      double cpu = (NexmarkCommand.cpuNanos() - cpuBefore) / 1e9;
      long[] matches = {0};
      session.query(
          "SELECT rows FROM aevum.sinks", batch -> matches[0] = batch.column(0).longAt(0));
      out.printf(
          Locale.ROOT,
          "%-8s round=%d rows=%d seconds=%.3f cpu_seconds=%.3f rows/s=%.0f matches=%d peak_rss=%d%n",
          workload.name(),
          round,
          rows,
          seconds,
          cpu,
          rows / seconds,
          matches[0],
          NexmarkCommand.peakRss());
      out.flush();
      return rows / seconds;
    }
  }

  /// Every row may be any variable but the last, which never comes.
  private void hard(PrintWriter out, String skip) {
    nothing(
        out,
        "hard",
        "CREATE TABLE hard (id BIGINT PRIMARY KEY, kind TEXT NOT NULL);"
            + "INSERT INTO hard SELECT i, 'a' FROM generate_series(1, 10000) i",
        "hard MATCH_RECOGNIZE (ORDER BY id MEASURES c.id AS last ONE ROW PER MATCH AFTER MATCH "
            + skip
            + " PATTERN (a+ b* a+ c) DEFINE a AS a.kind = 'a', b AS b.kind = 'a', c AS c.kind = 'c')",
        skip);
  }

  /// No start ends before the last row.
  private void running(PrintWriter out, String skip) {
    nothing(
        out,
        "running",
        "CREATE TABLE prices (id BIGINT PRIMARY KEY, price BIGINT NOT NULL);"
            + "INSERT INTO prices SELECT i, i * 7919 % 1000 FROM generate_series(1, 10000) i",
        "prices MATCH_RECOGNIZE (ORDER BY id MEASURES b.id AS last ONE ROW PER MATCH AFTER MATCH "
            + skip
            + " PATTERN (a+ b) DEFINE b AS b.price > AVG(a.price) + 1000)",
        skip);
  }

  /// Over 10,000 rows without a match.
  private void nothing(PrintWriter out, String name, String table, String from, String skip) {
    try (EmbeddedSession session = open(null)) {
      session.run(table);
      long start = System.nanoTime();
      long cpuBefore = NexmarkCommand.cpuNanos();
      session.query(
          "SELECT * FROM " + from,
          batch -> {
            if (batch.rows() != 0) {
              throw new IllegalStateException("a match where there is none");
            }
          });
      out.printf(
          Locale.ROOT,
          "%-8s rows=10000 %s seconds=%.3f cpu_seconds=%.3f%n",
          name,
          skip,
          (System.nanoTime() - start) / 1e9,
          (NexmarkCommand.cpuNanos() - cpuBefore) / 1e9);
      out.flush();
    }
  }

  /// Updates of single rows around row `at` of one partition, under a view of V-shapes or none.
  private void revise(PrintWriter out, String where, long at, boolean view) {
    try (EmbeddedSession session = open(null)) {
      session.run(
          "CREATE TABLE prices (id BIGINT PRIMARY KEY, price BIGINT NOT NULL);"
              + "INSERT INTO prices SELECT i, i * 7919 % 1000 FROM generate_series(1, "
              + partitionRows
              + ") i");
      if (view) {
        session.run(
            "CREATE MATERIALIZED VIEW shapes AS SELECT * FROM prices MATCH_RECOGNIZE (ORDER BY id "
                + "MEASURES a.price AS top, LAST(b.price) AS bottom, LAST(c.price) AS back "
                + "ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW PATTERN (a b+ c+) "
                + "DEFINE b AS b.price < PREV(b.price), c AS c.price > PREV(c.price))");
      }
      long start = System.nanoTime();
      long cpuBefore = NexmarkCommand.cpuNanos();
      for (int i = 0; i < updates; i++) {
        session.run("UPDATE prices SET price = " + i * 31 % 1000 + " WHERE id = " + (at + i % 40));
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      out.printf(
          Locale.ROOT,
          "revise   partition_rows=%d updates=%d at=%s seconds=%.3f cpu_seconds=%.3f updates/s=%.1f%n",
          partitionRows,
          updates,
          where,
          seconds,
          (NexmarkCommand.cpuNanos() - cpuBefore) / 1e9,
          updates / seconds);
      out.flush();
    }
  }
}
