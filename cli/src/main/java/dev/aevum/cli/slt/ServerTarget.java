package dev.aevum.cli.slt;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.jdbc.PgResultSet;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/// A server, spoken to with pgjdbc's simple queries: values are the text that the server sent. What
/// the file created is dropped at the end.
///
/// The server may be PostgreSQL, to make or check expectations with: a materialized view is a plain
/// view there, since a plain view is always up to date.
public final class ServerTarget implements SltTarget {
  private static final Pattern CREATED =
      Pattern.compile(
          "\\bCREATE\\s+(?:OR\\s+REPLACE\\s+)?(TABLE|STREAM|MATERIALIZED\\s+VIEW|VIEW|SINK|SCHEMA)\\s+(?:IF\\s+NOT\\s+EXISTS\\s+)?([\\w.]+|\"[^\"]+\")",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern MATERIALIZED =
      Pattern.compile("\\b(CREATE|DROP)\\s+MATERIALIZED\\s+VIEW\\b", Pattern.CASE_INSENSITIVE);

  private final String url;
  private final boolean postgres;
  private final Properties properties = new Properties();
  private final Map<String, Connection> connections = new HashMap<>();
  private final List<String> drops = new ArrayList<>();

  /// @param url a JDBC URL
  /// @param postgres the server is PostgreSQL
  public ServerTarget(String url, String user, boolean postgres) {
    this.url = url;
    this.postgres = postgres;
    properties.setProperty("user", user);
    properties.setProperty("preferQueryMode", "simple");
  }

  @Override
  public Set<String> labels() {
    return postgres ? Set.of("postgresql", "server") : Set.of("aevum", "server");
  }

  @Override
  public Outcome run(String connection, String sql) {
    String sent = postgres ? MATERIALIZED.matcher(sql).replaceAll("$1 VIEW") : sql;
    try (var statement = connection(connection).createStatement()) {
      statement.setEscapeProcessing(false);
      boolean rows = statement.execute(sent);
      Outcome.Success success = new Outcome.Success(List.of(), List.of(), -1);
      while (true) {
        if (rows) {
          try (ResultSet set = statement.getResultSet()) {
            success = read(set);
          }
        } else if (statement.getLargeUpdateCount() >= 0) {
          success = new Outcome.Success(List.of(), List.of(), statement.getLargeUpdateCount());
        } else {
          break;
        }
        rows = statement.getMoreResults();
      }
      remember(sent);
      return success;
    } catch (PSQLException e) {
      ServerErrorMessage error = e.getServerErrorMessage();
      String state = e.getSQLState() == null ? "" : e.getSQLState();
      return error == null
          ? new Outcome.Failure(state, String.valueOf(e.getMessage()), null, null)
          : new Outcome.Failure(
              state, String.valueOf(error.getMessage()), error.getDetail(), error.getHint());
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Outcome.Success read(ResultSet set) throws SQLException {
    ResultSetMetaData meta = set.getMetaData();
    PgResultSet pg = set.unwrap(PgResultSet.class);
    List<Integer> types = new ArrayList<>();
    for (int c = 1; c <= meta.getColumnCount(); c++) {
      types.add(pg.getColumnOID(c));
    }
    List<List<@Nullable String>> rows = new ArrayList<>();
    while (set.next()) {
      List<@Nullable String> row = new ArrayList<>();
      for (int c = 1; c <= types.size(); c++) {
        row.add(set.getString(c));
      }
      rows.add(row);
    }
    return new Outcome.Success(types, rows, rows.size());
  }

  private Connection connection(String name) throws SQLException {
    Connection open = connections.get(name);
    if (open == null) {
      open = DriverManager.getConnection(url, properties);
      try (var statement = open.createStatement()) {
        statement.execute("SET TimeZone = 'UTC'");
      }
      connections.put(name, open);
    }
    return open;
  }

  private void remember(String sql) {
    Matcher matcher = CREATED.matcher(sql);
    while (matcher.find()) {
      drops.add(
          "DROP "
              + matcher.group(1).toUpperCase(Locale.ROOT)
              + " IF EXISTS "
              + matcher.group(2)
              + " CASCADE");
    }
  }

  @Override
  public boolean inTransaction(String connection) {
    return false;
  }

  @Override
  public boolean restart(boolean keepSettings) {
    return false;
  }

  @Override
  public boolean advance(Duration by) {
    return false;
  }

  @Override
  public void close() {
    try {
      for (Connection connection : connections.values()) {
        connection.close();
      }
      connections.clear();
      if (!drops.isEmpty()) {
        try (Connection last = DriverManager.getConnection(url, properties);
            var statement = last.createStatement()) {
          for (String drop : drops.reversed()) {
            statement.execute(drop);
          }
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException("cleaning up: " + e.getMessage(), e);
    }
  }
}
