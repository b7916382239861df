package dev.aevum.cli.law;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aevum.model.error.SqlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Statistics and sketches in views equal the same query over the rows as they are, whatever was
/// inserted, changed and deleted before, over restarts and with changing numbers of workers, by
/// groups, by windows and merged from parts. Queries fold by other code than views.
///
/// Seeds: `-Daevum.seed=N` begins at N, `-Daevum.statistics.cases=N` runs N of them.
class StatisticsLawProperty {
  private static final long FIRST_SEED = Long.getLong("aevum.seed", 1);
  private static final int CASES = Integer.getInteger("aevum.statistics.cases", 3);

  private static final List<String> CALLS =
      List.of(
          "var_pop(y)",
          "var_samp(n)",
          "stddev_samp(d)",
          "stddev_pop(DISTINCT n)",
          "variance(y) FILTER (WHERE n > 1)",
          "skewness(y)",
          "kurtosis(x)",
          "corr(y, x)",
          "covar_samp(y, x)",
          "regr_slope(y, x)",
          "regr_intercept(y, x)",
          "regr_r2(y, x)",
          "regr_count(y, x)",
          "regr_avgx(DISTINCT y, x)",
          "mode(n)",
          "mode(d)",
          "mode(s)",
          "entropy(s)",
          "entropy(DISTINCT n)",
          "histogram(y, -5, 5, 4)",
          "first(s, ts)",
          "last(d, ts)",
          "first(y, ts) FILTER (WHERE n > 0)",
          "time_weighted_avg(y, ts)",
          "rate(n::double precision, ts)",
          "ewma(y, 2 ORDER BY ts, id)",
          "ewma(x, INTERVAL '3 seconds' ORDER BY ts)",
          "approx_count_distinct(n)",
          "approx_count_distinct(d)",
          "approx_percentile(0.5, y)",
          "approx_percentile(0.9, x, method => 'rank')",
          "approx_top_k(s, 2)",
          "approx_count(n, 2)",
          "distinct_count(hll_sketch(s))",
          "percentile_sketch(y)",
          "stats_sketch(y)",
          "stats_sketch(y, x)",
          "count_sketch(n)",
          "top(topk_sketch(n, 3))");

  @TempDir Path temp;

  @Test
  void viewsEqualQueriesOverTables() throws IOException {
    List<String> failures = new ArrayList<>();
    for (long seed = FIRST_SEED; seed < FIRST_SEED + CASES && failures.size() < 3; seed++) {
      Path folder = Files.createDirectory(temp.resolve("seed" + seed));
      try (LawDatabase db = new LawDatabase(folder, 1 + (int) (seed % 2))) {
        history(db, new Random(seed));
      } catch (RuntimeException | AssertionError e) {
        failures.add("seed " + seed + ": " + e);
      }
    }
    assertThat(failures).isEmpty();
  }

  private static void history(LawDatabase db, Random random) {
    run(
        db,
        "CREATE TABLE t (id INTEGER PRIMARY KEY, g INTEGER, n INTEGER, d NUMERIC, s TEXT,"
            + " x DOUBLE PRECISION, y DOUBLE PRECISION, ts TIMESTAMP)");
    List<String> views = new ArrayList<>();
    for (int v = 0; v < 4; v++) {
      List<String> chosen = new ArrayList<>(CALLS);
      if (v == 2 && random.nextBoolean()) {
        // All of which add up by panes.
        chosen.removeIf(c ->
            !c.matches(
                    "(var|stddev|variance|regr|corr|covar|skew|kurt|hist|stats|count_|approx_count[(]|percentile_).*")
                || c.contains("DISTINCT"));
      }
      Collections.shuffle(chosen, random);
      List<String> columns = new ArrayList<>();
      for (int i = 0; i < 12 && i < chosen.size(); i++) {
        columns.add(chosen.get(i) + " AS c" + i);
      }
      String calls = String.join(", ", columns);
      views.add(
          switch (v) {
            case 0 -> "SELECT g, " + calls + " FROM t GROUP BY g";
            case 1 -> "SELECT " + calls + " FROM t";
            case 2 ->
                "SELECT window_start, "
                    + calls
                    + " FROM HOP(TABLE t, DESCRIPTOR(ts), INTERVAL '2 seconds', INTERVAL '6 seconds')"
                    + " GROUP BY window_start, window_end";
            default ->
                "SELECT a, merge(h) AS h, merge(p) AS p, merge(m) AS m FROM (SELECT g % 2 AS a, g,"
                    + " hll_sketch(s) AS h, percentile_sketch(y) AS p, stats_sketch(x) AS m"
                    + " FROM t GROUP BY g % 2, g) q GROUP BY a";
          });
      run(db, "CREATE MATERIALIZED VIEW v" + v + " AS " + views.get(v));
    }
    int next = 1;
    for (int step = 0; step < 25; step++) {
      switch (random.nextInt(8)) {
        case 0, 1, 2, 3 -> {
          List<String> rows = new ArrayList<>();
          for (int i = random.nextInt(12); i >= 0; i--) {
            rows.add("(" + next++ + ", " + row(random) + ")");
          }
          run(db, "INSERT INTO t VALUES " + String.join(", ", rows));
        }
        case 4 -> run(db, "DELETE FROM t WHERE id % 5 = " + random.nextInt(5));
        case 5 ->
            run(
                db,
                "UPDATE t SET (g, n, d, s, x, y, ts) = ("
                    + row(random)
                    + ") WHERE id % 4 = "
                    + random.nextInt(4));
        case 6 -> run(db, random.nextInt(4) == 0 ? "DELETE FROM t" : "DELETE FROM t WHERE g = 1");
        default -> db.restart(1 + random.nextInt(2), random);
      }
      for (int v = 0; v < views.size(); v++) {
        assertThat(sorted(db, "SELECT * FROM v" + v))
            .as("step " + step + "\n" + views.get(v))
            .isEqualTo(sorted(db, views.get(v)));
      }
    }
  }

  private static void run(LawDatabase db, String sql) {
    @Nullable SqlException error = db.execute(sql);
    assertThat(error).as(sql).isNull();
  }

  private static List<String> sorted(LawDatabase db, String sql) {
    return db.values(sql).stream()
        .map(row -> row.stream().map(StatisticsLawProperty::shown).toList().toString())
        .sorted(Comparator.naturalOrder())
        .toList();
  }

  private static String shown(@Nullable Object value) {
    return value instanceof byte[] bytes ? Arrays.toString(bytes) : String.valueOf(value);
  }

  /// Values for g, n, d, s, x, y, ts: few different ones, so that they meet.
  private static String row(Random random) {
    List<String> values =
        List.of(
            Integer.toString(random.nextInt(3)),
            Integer.toString(random.nextInt(6) - 1),
            random.nextInt(4) + List.of("", ".5", ".50", ".125").get(random.nextInt(4)),
            "'" + "abcd".charAt(random.nextInt(4)) + "'",
            List.of("1e9", "1000000000.25", "-3", "0.1", "1e-300").get(random.nextInt(5)),
            List.of("-7", "0", "0.1", "0.2", "4.99", "1e6", "-0.0").get(random.nextInt(7)),
            "'2026-01-01 00:00:" + (10 + random.nextInt(12)) + "'");
    List<String> shown = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      shown.add(random.nextInt(12) == 0 ? "NULL" : values.get(i));
    }
    return String.join(", ", shown);
  }
}
