package dev.aevum.wire.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.util.PGInterval;
import org.postgresql.util.PSQLException;

/// The real pgjdbc against the server, with text values and with binary ones.
final class DriverTest {
  private ServerFixture fixture;

  @BeforeEach
  void start() {
    fixture = new ServerFixture();
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  private Connection connect(String options) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://localhost:" + fixture.server.port() + "/test?user=u&" + options);
  }

  private static Object echo(Connection connection, String type, Object value) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement("ECHO " + type + " ?")) {
      if (value instanceof PGInterval interval) {
        // As an object pgjdbc would look its type up in pg_type.
        statement.setObject(1, interval.getValue(), java.sql.Types.OTHER);
      } else {
        statement.setObject(1, value);
      }
      try (ResultSet result = statement.executeQuery()) {
        assertThat(result.next()).isTrue();
        Object back =
            switch (value) {
              case LocalDate d -> result.getObject(1, LocalDate.class);
              case LocalTime t -> result.getObject(1, LocalTime.class);
              case LocalDateTime t -> result.getObject(1, LocalDateTime.class);
              case OffsetDateTime t -> result.getObject(1, OffsetDateTime.class);
              case Short s -> result.getShort(1);
              case PGInterval i -> new PGInterval(result.getString(1));
              default -> result.getObject(1);
            };
        assertThat(result.next()).isFalse();
        return back;
      }
    }
  }

  private void valuesComeBack(String options) throws SQLException {
    try (Connection c = connect(options)) {
      assertThat(echo(c, "boolean", true)).isEqualTo(true);
      assertThat(echo(c, "smallint", (short) -5)).isEqualTo((short) -5);
      assertThat(echo(c, "integer", Integer.MIN_VALUE)).isEqualTo(Integer.MIN_VALUE);
      assertThat(echo(c, "bigint", Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
      assertThat(echo(c, "bigint", 7)).isEqualTo(7L);
      assertThat(echo(c, "numeric", new BigDecimal("-1234567890123456789012345.6700")))
          .isEqualTo(new BigDecimal("-1234567890123456789012345.6700"));
      assertThat(echo(c, "numeric(12/3)", new BigDecimal("1.5")))
          .isEqualTo(new BigDecimal("1.500"));
      assertThat(echo(c, "real", 1.5f)).isEqualTo(1.5f);
      assertThat(echo(c, "double", 0.1)).isEqualTo(0.1);
      assertThat(echo(c, "double", Double.NaN)).isEqualTo(Double.NaN);
      assertThat(echo(c, "varchar(99)", "naïve ☃ \\ '")).isEqualTo("naïve ☃ \\ '");
      assertThat(echo(c, "varchar(9)", "abc")).isEqualTo("abc");
      assertThat((byte[]) echo(c, "bytea", new byte[] {0, 1, (byte) 0xff}))
          .containsExactly(0, 1, 0xff);
      assertThat(echo(c, "date", LocalDate.of(1999, 12, 31))).isEqualTo(LocalDate.of(1999, 12, 31));
      assertThat(echo(c, "time", LocalTime.of(23, 59, 59, 999_999_000)))
          .isEqualTo(LocalTime.of(23, 59, 59, 999_999_000));
      LocalDateTime time = LocalDateTime.of(2026, 2, 28, 12, 0, 1, 123_456_000);
      assertThat(echo(c, "timestamp", time)).isEqualTo(time);
      OffsetDateTime instant = OffsetDateTime.parse("2026-02-28T12:00:01.5Z");
      assertThat(echo(c, "timestamptz", instant)).isEqualTo(instant);
      UUID uuid = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");
      assertThat(echo(c, "uuid", uuid)).isEqualTo(uuid);
      PGInterval interval = new PGInterval("1 year 2 mons 3 days 04:05:06.7");
      assertThat(echo(c, "interval", interval)).isEqualTo(interval);
      java.sql.Array back =
          (java.sql.Array)
              echo(c, "integer[]", c.createArrayOf("int4", new Integer[] {1, null, 3}));
      assertThat((Integer[]) back.getArray()).containsExactly(1, null, 3);
      java.sql.Array texts =
          (java.sql.Array)
              echo(c, "text[]", c.createArrayOf("text", new String[] {"a,b", null, "\"", ""}));
      assertThat((String[]) texts.getArray()).containsExactly("a,b", null, "\"", "");
    }
  }

  @Test
  void textValues() throws SQLException {
    valuesComeBack("prepareThreshold=0&binaryTransfer=false");
  }

  @Test
  void binaryValues() throws SQLException {
    valuesComeBack("prepareThreshold=-1");
  }

  @Test
  void valuesByTheSimpleProtocolMode() throws SQLException {
    try (Connection c = connect("preferQueryMode=simple");
        Statement s = c.createStatement();
        ResultSet r = s.executeQuery("ROWS 3")) {
      int rows = 0;
      while (r.next()) {
        assertThat(r.getLong("square")).isEqualTo(r.getLong("n") * r.getLong("n"));
        rows++;
      }
      assertThat(rows).isEqualTo(3);
    }
  }

  @Test
  void theFifthExecutionTurnsBinary() throws SQLException {
    try (Connection c = connect("");
        PreparedStatement s = c.prepareStatement("ECHO bigint,double,timestamp,numeric ?,?,?,?")) {
      for (long i = 0; i < 12; i++) {
        s.setLong(1, i);
        s.setDouble(2, i / 3.0);
        s.setObject(3, LocalDateTime.of(2000, 1, 1, 0, 0).plusHours(i));
        s.setBigDecimal(4, BigDecimal.valueOf(i, 2));
        try (ResultSet r = s.executeQuery()) {
          r.next();
          assertThat(r.getLong(1)).isEqualTo(i);
          assertThat(r.getDouble(2)).isEqualTo(i / 3.0);
          assertThat(r.getObject(3, LocalDateTime.class))
              .isEqualTo(LocalDateTime.of(2000, 1, 1, 0, 0).plusHours(i));
          assertThat(r.getBigDecimal(4)).isEqualTo(BigDecimal.valueOf(i, 2));
        }
      }
    }
  }

  @Test
  void fetchSizeTransactionsAndMetadata() throws SQLException {
    try (Connection c = connect("")) {
      c.setAutoCommit(false);
      try (Statement s = c.createStatement()) {
        s.setFetchSize(100);
        try (ResultSet r = s.executeQuery("ROWS 1050")) {
          ResultSetMetaData m = r.getMetaData();
          assertThat(m.getColumnType(3)).isEqualTo(java.sql.Types.VARCHAR);
          assertThat(m.getPrecision(3)).isEqualTo(20);
          int rows = 0;
          while (r.next()) {
            rows++;
            if (rows == 500) {
              try (Statement other = c.createStatement()) {
                assertThat(other.executeUpdate("PUT a")).isEqualTo(1);
              }
            }
          }
          assertThat(rows).isEqualTo(1050);
        }
        assertThat(fixture.database.committed).isEmpty();
        c.rollback();
        s.executeUpdate("PUT b");
        c.commit();
      }
      assertThat(fixture.database.committed).containsExactly("b");
    }
  }

  @Test
  void batchesAndErrors() throws SQLException {
    try (Connection c = connect("");
        Statement s = c.createStatement()) {
      s.addBatch("PUT a");
      s.addBatch("PUT b");
      assertThat(s.executeBatch()).containsExactly(1, 1);
      assertThatThrownBy(() -> s.execute("FAIL"))
          .isInstanceOfSatisfying(
              PSQLException.class,
              e -> {
                assertThat(e.getSQLState()).isEqualTo("22012");
                assertThat(e.getServerErrorMessage().getHint()).isEqualTo("The hint.");
                assertThat(e.getServerErrorMessage().getPosition()).isEqualTo(1);
              });
      assertThat(c.isValid(2)).isTrue();
      s.execute("WARN");
      assertThat(s.getWarnings().getMessage()).isEqualTo("take care");
    }
  }

  @Test
  void queryTimeoutAndCopy() throws Exception {
    try (Connection c = connect("");
        Statement s = c.createStatement()) {
      s.setQueryTimeout(1);
      long start = System.nanoTime();
      assertThatThrownBy(() -> s.execute("SLEEP"))
          .isInstanceOfSatisfying(
              PSQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57014"));
      assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(5));
      var copy = c.unwrap(PGConnection.class).getCopyAPI();
      assertThat(copy.copyIn("COPY IN", new java.io.StringReader("1\n2\n3\n".repeat(50_000))))
          .isEqualTo(150_000);
      java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
      assertThat(copy.copyOut("COPY OUT 3", out)).isEqualTo(3);
      assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("line 1\nline 2\nline 3\n");
    }
  }
}
