package dev.aevum.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The real process with as little memory as the launcher gives one: what takes too much fails with
/// 53200 and says what to do, and everything else goes on.
class MemoryEndsTest {
  private static final String WIDE =
      "CREATE STREAM bids (auction BIGINT, bidder BIGINT, price BIGINT, extra TEXT, \"dateTime\" TIMESTAMP,"
          + " WATERMARK FOR \"dateTime\" AS \"dateTime\")"
          + " WITH (connector = 'datagen', dataset = 'nexmark', entity = 'bid', pace = 'max', rate = 1000)";
  private static final String GROWS =
      "SELECT auction, bidder, price, extra, count(*) AS n FROM bids GROUP BY auction, bidder, price, extra";

  @TempDir private Path folder;

  private static String one(ServerProcess server, String sql) throws SQLException {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? String.valueOf(rows.getString(1)) : "";
    }
  }

  private static void await(ServerProcess server, String sql, String wanted) throws SQLException {
    long deadline = System.nanoTime() + 120_000_000_000L;
    while (!one(server, sql).equals(wanted)) {
      assertThat(System.nanoTime()).as(sql).isLessThan(deadline);
      LockSupport.parkNanos(100_000_000L);
    }
  }

  private static void refused(ServerProcess server, String sql) {
    assertThatThrownBy(() -> server.run(sql))
        .isInstanceOfSatisfying(
            SQLException.class,
            e -> {
              assertThat(e.getSQLState()).as(e.getMessage()).isEqualTo("53200");
              assertThat(e.getMessage()).contains("--memory");
            });
  }

  private static void pairsFailed(ServerProcess server) throws SQLException {
    assertThat(one(server, "SELECT state || ' ' || reason FROM aevum.views WHERE name = 'pairs'"))
        .startsWith("FAILED")
        .contains("53200")
        .contains("--memory");
    assertThat(one(server, "SELECT count(*) FROM seeds")).isEqualTo("20000");
  }

  @Test
  void whatTakesTooMuchFailsAndTheServerGoesOn() throws Exception {
    Path data = folder.resolve("data");
    try (ServerProcess server = ServerProcess.within(data, "256m", "256MB")) {
      server.run(
          "CREATE TABLE t (id BIGINT PRIMARY KEY, x TEXT)",
          "CREATE MATERIALIZED VIEW top AS SELECT id % 1000 AS k, count(*) AS n, max(x) AS x FROM t GROUP BY 1",
          "INSERT INTO t SELECT i, repeat(md5(i::text), 3) FROM generate_series(1, 100000) i");
      refused(
          server,
          "INSERT INTO t SELECT -i, repeat(md5(i::text), 3) FROM generate_series(1, 200000) i");
      refused(
          server,
          "INSERT INTO t SELECT -i, repeat(md5(i::text), 3) FROM generate_series(1, 5000000) i");
      assertThat(one(server, "SELECT sum(n) FROM top")).isEqualTo("100000");

      // 20,000 rows become ten million.
      server.run(
          "CREATE TABLE few (k BIGINT, i BIGINT)",
          "CREATE TABLE seeds (id BIGINT, x TEXT)",
          "CREATE MATERIALIZED VIEW pairs AS SELECT id, x, i FROM seeds JOIN few ON id % 1 = k",
          "INSERT INTO few SELECT 0, i FROM generate_series(1, 500) i",
          "INSERT INTO seeds SELECT i, md5(i::text) FROM generate_series(1, 20000) i");
      pairsFailed(server);

      server.run(
          WIDE,
          "CREATE MATERIALIZED VIEW grows AS " + GROWS,
          "CREATE MATERIALIZED VIEW minutes AS SELECT window_start, count(*) AS n"
              + " FROM TUMBLE(bids, DESCRIPTOR(\"dateTime\"), INTERVAL '1' MINUTE) GROUP BY window_start EMIT ON WINDOW CLOSE");
      await(server, "SELECT state FROM aevum.views WHERE name = 'grows'", "FAILED");
      assertThat(one(server, "SELECT reason FROM aevum.views WHERE name = 'grows'"))
          .contains("53200")
          .contains("--memory");
      String rows = one(server, "SELECT rows FROM aevum.sources");
      await(server, "SELECT rows > 1000000 + " + rows + " FROM aevum.sources", "t");
      refused(server, "CREATE MATERIALIZED VIEW late AS " + GROWS);
      assertThat(one(server, "SELECT min(n) || ' ' || max(n) FROM minutes"))
          .isEqualTo("55200 55200");
      assertThat(one(server, "SELECT sum(n) FROM top")).isEqualTo("100000");
      server.kill();
    }
    try (ServerProcess server = ServerProcess.within(data, "256m", "256MB")) {
      assertThat(one(server, "SELECT sum(n) FROM top")).isEqualTo("100000");
      assertThat(one(server, "SELECT min(n) || ' ' || max(n) FROM minutes"))
          .isEqualTo("55200 55200");
      pairsFailed(server);
    }
  }
}
