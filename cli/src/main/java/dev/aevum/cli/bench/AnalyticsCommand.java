package dev.aevum.cli.bench;

import dev.aevum.engine.runtime.DatabaseConfig;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `aevum bench analytics`: sequence functions, each from the in-process generator into a blackhole
/// sink. `source` is the same plan without the function: a projection of the generated rows.
/// `distinct` and `percentile` are approximate aggregates over 100 groups.
@Command(
    name = "analytics",
    description = "Anomaly detectors and approximate aggregates.",
    mixinStandardHelpOptions = true)
final class AnalyticsCommand implements Callable<Integer> {
  /// @param call reads `v`; the key is `k`, the time `ts`
  private record Workload(String name, String key, String call) {}

  /// A random digit of the price makes ten keys of each of the generator's 10,000.
  private static final String MANY_KEYS = "key * 10 + price % 10";

  /// A forest has hundreds of rows a key before its first score.
  private static final String FEW_KEYS = "key % 100";

  private static final List<Workload> WORKLOADS =
      List.of(
          new Workload("source", MANY_KEYS, ""),
          new Workload("anomaly", MANY_KEYS, "anomaly(v)"),
          new Workload("ewma", MANY_KEYS, "anomaly_ewma(v)"),
          new Workload("zscore", MANY_KEYS, "anomaly_zscore(v)"),
          new Workload("mad", "key", "anomaly_mad(v)"),
          new Workload("forest", FEW_KEYS, "random_cut_forest(v)"),
          new Workload("halves", FEW_KEYS, "half_space_trees(v)"),
          new Workload("spikes", "key", "spike_and_dip(v)"),
          new Workload("forecast", FEW_KEYS, "forecast(v, period => 168)"),
          new Workload("distinct", FEW_KEYS, "approx_count_distinct(v)"),
          new Workload("percentile", FEW_KEYS, "approx_percentile(0.99, v)"));

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Option(
      names = "--workloads",
      split = ",",
      description =
          "source, anomaly, ewma, zscore, mad, distinct, percentile, forest, halves, spikes,"
              + " forecast (default: the first seven).")
  private List<String> workloads =
      List.of("source", "anomaly", "ewma", "zscore", "mad", "distinct", "percentile");

  @Option(
      names = "--rows",
      defaultValue = "10000000",
      description = "Rows of the source (default: ${DEFAULT-VALUE}).")
  private long rows;

  @Option(
      names = "--rounds",
      defaultValue = "3",
      description = "Runs of each; the first is warm-up (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--workers",
      defaultValue = "2",
      description = "Workers (default: ${DEFAULT-VALUE}).")
  private int workers;

  @Option(names = "--durable", description = "With a data folder and synced steps.")
  private boolean durable;

