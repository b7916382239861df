package dev.aevum.testing.postgres;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A PostgreSQL server and one session of it: UTC, text by code point with the cases of Unicode,
/// ISO dates. Takes about 2 s to start (more the first time, when the binaries are unpacked). Not
/// thread-safe.
public final class PostgresServer implements AutoCloseable {
  private final EmbeddedPostgres server;
  private final Connection connection;

  public PostgresServer() throws IOException, SQLException {
    server =
        EmbeddedPostgres.builder()
            .setLocaleConfig("locale", "C")
            .setLocaleConfig("locale-provider", "builtin")
            .setLocaleConfig("builtin-locale", "C.UTF-8")
            .setLocaleConfig("encoding", "UTF8")
            .setServerConfig("timezone", "UTC")
            .setServerConfig("fsync", "off")
            .setServerConfig("max_connections", "10")
            .start();
    try {
      connection = server.getPostgresDatabase().getConnection();
    } catch (SQLException e) {
      server.close();
      throw e;
    }
    execute("SET TIME ZONE 'UTC'");
  }

  /// Address for other clients; user `postgres`, database `postgres`, no password.
  public int port() {
    return server.getPort();
  }

  public void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /// The rows of a query, each value as text (null for NULL). Cast columns to text in the query
  /// where pgjdbc would print the type its own way (booleans, timestamps, bytea).
  public List<List<@Nullable String>> query(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      int columns = rows.getMetaData().getColumnCount();
      List<List<@Nullable String>> out = new ArrayList<>();
      while (rows.next()) {
        List<@Nullable String> row = new ArrayList<>(columns);
        for (int i = 1; i <= columns; i++) {
          row.add(rows.getString(i));
        }
        out.add(row);
      }
      return out;
    }
  }

  @Override
  public void close() throws IOException, SQLException {
    try {
      connection.close();
    } finally {
      server.close();
    }
  }
}
