package dev.aevum.cli.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.aevum.engine.runtime.DatabaseConfig;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `aevum bench nexmark`: each query from the in-process generator into a blackhole sink, one line
/// a query. With `--results` each query's final result too, as sorted CSV.
@Command(name = "nexmark", description = "Nexmark queries.", mixinStandardHelpOptions = true)
final class NexmarkCommand implements Callable<Integer> {
  private static final List<String> ALL =
      List.of("q0", "q1", "q2", "q3", "q4", "q5", "q7", "q7w", "q8", "q14", "q20", "q21", "q22");

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Option(names = "--queries", split = ",", description = "Such as q0,q4 (default: all).")
  private List<String> queries = ALL;

  @Option(
      names = "--events",
      defaultValue = "5000000",
      description = "Events of all three kinds (default: ${DEFAULT-VALUE}).")
  private long events;

  @Option(names = "--seed", defaultValue = "1", description = "Seed (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--rate",
      defaultValue = "1000",
      description = "Events a second of event time (default: ${DEFAULT-VALUE}).")
  private long rate;

  @Option(
      names = "--workers",
      defaultValue = "2",
      description = "Workers (default: ${DEFAULT-VALUE}).")
  private int workers;

  @Option(
      names = "--runs",
      defaultValue = "1",
      description = "Runs a query; the first warms up (default: ${DEFAULT-VALUE}).")
  private int runs;

  @Option(
      names = "--source",
      defaultValue = "memory",
      description = "memory: the generator in this process.")
  private String source = "memory";

  @Option(names = "--durable", description = "With a data folder and synced steps.")
  private boolean durable;

  @Option(names = "--json", description = "One JSON object a line.")
  private boolean json;

  @Option(names = "--results", description = "Folder for the queries' results as sorted CSV.")
  private @Nullable Path results;

  @Override
  public Integer call() {
    if (!source.equals("memory")) {
      throw new SqlException(
          ErrorCode.FEATURE_NOT_SUPPORTED, "source \"" + source + "\" is not supported yet");
    }
    PrintWriter out = spec.commandLine().getOut();
    for (String query : queries) {
      String sql = read(query + ".sql");
      if (results != null) {
        writeResult(query, sql, results);
      } else {
        double[] perSecond = new double[Math.max(1, runs)];
        for (int run = 0; run < perSecond.length; run++) {
          perSecond[run] = report(out, query, sql);
          out.flush();
        }
        if (perSecond.length > 1) {
          middle(out, query, perSecond);
        }
      }
      out.flush();
    }
    return 0;
  }

  private static String read(String name) {
    Path file = Path.of(System.getProperty("aevum.root", "."), "benchmarks", "nexmark", name);
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new SqlException(ErrorCode.IO_ERROR, "cannot read " + file + ": " + e.getMessage());
    }
  }

  /// The statements that make the three streams, read as fast as they can be.
  static String streams(long seed, long rate, long events) {
    String options =
        "connector = 'datagen', dataset = 'nexmark', pace = 'max', seed = "
            + seed
            + ", rate = "
            + rate
            + ", events = "
            + events;
    return read("streams.sql").replace("${options}", options);
  }

  private DatabaseConfig config(@Nullable Path folder) {
    return new DatabaseConfig(
        folder, workers, 8L << 30, InstantSource.system(), System::nanoTime, 1);
  }

  private static void middle(PrintWriter out, String query, double[] perSecond) {
    Arrays.sort(perSecond);
    double middle = perSecond[perSecond.length / 2];
    out.printf(
        Locale.ROOT,
        "%-4s middle of %d runs: events/s=%.0f spread=%.0f%%%n",
        query,
        perSecond.length,
        middle,
        (perSecond[perSecond.length - 1] - perSecond[0]) / middle * 100);
  }

  /// Runs the query once; returns events a second.
  private double report(PrintWriter out, String query, String sql) {
    Path folder = durable ? temporaryFolder() : null;
    try (EmbeddedSession session = new EmbeddedSession(config(folder))) {
      session.run(streams(seed, rate, events));
      long cpu = cpuNanos();
      long start = System.nanoTime();
      session.run("CREATE SINK result WITH (connector = 'blackhole') AS " + sql);
      await(session);
      double seconds = (System.nanoTime() - start) / 1e9;
      double cpuSeconds = (cpuNanos() - cpu) / 1e9;
      long[] state = {0};
      session.query(
          "SELECT coalesce(sum(state_bytes), 0)::bigint FROM aevum.operators",
          batch -> state[0] = batch.column(0).longAt(0));
      long[] rows = {0};
      session.query("SELECT rows FROM aevum.sinks", batch -> rows[0] = batch.column(0).longAt(0));
      double perSecond = events / seconds;
      String format =
          json
              ? "{\"query\":\"%s\",\"events\":%d,\"seconds\":%.3f,\"cpu_seconds\":%.3f,\"events_per_second\":%.0f,\"events_per_second_per_core\":%.0f,\"peak_rss_bytes\":%d,\"state_bytes\":%d,\"rows\":%d}%n"
              : "%-4s events=%d seconds=%.3f cpu_seconds=%.3f events/s=%.0f events/s/core=%.0f peak_rss=%d state_bytes=%d rows=%d%n";
      out.printf(
          Locale.ROOT,
          format,
          query,
          events,
          seconds,
          cpuSeconds,
          perSecond,
          perSecond / Math.max(1, Runtime.getRuntime().availableProcessors()),
          peakRss(),
          state[0],
          rows[0]);
      return perSecond;
    }
  }

  /// Processor time of all threads, the compiler's too: what a busy machine does not falsify.
  static long cpuNanos() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }

  static Path temporaryFolder() {
    try {
      return Files.createTempDirectory("aevum-bench");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void writeResult(String query, String sql, Path folder) {
    try (EmbeddedSession session = new EmbeddedSession(config(null))) {
      session.run(streams(seed, rate, events));
      session.run("CREATE MATERIALIZED VIEW result AS " + sql);
      await(session);
      ResultFile file = new ResultFile();
      session.query("SELECT * FROM result", file::add);
      file.write(folder, query);
      spec.commandLine()
          .getOut()
          .println(query + " rows=" + file.rows() + " sha256=" + file.sha256());
    }
  }

  /// Waits until everything has been read and shown; throws when something failed.
  static void await(EmbeddedSession session) {
    while (!session.runtime().isDrained()) {
      LockSupport.parkNanos(1_000_000L);
    }
    session.runtime().driver().exclusive(() -> 0);
    session.query(
        "SELECT name, reason FROM aevum.views WHERE state = 'FAILED' UNION ALL SELECT name, reason FROM aevum.sources WHERE state = 'FAILED'",
        batch -> {
          if (batch.rows() > 0) {
            throw new IllegalStateException(
                batch.column(0).textAt(0) + " failed: " + batch.column(1).textAt(0));
          }
        });
  }

  /// Peak resident memory of this process in bytes; 0 where the system does not tell.
  static long peakRss() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
        if (line.startsWith("VmHWM:")) {
          return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
        }
      }
    } catch (IOException e) {
      return 0;
    }
    return 0;
  }
}
