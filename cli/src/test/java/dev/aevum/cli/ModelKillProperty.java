package dev.aevum.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.aevum.cli.law.ModelKinds;
import dev.aevum.cli.law.ReferenceBayes;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
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
          next =
              feedUntilKilled(
                  server,
                  random,
                  next,
                  () -> {
                    double x = random.nextInt(3) + random.nextGaussian();
                    return x + ", '" + (x > 1 ? "high" : "low") + "'";
                  });
        } else {
          compare(server, seed);
        }
      }
    }
  }

  /// All kinds at once: after the kills they say, to the bit, what models say that learned the same
  /// rows one by one in a server that nobody killed, with one worker.
  @Test
  void allKindsGoOnAsIfNothingWas() throws Exception {
    long seed = Long.getLong("aevum.seed", 12L);
    Random random = new Random(seed);
    long next = 1;
    List<String> learned = new ArrayList<>();
    for (int round = 0; round < KILLS; round++) {
      try (ServerProcess server = ServerProcess.start(folder.resolve("data"), "--workers", "2")) {
        if (round == 0) {
          define(server);
        }
        next = feedUntilKilled(server, random, next, () -> ModelKinds.row(random));
      }
    }
    try (ServerProcess killed = ServerProcess.start(folder.resolve("data"), "--workers", "2");
        ServerProcess straight =
            ServerProcess.start(folder.resolve("straight"), "--workers", "1")) {
      define(straight);
      learned.addAll(
          strings(
              killed,
              "SELECT format('(%s, %L, %L, %L, %L, %L)', id, x, c, y, n, b) FROM samples"
                  + " ORDER BY id"));
      assertThat(learned).as("seed " + seed).hasSizeGreaterThan(100);
      try (Connection connection = straight.connect();
          Statement statement = connection.createStatement()) {
        for (String row : learned) {
          statement.executeUpdate("INSERT INTO samples VALUES " + row);
        }
      }
      List<String> questions = new ArrayList<>(ModelKinds.FIGURES);
      for (ModelKinds kind : ModelKinds.values()) {
        questions.addAll(kind.questions(null, random));
      }
      for (String sql : questions) {
        List<String> wanted = strings(straight, sql);
        assertThat(wanted).as(sql).isNotEmpty();
        assertThat(strings(killed, sql)).as("seed " + seed + " " + sql).isEqualTo(wanted);
      }
    }
  }

  private static void define(ServerProcess server) throws SQLException {
    server.run("CREATE TABLE samples (id BIGINT PRIMARY KEY, " + ModelKinds.COLUMNS + ")");
    for (ModelKinds kind : ModelKinds.values()) {
      server.run(kind.create("samples", false, false));
    }
  }

  /// The rows as text, doubles in full.
  private static List<String> strings(ServerProcess server, String sql) throws SQLException {
    List<String> lines = new ArrayList<>();
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      int width = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        StringBuilder line = new StringBuilder();
        for (int i = 1; i <= width; i++) {
          line.append(i > 1 ? "|" : "").append(rows.getString(i));
        }
        lines.add(line.toString());
      }
    }
    return lines;
  }

  /// The first id that was not tried.
  private static long feedUntilKilled(
      ServerProcess server, Random random, long from, Supplier<String> values)
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
        statement.executeUpdate(
            "INSERT INTO samples VALUES (" + next++ + ", " + values.get() + ")");
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
