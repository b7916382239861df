package dev.aevum.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.aevum.cli.law.ReferenceBayes;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The real process, killed again and again while a model learns: in the end it has learned each
/// row of its table once, in order, and says and judges what a fold over those rows does.
class ModelKillProperty {
  private static final int KILLS = 4;

  @TempDir private Path folder;

  @Test
  void eachRowIsLearnedOnce() throws Exception {
    long seed = Long.getLong("aevum.seed", 11L);
    Random random = new Random(seed);
    long next = 1;
    for (int round = 0; round <= KILLS; round++) {
      try (ServerProcess server = ServerProcess.start(folder.resolve("data"))) {
        if (round == 0) {
          server.run(
              "CREATE TABLE samples (id BIGINT PRIMARY KEY, x DOUBLE PRECISION, y TEXT)",
              "CREATE MODEL m PREDICT y TEXT USING naive_bayes AS SELECT x, y FROM samples");
        }
        if (round < KILLS) {
          next = feedUntilKilled(server, random, next);
        } else {
          compare(server, seed);
        }
      }
    }
  }

  /// The first id that was not tried.
  private static long feedUntilKilled(ServerProcess server, Random random, long from)
      throws InterruptedException {
    long millis = 700 + random.nextInt(1200);
    Thread killer =
        Thread.ofPlatform()
            .name("killer")
            .start(() -> {
              LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
              server.kill();
            });
    long next = from;
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      while (true) {
        double x = random.nextInt(3) + random.nextGaussian();
        String y = x > 1 ? "high" : "low";
        statement.executeUpdate(
            "INSERT INTO samples VALUES (" + next++ + ", " + x + ", '" + y + "')");
      }
    } catch (SQLException e) {
      // Killed: whether the last row is there is open.
      killer.join();
    }
    return next;
  }

  private static void compare(ServerProcess server, long seed) throws SQLException {
    ReferenceBayes reference = new ReferenceBayes(false);
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      try (ResultSet rows = statement.executeQuery("SELECT x, y FROM samples ORDER BY id")) {
        while (rows.next()) {
          reference.learn(new ReferenceBayes.Row(rows.getDouble(1), null, rows.getString(2)));
        }
      }
      assertThat(reference.rows()).as("seed " + seed).isGreaterThan(KILLS);
      assertThat(server.longs("SELECT rows_learned FROM aevum.models"))
          .containsExactly((long) reference.rows());
      try (ResultSet rows =
          statement.executeQuery(
              "SELECT value FROM aevum.model_metrics WHERE scope = 'all' AND metric = 'logloss'")) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.getDouble(1))
            .as("seed " + seed)
            .isCloseTo(reference.figures(reference.rows()).loss(), within(1e-9));
      }
      for (double x = -1; x < 4; x += 0.7) {
        try (ResultSet rows =
            statement.executeQuery("SELECT predict(m, " + x + "), predict_proba(m, " + x + ")")) {
          assertThat(rows.next()).isTrue();
          Map<String, Double> wanted = reference.predict(x, null);
          String best = reference.best(wanted);
          assertThat(rows.getString(1)).as("seed " + seed + " x " + x).isEqualTo(best);
          assertThat(rows.getDouble(2)).isCloseTo(wanted.get(best), within(1e-9));
        }
      }
    }
  }
}