  @Option(
      names = "--restart",
      description = "Instead: how long a start with 100,000 models takes until a row is scored.")
  private boolean restart;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (restart) {
      restart(out);
      return 0;
    }
    for (Workload workload : WORKLOADS) {
      if (workloads.contains(workload.name())) {
        List<Double> rates = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
          rates.add(report(out, workload, round));
        }
        double best = rates.stream().mapToDouble(Double::doubleValue).max().orElse(0);
        out.printf(Locale.ROOT, "%-8s best rows/s=%.0f%n", workload.name(), best);
        out.flush();
      }
    }
    return 0;
  }

  private double report(PrintWriter out, Workload workload, int round) {
    @Nullable Path folder = durable ? NexmarkCommand.temporaryFolder() : null;
    DatabaseConfig config =
        new DatabaseConfig(folder, workers, 8L << 30, InstantSource.system(), System::nanoTime, 1);
    try (EmbeddedSession session = new EmbeddedSession(config)) {
      session.run(
          "CREATE STREAM events (key BIGINT, price BIGINT, ts TIMESTAMPTZ, WATERMARK FOR ts AS ts)"
              + " WITH (connector = 'datagen', dataset = 'prices', pace = 'max',"
              + " start_time = '2026-01-01 00:00:00Z', seed = 1, rate = 1000, rows = "
              + rows
              + ")");
      long cpu = NexmarkCommand.cpuNanos();
      long start = System.nanoTime();
      session.run(sink(workload));
      NexmarkCommand.await(session);
      double seconds = (System.nanoTime() - start) / 1e9;
      double cpuSeconds = (NexmarkCommand.cpuNanos() - cpu) / 1e9;
      long[] state = {0};
      session.query(
          "SELECT coalesce(sum(state_bytes), 0)::bigint FROM aevum.operators",
          batch -> state[0] = batch.column(0).longAt(0));
      out.printf(
          Locale.ROOT,
          "%-8s round=%d rows=%d seconds=%.3f cpu_seconds=%.3f rows/s=%.0f state_bytes=%d peak_rss=%d%n",
          workload.name(),
          round,
          rows,
          seconds,
          cpuSeconds,
          rows / seconds,
          state[0],
          NexmarkCommand.peakRss());
      out.flush();
      return rows / seconds;
    }
  }

  /// 100,000 keys of 30 rows each in a durable view; then a start, and a row of one key.
  private void restart(PrintWriter out) {
    Path folder = NexmarkCommand.temporaryFolder();
    DatabaseConfig config =
        new DatabaseConfig(folder, workers, 8L << 30, InstantSource.system(), System::nanoTime, 1);
    try (EmbeddedSession session = new EmbeddedSession(config)) {
      session.run(
          "CREATE STREAM events (k BIGINT, ts TIMESTAMP, v DOUBLE PRECISION, WATERMARK FOR ts AS ts)"
              + " WITH (retention = 'none');"
              + "CREATE MATERIALIZED VIEW scored AS SELECT k, ts, (a).score FROM (SELECT *,"
              + " anomaly(v) OVER (PARTITION BY k ORDER BY ts) AS a FROM events) q"
              + " WHERE k = 7 OR (a).is_anomaly;");
      for (int row = 0; row < 31; row++) {
        session.run(
            "INSERT INTO events SELECT k, TIMESTAMP '2026-01-01' + "
                + row
                + " * INTERVAL '1 minute', (k * 7919 + "
                + row * 104_729
                + ") % 97 FROM generate_series(1, 100000) AS g(k)");
      }
    }
    long start = System.nanoTime();
    try (EmbeddedSession session = new EmbeddedSession(config)) {
      double opened = (System.nanoTime() - start) / 1e9;
      session.run("INSERT INTO events VALUES (7, '2026-01-02', 1000000), (8, '2026-01-03', 1)");
      double[] score = {Double.NaN};
      session.query(
          "SELECT score FROM scored WHERE k = 7 AND ts = '2026-01-02'",
          batch -> score[0] = batch.column(0).doubleAt(0));
      double scored = (System.nanoTime() - start) / 1e9;
      long[] models = {0};
      session.query(
          "SELECT count(*) FROM aevum.model_state", b -> models[0] = b.column(0).longAt(0));
      out.printf(
          Locale.ROOT,
          "restart models=%d opened_seconds=%.3f scored_seconds=%.3f score=%.3f%n",
          models[0],
          opened,
          scored,
          score[0]);
      out.flush();
    }
  }

  private static String sink(Workload workload) {
    String data =
        "(SELECT " + workload.key() + " AS k, price::double precision AS v, ts FROM events) d";
    String query =
        workload.call().isEmpty()
            ? "SELECT k, v, ts FROM " + data
            : workload.call().startsWith("approx_")
                ? "SELECT k, " + workload.call() + " AS result FROM " + data + " GROUP BY k"
                : "SELECT k, ts, v, "
                    + results(workload)
                    + " FROM (SELECT *, "
                    + workload.call()
                    + " OVER (PARTITION BY k ORDER BY ts) AS a FROM "
                    + data
                    + ") q";
    return "CREATE SINK result WITH (connector = 'blackhole') AS " + query;
  }

  private static String results(Workload workload) {
    return workload.call().startsWith("forecast")
        ? "(a).forecast, (a).lower, (a).upper"
        : "(a).score, (a).is_anomaly";
  }
}
