package dev.aevum.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The real process on a disk that becomes full: it stops with a message and exit code 3; started
/// again with more room it has all rows that it had acknowledged, and no half ones.
class DiskFullTest {
  private static final int EXIT_STORAGE = 3;
  private static final int ROW_BYTES = 20_000;
  private static final int ROWS_A_STATEMENT = 5;

  @TempDir private Path folder;

  /// A device of its own that is really full.
  @Test
  void aFullDeviceStopsTheServerWhichRecoversWhenThereIsRoom() throws Exception {
    Path device = Files.createDirectory(folder.resolve("device"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=24m", "aevum-test", device.toString()) == 0,
        "this user may not mount a file system");
    try {
      Path data = device.resolve("data");
      List<Long> acknowledged;
      try (ServerProcess server = ServerProcess.start(data)) {
        acknowledged = fill(server);
        expectStop(server, "No space left on device");
      }
      assertThat(acknowledged).isNotEmpty();
      assertThat(run("mount", "-o", "remount,size=512m", device.toString())).isZero();
      recovered(data, acknowledged);
    } finally {
      assertThat(run("umount", device.toString())).isZero();
    }
  }

  /// Any user can limit the size of files of a process: a write fails in the middle of a frame.
  @Test
  void aWriteThatFailsStopsTheServerWhichRecoversAfterwards() throws Exception {
    Path data = folder.resolve("data");
    List<Long> acknowledged;
    try (ServerProcess server = ServerProcess.start(data)) {
      assumeTrue(
          run("prlimit", "--pid", Long.toString(server.pid()), "--fsize=8000000") == 0,
          "prlimit (package util-linux) cannot limit a process here");
      acknowledged = fill(server);
      expectStop(server, "File too large");
    }
    assertThat(acknowledged).isNotEmpty();
    recovered(data, acknowledged);
  }

  /// Inserts until that fails; the ids of the rows that were acknowledged.
  private static List<Long> fill(ServerProcess server) throws SQLException {
    server.run(
        "CREATE TABLE ledger (id BIGINT PRIMARY KEY, g BIGINT, filling BYTEA)",
        "CREATE MATERIALIZED VIEW groups AS SELECT g, count(*) AS n FROM ledger GROUP BY g");
    List<Long> acknowledged = new ArrayList<>();
    Random random = new Random(5);
    try (Connection connection = server.connect();
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO ledger SELECT i, i % 10, ? FROM generate_series(?::bigint, ?::bigint)"
                    + " AS s(i)")) {
      for (long id = 0; id < 100_000; id += ROWS_A_STATEMENT) {
        byte[] filling = new byte[ROW_BYTES];
        random.nextBytes(filling);
        insert.setBytes(1, filling);
        insert.setLong(2, id);
        insert.setLong(3, id + ROWS_A_STATEMENT - 1);
        try {
          insert.executeUpdate();
        } catch (SQLException e) {
          assertThat(e.getSQLState())
              .as(e.getMessage())
              .isIn("53100", "58030", "57P01", "57P03", "08006");
          return acknowledged;
        }
        for (long row = id; row < id + ROWS_A_STATEMENT; row++) {
          acknowledged.add(row);
        }
      }
    }
    throw new AssertionError("the disk did not become full");
  }

  private static void expectStop(ServerProcess server, String cause) throws InterruptedException {
    assertThat(server.exitCode()).as("exit code").isEqualTo(EXIT_STORAGE);
    assertThat(server.errors())
        .as("the last words")
        .anyMatch(line -> line.startsWith("aevum: stopping: could not ") && line.contains(cause));
  }

  private static void recovered(Path data, List<Long> acknowledged)
      throws IOException, SQLException {
    try (ServerProcess server = ServerProcess.start(data)) {
      List<Long> ids = server.longs("SELECT id FROM ledger ORDER BY id");
      int certain = acknowledged.size();
      assertThat(ids.size()).isBetween(certain, certain + ROWS_A_STATEMENT);
      assertThat(ids.subList(0, certain)).as("acknowledged rows").isEqualTo(acknowledged);
      assertThat(ids.size() % ROWS_A_STATEMENT).as("rows of half a statement").isZero();
      assertThat(server.longs("SELECT sum(n)::bigint FROM groups"))
          .containsExactly((long) ids.size());
      assertThat(
              server.longs(
                  "SELECT count(*) FROM ledger WHERE octet_length(filling) <> " + ROW_BYTES))
          .containsExactly(0L);
      server.run("INSERT INTO ledger VALUES (-1, -1, '')");
      assertThat(server.longs("SELECT n FROM groups WHERE g = -1")).containsExactly(1L);
    }
  }

  /// The exit code of a command; 127 when there is none of that name.
  private static int run(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command).inheritIO().start().waitFor();
    } catch (IOException e) {
      System.err.println(e.getMessage());
      return 127;
    }
  }
}
