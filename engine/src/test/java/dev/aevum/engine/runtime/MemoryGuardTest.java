package dev.aevum.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aevum.model.error.SqlException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What happens when memory ends: for the whole engine, for one view, while a view is filled, for
/// writes.
class MemoryGuardTest {
  private static final String LOAD =
      "CREATE STREAM load (auction BIGINT, price BIGINT, bidder BIGINT, ts TIMESTAMPTZ, WATERMARK FOR ts AS ts)"
          + " WITH (connector = 'datagen', dataset = 'auction', pace = 'max', start_time = '2026-01-01 00:00:00Z')";
  private static final String WINDOWS =
      "CREATE MATERIALIZED VIEW windows AS SELECT window_start, count(*) AS n"
          + " FROM TUMBLE(load, DESCRIPTOR(ts), INTERVAL '1 second') GROUP BY window_start EMIT ON WINDOW CLOSE";

  @TempDir private Path temp = Path.of("");

  private static void await(String what, BooleanSupplier reached) {
    long deadline = System.nanoTime() + 60_000_000_000L;
    while (!reached.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(deadline);
      LockSupport.parkNanos(20_000_000L);
    }
  }

  private static String one(TestDatabase db, String sql) {
    return String.join("\n", db.query(sql));
  }

  /// The rate is 1000 rows a second of event time.
  private static void checkWindows(TestDatabase db) {
    assertThat(db.query("SELECT DISTINCT n FROM windows")).isEqualTo(List.of("1000"));
    assertThat(
            one(
                db,
                "SELECT count(*) = extract(epoch FROM max(window_start) - min(window_start)) + 1 FROM windows"))
        .isEqualTo("t");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theViewThatGrowsFailsAndTheOtherGoesOn(boolean durable) {
    try (TestDatabase db = new TestDatabase(durable ? temp : null, 64L << 20)) {
      db.run(LOAD);
      db.run(
          "CREATE MATERIALIZED VIEW grows AS SELECT ts, repeat('x', 400) || auction AS pad, count(*) AS n FROM load GROUP BY 1, 2");
      db.run(WINDOWS);
      await(
          "the growing view fails",
          () -> one(db, "SELECT state FROM aevum.views WHERE name = 'grows'").equals("FAILED"));
      String reason = one(db, "SELECT reason FROM aevum.views WHERE name = 'grows'");
      assertThat(reason).contains("53200: out of memory").contains("--memory");
      assertThat(db.error("SELECT * FROM grows").sqlState()).isEqualTo("55000");
      long rows = Long.parseLong(one(db, "SELECT count(*) FROM windows"));
      await(
          "the source goes on",
          () -> Long.parseLong(one(db, "SELECT count(*) FROM windows")) > rows + 10);
      assertThat(one(db, "SELECT state FROM aevum.views WHERE name = 'windows'"))
          .isEqualTo("RUNNING");
      checkWindows(db);
      assertThat(
              Double.parseDouble(
                  one(
                      db,
                      "SELECT value FROM aevum.metrics WHERE name = 'aevum_engine_memory_limit_bytes'")))
          .isEqualTo(64 << 20);
      assertThat(db.runtime().memory().usedBytes()).isLessThan(64L << 20);
    }
  }

  /// A source that is opened again for more columns gives rows again that it held ready: they are
  /// not late.
  @Test
  void rowsThatAreReadAgainForAnotherViewAreNotLate() {
    try (TestDatabase db = new TestDatabase(null)) {
      db.run(LOAD.replace("pace = 'max'", "pace = 'max', rows = 300000"));
      db.run(WINDOWS);
      for (String column : List.of("auction", "price", "bidder")) {
        db.run(
            "CREATE MATERIALIZED VIEW by_%1$s AS SELECT %1$s %% 10 AS k, count(*) AS n FROM load GROUP BY 1"
                .formatted(column));
      }
      await("the source ends", () -> db.runtime().isDrained());
      // The last window may be open.
      assertThat(db.query("SELECT count(*) >= 299, min(n), max(n) FROM windows"))
          .containsExactly("t|1000|1000");
      assertThat(db.query("SELECT DISTINCT late_rows FROM aevum.views")).containsExactly("0");
      for (String column : List.of("auction", "price", "bidder")) {
        assertThat(db.query("SELECT sum(n) FROM by_" + column)).containsExactly("300000");
      }
    }
  }

  @Test
  void aViewsOwnLimitFailsItAlone() {
    try (TestDatabase db = new TestDatabase(null)) {
      db.run(LOAD);
      db.run(
          "CREATE MATERIALIZED VIEW grows WITH (memory_limit = '4 MB') AS SELECT auction, price, ts, count(*) AS n FROM load GROUP BY auction, price, ts");
      db.run(WINDOWS);
      await(
          "the growing view fails",
          () -> one(db, "SELECT state FROM aevum.views WHERE name = 'grows'").equals("FAILED"));
      assertThat(one(db, "SELECT reason FROM aevum.views WHERE name = 'grows'"))
          .contains("53200: the view has reached its memory_limit of 4 MB");
      long rows = Long.parseLong(one(db, "SELECT count(*) FROM windows"));
      await(
          "the source goes on",
          () -> Long.parseLong(one(db, "SELECT count(*) FROM windows")) > rows);
      checkWindows(db);
    }
  }

  @Test
  void aLimitHoldsWhileAViewIsFilled() {
    try (TestDatabase db = new TestDatabase(null)) {
      db.run("CREATE TABLE t (k BIGINT)");
      db.run("INSERT INTO t SELECT * FROM generate_series(1, 200000)");
      SqlException error =
          db.error(
              "CREATE MATERIALIZED VIEW v WITH (memory_limit = '1 MB') AS SELECT k, count(*) FROM t GROUP BY k");
      assertThat(error.sqlState()).isEqualTo("53200");
      assertThat(db.query("SELECT name FROM aevum.views")).isEmpty();
      assertThat(
              db.error("CREATE MATERIALIZED VIEW v WITH (memory_limit = 'much') AS SELECT k FROM t")
                  .sqlState())
          .isEqualTo("22023");
    }
  }

  @Test
  void writesAreRefusedWhenNoViewIsToBlame() {
    try (TestDatabase db = new TestDatabase(null, 64L << 20)) {
      db.run("CREATE TABLE t (k BIGINT, pad TEXT)");
      SqlException[] refused = new SqlException[1];
      long[] next = {0};
      await(
          "a write is refused",
          () -> {
            try {
              db.run(
                  "INSERT INTO t SELECT n, repeat('x', 500) FROM generate_series("
                      + next[0]
                      + ", "
                      + (next[0] + 9999)
                      + ") g(n)");
              next[0] += 10_000;
            } catch (SqlException e) {
              refused[0] = e;
            }
            return refused[0] != null;
          });
      assertThat(refused[0].sqlState()).isEqualTo("53200");
      assertThat(refused[0].hint()).contains("--memory");
      // Not TRUNCATE: it takes each row away, which needs memory too.
      db.run("DROP TABLE t");
      db.run("CREATE TABLE t (k BIGINT, pad TEXT)");
      await(
          "writes are taken again",
          () -> {
            try {
              db.run("INSERT INTO t VALUES (1, 'x')");
              return true;
            } catch (SqlException e) {
              return false;
            }
          });
    }
  }
}
