package dev.aevum.cli.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.util.PGInterval;

/// Values of every type in and out, in text (`prepareThreshold=0`, simple mode), in binary from the
/// first execution (`-1`), and with the switch between the two (`1`, and 5, the default).
class JdbcValuesTest {
  private static final List<Object> VALUES =
      List.of(
          true,
          -7,
          1 << 30,
          Long.MIN_VALUE,
          new BigDecimal("12345678901234567890.123456789"),
          new BigDecimal("-1.500"),
          1.25f,
          1e-300,
          "h\u00e9\u4e16\ud83d\ude00",
          "abc",
          LocalDate.of(2024, 2, 29),
          LocalTime.of(13, 14, 15, 123_456_000),
          LocalDateTime.of(2024, 1, 2, 3, 4, 5, 678_000),
          OffsetDateTime.of(2024, 1, 2, 0, 4, 5, 678_000, ZoneOffset.UTC),
          new PGInterval(1, 2, 3, 4, 5, 6.5),
          UUID.fromString("123e4567-e89b-12d3-a456-426614174000"));

  private static JdbcFixture fixture;

  @BeforeAll
  static void start() {
    fixture = new JdbcFixture();
  }

  @AfterAll
  static void stop() {
    fixture.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "prepareThreshold=5",
        "prepareThreshold=1",
        "prepareThreshold=-1",
        "prepareThreshold=0",
        "preferQueryMode=simple",
        "preferQueryMode=extendedCacheEverything"
      })
  void roundTrip(String parameters) throws SQLException {
    try (Connection connection = fixture.connect(parameters)) {
      JdbcFixture.run(connection, "DROP TABLE IF EXISTS types");
      JdbcFixture.run(
          connection,
          "CREATE TABLE types (b boolean, i2 smallint, i4 int, i8 bigint, n numeric,"
              + " n2 numeric(12,3), f4 real, f8 double precision, t text, v varchar(10), d date,"
              + " ti time, ts timestamp, tz timestamptz, iv interval, u uuid, by bytea)");
      try (PreparedStatement insert =
          connection.prepareStatement(
              "INSERT INTO types VALUES (" + "?, ".repeat(VALUES.size()) + "?)")) {
        for (int row = 0; row < 7; row++) {
          for (int i = 0; i < VALUES.size(); i++) {
            insert.setObject(i + 1, VALUES.get(i));
          }
          insert.setBytes(VALUES.size() + 1, new byte[] {0, 1, -1});
          assertThat(insert.executeUpdate()).isEqualTo(1);
        }
        for (int i = 0; i <= VALUES.size(); i++) {
          insert.setNull(i + 1, i == VALUES.size() ? Types.BINARY : Types.NULL);
        }
        insert.executeUpdate();
      }
      try (PreparedStatement select =
          connection.prepareStatement("SELECT * FROM types WHERE i4 = ?")) {
        for (int execution = 0; execution < 7; execution++) {
          select.setInt(1, 1 << 30);
          check(select.executeQuery());
        }
      }
      assertThat(JdbcFixture.query(connection, "SELECT count(*) FROM types WHERE i4 IS NULL"))
          .containsExactly("1");
    }
  }

  private static void check(ResultSet result) throws SQLException {
    int rows = 0;
    try (result) {
      while (result.next()) {
        rows++;
        List<Object> read = new ArrayList<>();
        for (int i = 0; i < VALUES.size(); i++) {
          Object value = VALUES.get(i);
          boolean time = value.getClass().getPackageName().equals("java.time");
          read.add(time ? result.getObject(i + 1, value.getClass()) : result.getObject(i + 1));
        }
        assertThat(read).isEqualTo(VALUES);
        assertThat(result.getBytes(VALUES.size() + 1)).containsExactly(0, 1, -1);
      }
    }
    assertThat(rows).isEqualTo(7);
  }

  @ParameterizedTest
  @ValueSource(strings = {"prepareThreshold=-1", "prepareThreshold=0"})
  void arraysAndInferredParameters(String parameters) throws SQLException {
    try (Connection connection = fixture.connect(parameters);
        PreparedStatement select =
            connection.prepareStatement(
                "SELECT ?::int + 1, ?, ARRAY[1, 2, ?], ?::int[], 2 = ANY(?)")) {
      for (int execution = 0; execution < 6; execution++) {
        select.setInt(1, 1);
        select.setString(2, "a'b");
        select.setInt(3, 3);
        select.setArray(4, connection.createArrayOf("int4", new Integer[] {1, null, 3}));
        select.setArray(5, connection.createArrayOf("int4", new Integer[] {2, 5}));
        try (ResultSet row = select.executeQuery()) {
          row.next();
          assertThat(row.getInt(1)).isEqualTo(2);
          assertThat(row.getString(2)).isEqualTo("a'b");
          assertThat((Object[]) row.getArray(3).getArray()).containsExactly(1, 2, 3);
          assertThat(Arrays.asList((Object[]) row.getArray(4).getArray()))
              .containsExactly(1, null, 3);
          assertThat(row.getBoolean(5)).isTrue();
        }
      }
    }
  }
}
