package dev.aevum.cli.driver;

import static dev.aevum.cli.driver.JdbcFixture.query;
import static dev.aevum.cli.driver.JdbcFixture.rows;
import static dev.aevum.cli.driver.JdbcFixture.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.BatchUpdateException;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.sql.Types;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/// What programs do through pgjdbc: batches, cursors, keys, COPY, timeouts, transactions.
class JdbcStatementsTest {
  private JdbcFixture fixture;
  private Connection connection;

  @BeforeEach
  void start() throws SQLException {
    fixture = new JdbcFixture();
    connection = fixture.connect("");
    run(connection, "CREATE TABLE t (id bigint PRIMARY KEY, name text, v int DEFAULT 7)");
  }

  @AfterEach
  void stop() throws SQLException {
    connection.close();
    fixture.close();
  }

  private static void fails(String sqlState, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(sqlState));
  }

  @Test
  void fetchSizeInATransaction() throws SQLException {
    connection.setAutoCommit(false);
    try (PreparedStatement select =
        connection.prepareStatement("SELECT g FROM generate_series(1, ?) g")) {
      select.setFetchSize(10);
      for (int execution = 0; execution < 7; execution++) {
        select.setInt(1, 105);
        long sum = 0;
        try (ResultSet result = select.executeQuery()) {
          while (result.next()) {
            sum += result.getLong(1);
          }
        }
        assertThat(sum).isEqualTo(105 * 106 / 2);
      }
    }
    connection.commit();
  }

  /// Constants of a call come with each execution, with the types that the driver declares.
  @Test
  void constantsOfAggregatesAsParameters() throws SQLException {
    run(connection, "INSERT INTO t SELECT g, 'n' || g % 3, g FROM generate_series(1, 100) g");
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT approx_percentile(?, v, method => ?), approx_count(name, ?) FROM t")) {
      for (int execution = 0; execution < 7; execution++) {
        if (execution % 2 == 0) {
          select.setDouble(1, 0.5);
        } else {
          select.setBigDecimal(1, new BigDecimal("0.5"));
        }
        select.setString(2, "rank");
        select.setString(3, "n" + execution % 3);
        assertThat(rows(select.executeQuery()))
            .containsExactly("50|" + (execution % 3 == 1 ? 34 : 33));
      }
      select.setInt(1, 2);
      fails("22023", select::executeQuery);
      select.setNull(1, Types.DOUBLE);
      fails("22023", select::executeQuery);
    }
  }

  @Test
  void batches() throws SQLException {
    for (String parameters : new String[] {"", "reWriteBatchedInserts=true"}) {
      run(connection, "DELETE FROM t");
      try (Connection other = fixture.connect(parameters);
          PreparedStatement insert =
              other.prepareStatement("INSERT INTO t (id, name) VALUES (?, ?)")) {
        for (int i = 0; i < 777; i++) {
          insert.setLong(1, i);
          insert.setString(2, "n" + i);
          insert.addBatch();
        }
        assertThat(insert.executeBatch()).hasSize(777);
        assertThat(query(connection, "SELECT count(*), sum(id), sum(v) FROM t"))
            .containsExactly("777|" + 776 * 777 / 2 + "|" + 777 * 7);
        insert.setLong(1, 5);
        insert.setString(2, "again");
        insert.addBatch();
        assertThatThrownBy(insert::executeBatch)
            .isInstanceOf(BatchUpdateException.class)
            .hasMessageContaining("t_pkey");
      }
    }
    try (Statement mixed = connection.createStatement()) {
      mixed.addBatch("UPDATE t SET name = 'x' WHERE id < 3");
      mixed.addBatch("DELETE FROM t WHERE id >= 775");
      assertThat(mixed.executeBatch()).containsExactly(3, 2);
    }
  }

  @Test
  void generatedKeys() throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO t (id) VALUES (?)", Statement.RETURN_GENERATED_KEYS)) {
      insert.setLong(1, 1);
      assertThat(insert.executeUpdate()).isEqualTo(1);
      assertThat(rows(insert.getGeneratedKeys(), "id", "v")).containsExactly("1|7");
    }
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO t (id) VALUES (?)", new String[] {"v"})) {
      for (int i = 2; i < 5; i++) {
        insert.setLong(1, i);
        insert.addBatch();
      }
      assertThat(Arrays.stream(insert.executeBatch()).sum()).isEqualTo(3);
      assertThat(rows(insert.getGeneratedKeys())).containsExactly("7", "7", "7");
    }
  }

  /// Both directions: what goes out binary comes in again as the same rows, and damaged data is
  /// refused as a whole.
  @Test
  void binaryCopy() throws SQLException, IOException {
    CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();
    String columns =
        "(id bigint PRIMARY KEY, s smallint, r real, d double precision, n numeric(12,3), b boolean,"
            + " x text, c varchar(5), y bytea, da date, ti time, ts timestamp, tz timestamptz,"
            + " iv interval, u uuid)";
    run(connection, "CREATE TABLE wide " + columns);
    run(connection, "CREATE TABLE narrow " + columns);
    run(
        connection,
        "INSERT INTO wide SELECT i, i % 7, i / 4.0, i / 8.0, i * 1.125, i % 2 = 0, 'x' || i,"
            + " 'c' || i % 9, '\\x00ff'::bytea, date '2024-01-01' + i, time '10:00' + i * interval"
            + " '1 second', timestamp '2024-01-01' + i * interval '1 hour', now(), i * interval '1"
            + " day 2 seconds', gen_random_uuid() FROM generate_series(1, 2500) AS g(i)");
    run(connection, "INSERT INTO wide (id) VALUES (0)");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(copy.copyOut("COPY wide TO STDOUT (FORMAT binary)", out)).isEqualTo(2501);
    assertThat(
            copy.copyIn(
                "COPY narrow FROM STDIN WITH (FORMAT binary)",
                new ByteArrayInputStream(out.toByteArray()),
                777))
        .isEqualTo(2501);
    assertThat(query(connection, "SELECT * FROM narrow EXCEPT ALL SELECT * FROM wide")).isEmpty();
    assertThat(query(connection, "SELECT count(*) FROM narrow")).containsExactly("2501");

    run(connection, "DELETE FROM narrow");
    byte[] cut = Arrays.copyOf(out.toByteArray(), out.size() - 2);
    fails(
        "22P04",
        () -> copy.copyIn("COPY narrow FROM STDIN (FORMAT binary)", new ByteArrayInputStream(cut)));
    fails(
        "22P04",
        () ->
            copy.copyIn(
                "COPY narrow (id) FROM STDIN (FORMAT binary)",
                new ByteArrayInputStream(out.toByteArray())));
    fails(
        "22P04",
        () ->
            copy.copyIn(
                "COPY narrow FROM STDIN (FORMAT binary)",
                new ByteArrayInputStream("1\t2\n".getBytes(StandardCharsets.UTF_8))));
    fails(
        "42601",
        () ->
            copy.copyOut(
                "COPY wide TO STDOUT (FORMAT binary, HEADER)", new ByteArrayOutputStream()));
    assertThat(query(connection, "SELECT count(*) FROM narrow")).containsExactly("0");
  }

  @Test
  void errorsNameTheirObjects() throws SQLException {
    CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();
    run(connection, "CREATE TABLE keyed (id int PRIMARY KEY, name text NOT NULL)");
    run(connection, "INSERT INTO keyed VALUES (1, 'a')");
    ServerErrorMessage taken = errorOf("INSERT INTO keyed VALUES (1, 'b')");
    assertThat(taken.getSchema()).isEqualTo("public");
    assertThat(taken.getTable()).isEqualTo("keyed");
    assertThat(taken.getConstraint()).isEqualTo("keyed_pkey");
    assertThat(taken.getDetail()).isEqualTo("Key (id)=(1) already exists.");
    ServerErrorMessage missing = errorOf("INSERT INTO keyed VALUES (2, NULL)");
    assertThat(missing.getTable()).isEqualTo("keyed");
    assertThat(missing.getColumn()).isEqualTo("name");
    assertThat(missing.getConstraint()).isNull();
    assertThat(missing.getDetail()).isEqualTo("Failing row contains (2, null).");
    ServerErrorMessage line =
        serverError(() -> copy.copyIn("COPY keyed FROM STDIN", new StringReader("3\tc\nx\td\n")));
    assertThat(line.getWhere()).isEqualTo("COPY keyed, line 2: \"x\td\"");
    assertThat(line.getDetail()).isNull();
  }

  private ServerErrorMessage errorOf(String sql) {
    return serverError(() -> run(connection, sql));
  }

  private static ServerErrorMessage serverError(ThrowingCallable call) {
    PSQLException e = catchThrowableOfType(PSQLException.class, call);
    return Objects.requireNonNull(e.getServerErrorMessage());
  }

  @Test
  void copy() throws SQLException, IOException {
    CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();
    assertThat(
            copy.copyIn("COPY t (id, name) FROM STDIN", new StringReader("1\ta\\tb\\\\\n2\t\\N\n")))
        .isEqualTo(2);
    assertThat(
            copy.copyIn(
                "COPY t (id, name) FROM STDIN (FORMAT csv, HEADER)",
                new StringReader("id,name\n3,\"x,\"\"y\n z\"\n4,\n")))
        .isEqualTo(2);
    StringWriter text = new StringWriter();
    assertThat(copy.copyOut("COPY (SELECT * FROM t ORDER BY id) TO STDOUT", text)).isEqualTo(4);
    assertThat(text.toString())
        .isEqualTo("1\ta\\tb\\\\\t7\n2\t\\N\t7\n3\tx,\"y\\n z\t7\n4\t\\N\t7\n");
    StringWriter csv = new StringWriter();
    copy.copyOut(
        "COPY (SELECT id, name, '' AS e FROM t ORDER BY id) TO STDOUT WITH (FORMAT csv, HEADER)",
        csv);
    assertThat(csv.toString())
        .isEqualTo("id,name,e\n1,a\tb\\,\"\"\n2,,\"\"\n3,\"x,\"\"y\n z\",\"\"\n4,,\"\"\n");
    run(connection, "CREATE TABLE again (id bigint, name text, v int)");
    copy.copyIn("COPY again FROM STDIN", new StringReader(text.toString()));
    assertThat(query(connection, "SELECT * FROM again EXCEPT ALL SELECT * FROM t")).isEmpty();
    fails("22P02", () -> copy.copyIn("COPY t (id) FROM STDIN", new StringReader("x\n")));
    for (byte[] line : List.of(new byte[] {'9', '\t', -1, '\n'}, new byte[] {'9', '\t', 0, '\n'})) {
      fails(
          "22021",
          () -> copy.copyIn("COPY t (id, name) FROM STDIN", new ByteArrayInputStream(line)));
    }
    assertThat(query(connection, "SELECT count(*) FROM t")).containsExactly("4");
  }

  @Test
  void timeoutAndCancel() throws SQLException, InterruptedException {
    try (Statement endless = connection.createStatement()) {
      endless.setQueryTimeout(1);
      fails(
          "57014",
          () ->
              endless.executeQuery(
                  "SELECT count(*) FROM generate_series(1, 100000) a, generate_series(1, 100000) b"));
      fails("57014", () -> endless.executeQuery("SELECT pg_sleep(100)"));
    }
    try (Statement asleep = connection.createStatement();
        Connection other = fixture.connect("")) {
      Thread canceler =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  while (query(
                          other,
                          "SELECT 1 FROM aevum.sessions WHERE state = 'active' AND query LIKE '%(99)'")
                      .isEmpty()) {
                    Thread.onSpinWait();
                  }
                  asleep.cancel();
                } catch (SQLException e) {
                  throw new AssertionError(e);
                }
              });
      fails("57014", () -> asleep.executeQuery("SELECT pg_sleep(99)"));
      canceler.join();
    }
    assertThat(query(connection, "SELECT 1")).containsExactly("1");
  }

  @Test
  void transactions() throws SQLException {
    connection.setAutoCommit(false);
    run(connection, "INSERT INTO t (id) VALUES (1)");
    Savepoint first = connection.setSavepoint("first");
    run(connection, "INSERT INTO t (id) VALUES (2)");
    connection.rollback(first);
    Savepoint second = connection.setSavepoint();
    run(connection, "INSERT INTO t (id) VALUES (3)");
    connection.releaseSavepoint(second);
    connection.commit();
    assertThat(query(connection, "SELECT id FROM t ORDER BY id")).containsExactly("1", "3");
    run(connection, "DELETE FROM t");
    connection.rollback();
    assertThat(query(connection, "SELECT id FROM t ORDER BY id")).containsExactly("1", "3");
    fails("22012", () -> query(connection, "SELECT 1 / 0"));
    fails("25P02", () -> query(connection, "SELECT 1"));
    connection.rollback();
    fails("25001", () -> run(connection, "CREATE TABLE u (a int)"));
    connection.rollback();
    connection.setReadOnly(true);
    fails("25006", () -> run(connection, "INSERT INTO t (id) VALUES (9)"));
    connection.rollback();
    connection.setReadOnly(false);
    connection.setAutoCommit(true);
  }

  @Test
  void autosave() throws SQLException {
    try (Connection other = fixture.connect("autosave=always")) {
      other.setAutoCommit(false);
      run(other, "INSERT INTO t (id) VALUES (1)");
      fails("42703", () -> query(other, "SELECT nope"));
      run(other, "INSERT INTO t (id) VALUES (2)");
      other.commit();
    }
    assertThat(query(connection, "SELECT id FROM t ORDER BY id")).containsExactly("1", "2");
  }

  @Test
  void updatableResults() throws SQLException {
    run(connection, "INSERT INTO t VALUES (1, 'a', 1)");
    try (Statement statement =
            connection.createStatement(
                ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_UPDATABLE);
        ResultSet result = statement.executeQuery("SELECT id, name FROM t")) {
      result.next();
      result.updateString("name", "b");
      result.updateRow();
    }
    assertThat(query(connection, "SELECT name FROM t")).containsExactly("b");
  }

  @Test
  void severalStatements() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      assertThat(statement.execute("SELECT 1; INSERT INTO t (id) VALUES (1); SELECT 2")).isTrue();
      assertThat(statement.getMoreResults()).isFalse();
      assertThat(statement.getUpdateCount()).isEqualTo(1);
      assertThat(statement.getMoreResults()).isTrue();
      fails("22012", () -> statement.execute("INSERT INTO t (id) VALUES (2); SELECT 1 / 0"));
    }
    assertThat(query(connection, "SELECT id FROM t")).containsExactly("1");
  }

  /// A definition commits what came before it in its message; a later error says so.
  @Test
  void definitionsBeforeAnError() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      fails("22012", () -> statement.execute("CREATE TABLE u (a int); SELECT 1 / 0"));
      assertThat(statement.getWarnings().getMessage())
          .contains("statements before the error have taken effect: CREATE TABLE");
    }
    assertThat(query(connection, "SELECT * FROM u")).isEmpty();
  }

  @Test
  void functionCalls() throws SQLException {
    try (CallableStatement call = connection.prepareCall("{? = call lower(?)}")) {
      call.registerOutParameter(1, Types.VARCHAR);
      call.setString(2, "ABC");
      call.execute();
      assertThat(call.getString(1)).isEqualTo("abc");
    }
    assertThat(
            query(
                connection,
                "SELECT {fn concat('a', 'b')}, {d '2024-01-01'}, {fn mod(5, 3)}, {fn ucase('a')},"
                    + " {fn timestampadd(SQL_TSI_DAY, 1, {d '2024-01-01'})}"))
        .containsExactly("ab|2024-01-01|2|A|2024-01-02 00:00:00");
  }
}
