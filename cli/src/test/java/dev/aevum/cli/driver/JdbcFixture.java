package dev.aevum.cli.driver;

import dev.aevum.engine.runtime.DatabaseConfig;
import dev.aevum.engine.runtime.DatabaseRuntime;
import dev.aevum.engine.session.SessionRegistry;
import dev.aevum.wire.postgres.PostgresServer;
import dev.aevum.wire.postgres.ServerSettings;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// A server in memory and connections to it.
final class JdbcFixture implements AutoCloseable {
  private final DatabaseRuntime runtime;
  private final PostgresServer server;

  JdbcFixture() {
    runtime =
        new DatabaseRuntime(
            new DatabaseConfig(null, 1, 1L << 30, InstantSource.system(), System::nanoTime, 1),
            t -> {
              throw new AssertionError(t);
            });
    server =
        PostgresServer.start(
            new SessionRegistry(runtime),
            runtime.allocator(),
            ServerSettings.of(new InetSocketAddress("127.0.0.1", 0)));
  }

  /// `parameters`: of the URL, such as `prepareThreshold=1`.
  Connection connect(String parameters) throws SQLException {
    String url = "jdbc:postgresql://127.0.0.1:" + server.port() + "/aevum?" + parameters;
    return DriverManager.getConnection(url, "aevum", "");
  }

  /// Rows as texts, some columns of them by label, apart by `|`.
  static List<String> rows(ResultSet result, String... labels) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (result) {
      while (result.next()) {
        List<String> cells = new ArrayList<>();
        if (labels.length == 0) {
          for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
            cells.add(String.valueOf(result.getString(i)));
          }
        }
        for (String label : labels) {
          cells.add(String.valueOf(result.getString(label)));
        }
        rows.add(String.join("|", cells));
      }
    }
    return rows;
  }

  static List<String> query(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return rows(statement.executeQuery(sql));
    }
  }

  static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() {
    server.close();
    runtime.close();
  }
}
