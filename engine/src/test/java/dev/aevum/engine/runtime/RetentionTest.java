package dev.aevum.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetentionTest {
  private static final String BY_EVENT =
      "CREATE STREAM s (x INT, ts TIMESTAMPTZ, WATERMARK FOR ts AS ts) WITH (retention = '1 hour')";

  @TempDir private Path folder = Path.of("");

  @Test
  void rowsGoByEventTimeAndViewsKeepThem() {
    try (TestDatabase db = new TestDatabase(folder)) {
      db.run(BY_EVENT);
      db.run("CREATE MATERIALIZED VIEW sums AS SELECT count(*) AS n, sum(x) AS total FROM s");
      db.run(
          "INSERT INTO s VALUES (1, '2026-01-01 00:00:00Z'), (2, '2026-01-01 01:00:00Z'), (3, NULL)");
      db.advance(Duration.ofSeconds(2));
      assertThat(db.query("SELECT x FROM s")).containsExactly("1", "2", "3");
      db.run("INSERT INTO s VALUES (4, '2026-01-01 02:00:00Z')");
      db.advance(Duration.ofSeconds(2));
      assertThat(db.query("SELECT x FROM s")).containsExactly("2", "3", "4");
      assertThat(db.query("SELECT * FROM sums")).containsExactly("4|10");
      db.run("CREATE MATERIALIZED VIEW later AS SELECT count(*) AS n FROM s");
      assertThat(db.query("SELECT * FROM later")).containsExactly("3");
      assertThat(db.runtime().retention().hasDeleted(db.oid("s"))).isTrue();
      db.restart();
      assertThat(db.query("SELECT x FROM s")).containsExactly("2", "3", "4");
      assertThat(db.query("SELECT * FROM sums")).containsExactly("4|10");
      assertThat(db.query("SELECT * FROM later")).containsExactly("3");
      // A row without event time goes an hour after it came.
      db.advance(Duration.ofMinutes(59));
      assertThat(db.query("SELECT x FROM s")).containsExactly("2", "3", "4");
      db.advance(Duration.ofMinutes(2));
      assertThat(db.query("SELECT x FROM s")).containsExactly("2", "4");
      // One that is too old when it comes.
      db.run("INSERT INTO s VALUES (5, '2025-01-01 00:00:00Z')");
      db.advance(Duration.ofSeconds(2));
      assertThat(db.query("SELECT x FROM s")).containsExactly("2", "4");
      assertThat(db.query("SELECT n FROM later")).containsExactly("4");
    }
  }

  @Test
  void rowsGoByArrivalWithoutWatermark() {
    try (TestDatabase db = new TestDatabase(folder)) {
      db.run("CREATE STREAM s (x INT) WITH (retention = '1 day')");
      for (int hour = 0; hour < 48; hour++) {
        db.run("INSERT INTO s VALUES (" + hour + ")");
        if (hour == 20) {
          db.restart();
        }
        db.advance(Duration.ofHours(1));
      }
      // Now it is hour 48: what came at hour 24 is a day old, not older.
      assertThat(db.query("SELECT min(x), max(x), count(*) FROM s")).containsExactly("24|47|24");
      assertThat(db.runtime().committer().sequenceNames("mark:")).hasSizeLessThan(40);
      db.restart();
      db.advance(Duration.ofHours(24));
      assertThat(db.query("SELECT count(*) FROM s")).containsExactly("0");
      db.run("INSERT INTO s VALUES (100)");
      assertThat(db.query("SELECT x FROM s")).containsExactly("100");
      db.run("DROP STREAM s; CREATE TABLE t (x INT); INSERT INTO t VALUES (1)");
      assertThat(db.runtime().committer().sequenceNames("mark:")).isEmpty();
      assertThat(db.runtime().committer().sequenceNames("deleted:")).isEmpty();
    }
  }

  /// More rows than one step takes, looked for on the other thread.
  @Test
  void aLargeStreamIsDeletedInPieces() {
    try (TestDatabase db = new TestDatabase(null)) {
      db.run(BY_EVENT);
      db.run(
          "INSERT INTO s SELECT n, '2026-01-01 00:00:00Z'::timestamptz + n * INTERVAL '1 second'"
              + " FROM generate_series(1, 150000) g(n)");
      long deadline = System.nanoTime() + 60_000_000_000L;
      String left = "";
      while (!left.equals("3601") && System.nanoTime() < deadline) {
        db.advance(Duration.ofSeconds(2));
        left = db.query("SELECT count(*) FROM s").getFirst();
        LockSupport.parkNanos(10_000_000L);
      }
      assertThat(db.query("SELECT count(*), min(x), max(x) FROM s"))
          .containsExactly("3601|146400|150000");
    }
  }

  @Test
  void noneKeepsNothing() {
    try (TestDatabase db = new TestDatabase(null)) {
      db.run("CREATE STREAM s (x INT) WITH (retention = 'none')");
      db.run("CREATE MATERIALIZED VIEW v AS SELECT count(*) AS n FROM s");
      db.run("INSERT INTO s VALUES (1), (2)");
      db.run("CREATE MATERIALIZED VIEW w AS SELECT count(*) AS n FROM s");
      assertThat(db.query("SELECT n FROM v")).containsExactly("2");
      assertThat(db.query("SELECT n FROM w")).containsExactly("0");
      assertThat(db.error("SELECT * FROM s").hint()).contains("retention");
    }
  }
}
