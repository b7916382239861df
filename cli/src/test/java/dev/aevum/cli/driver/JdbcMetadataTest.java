package dev.aevum.cli.driver;

import static dev.aevum.cli.driver.JdbcFixture.rows;
import static org.assertj.core.api.Assertions.assertThat;

import dev.aevum.executor.function.FunctionRegistry;
import dev.aevum.planner.plan.function.FunctionSignature;
import dev.aevum.planner.plan.function.FunctionSignature.Kind;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// DatabaseMetaData of pgjdbc: what every tool on JDBC lists objects with.
class JdbcMetadataTest {
  private static JdbcFixture fixture;
  private static Connection connection;
  private static DatabaseMetaData metadata;

  @BeforeAll
  static void start() throws SQLException {
    fixture = new JdbcFixture();
    connection = fixture.connect("");
    metadata = connection.getMetaData();
    for (String sql :
        List.of(
            "CREATE TABLE orders (id bigint PRIMARY KEY, name varchar(20) NOT NULL,"
                + " amount numeric(10,2) DEFAULT 1.5, ts timestamptz, note text)",
            "COMMENT ON TABLE orders IS 'what was ordered'",
            "COMMENT ON COLUMN orders.name IS 'of the customer'",
            "CREATE STREAM clicks (url text, ts timestamptz, WATERMARK FOR ts AS ts)",
            "CREATE MATERIALIZED VIEW by_name AS SELECT name, count(*) AS n FROM orders GROUP BY name",
            "CREATE VIEW ids AS SELECT id FROM orders")) {
      JdbcFixture.run(connection, sql);
    }
  }

  @AfterAll
  static void stop() throws SQLException {
    connection.close();
    fixture.close();
  }

  /// Every function that the database has, each overload with an OID of its own.
  @Test
  void functions() throws SQLException {
    List<String> all = rows(metadata.getFunctions(null, "pg_catalog", "%"), "FUNCTION_NAME");
    Set<String> known =
        FunctionRegistry.standard().all().stream()
            .filter(f -> f.kind() == Kind.SCALAR || f.kind() == Kind.SET_RETURNING)
            .map(FunctionSignature::name)
            .filter(name -> Character.isLetter(name.charAt(0)))
            .collect(Collectors.toSet());
    assertThat(known).hasSizeGreaterThan(200);
    assertThat(all).containsAll(known);
    assertThat(rows(metadata.getFunctions(null, null, "make_interval"), "SPECIFIC_NAME"))
        .hasSize(8)
        .doesNotHaveDuplicates();
    assertThat(
            rows(
                metadata.getFunctionColumns(null, null, "make_date", "%"),
                "COLUMN_TYPE",
                "TYPE_NAME"))
        .containsExactly("4|date", "1|int4", "1|int4", "1|int4");
    try (Statement statement = connection.createStatement()) {
      assertThat(
              rows(
                  statement.executeQuery(
                      "SELECT proname, prokind, pg_get_function_result(oid) AS r,"
                          + " pg_get_function_arguments(oid) AS a FROM pg_proc WHERE proname IN"
                          + " ('upper', 'generate_series', 'row_number', 'bool_and') ORDER BY 1, 4"),
                  "proname",
                  "prokind",
                  "r",
                  "a"))
          .contains(
              "upper|f|text|text",
              "row_number|w|bigint|",
              "bool_and|a|boolean|boolean",
              "generate_series|f|SETOF integer|integer, integer");
      assertThat(
              rows(
                  statement.executeQuery("SELECT count(*) - count(DISTINCT oid) AS n FROM pg_proc"),
                  "n"))
          .containsExactly("0");
      assertThat(
              rows(
                  statement.executeQuery(
                      "SELECT proname FROM pg_proc WHERE oid = 'upper'::regproc"),
                  "proname"))
          .containsExactly("upper");
    }
  }

  @Test
  void tables() throws SQLException {
    assertThat(
            rows(
                metadata.getTables(
                    null, "public", "%", new String[] {"TABLE", "VIEW", "MATERIALIZED VIEW"}),
                "TABLE_CAT",
                "TABLE_SCHEM",
                "TABLE_NAME",
                "TABLE_TYPE",
                "REMARKS"))
        .contains(
            "aevum|public|orders|TABLE|what was ordered",
            "aevum|public|ids|VIEW|null",
            "aevum|public|by_name|MATERIALIZED VIEW|null")
        .anyMatch(r -> r.startsWith("aevum|public|clicks|"));
  }

  @Test
  void columns() throws SQLException {
    assertThat(
            rows(
                metadata.getColumns(null, null, "orders", "%"),
                "COLUMN_NAME",
                "DATA_TYPE",
                "TYPE_NAME",
                "COLUMN_SIZE",
                "DECIMAL_DIGITS",
                "NULLABLE",
                "COLUMN_DEF",
                "ORDINAL_POSITION",
                "REMARKS"))
        .containsExactly(
            "id|-5|int8|19|0|0|null|1|null",
            "name|12|varchar|20|0|0|null|2|of the customer",
            "amount|2|numeric|10|2|1|1.5|3|null",
            "ts|93|timestamptz|35|6|1|null|4|null",
            "note|12|text|2147483647|0|1|null|5|null");
  }

  @Test
  void keysAndIndexes() throws SQLException {
    assertThat(
            rows(
                metadata.getPrimaryKeys(null, null, "orders"), "COLUMN_NAME", "KEY_SEQ", "PK_NAME"))
        .containsExactly("id|1|orders_pkey");
    assertThat(
            rows(
                metadata.getIndexInfo(null, null, "orders", true, false),
                "NON_UNIQUE",
                "INDEX_NAME",
                "ORDINAL_POSITION",
                "COLUMN_NAME"))
        .containsExactly("f|orders_pkey|1|id");
    assertThat(rows(metadata.getBestRowIdentifier(null, null, "orders", 0, true), "COLUMN_NAME"))
        .containsExactly("id");
    assertThat(rows(metadata.getImportedKeys(null, null, "orders"))).isEmpty();
    assertThat(rows(metadata.getExportedKeys(null, null, "orders"))).isEmpty();
    assertThat(rows(metadata.getCrossReference(null, null, "orders", null, null, "orders")))
        .isEmpty();
  }

  @Test
  void namesOfTheDatabase() throws SQLException {
    assertThat(rows(metadata.getCatalogs())).containsExactly("aevum");
    assertThat(rows(metadata.getSchemas(), "TABLE_SCHEM"))
        .contains("aevum", "information_schema", "pg_catalog", "public");
    assertThat(connection.getSchema()).isEqualTo("public");
    assertThat(connection.getCatalog()).isEqualTo("aevum");
    assertThat(metadata.getDatabaseProductName()).isEqualTo("PostgreSQL");
    assertThat(metadata.getDatabaseMajorVersion()).isEqualTo(15);
    assertThat(metadata.getSQLKeywords()).contains("returning");
    assertThat(metadata.getMaxColumnNameLength()).isEqualTo(63);
  }

  @Test
  void types() throws SQLException {
    assertThat(rows(metadata.getTypeInfo(), "TYPE_NAME", "DATA_TYPE"))
        .contains("int8|-5", "text|12", "numeric|2", "timestamptz|93", "uuid|1111", "bytea|-2");
    assertThat(rows(metadata.getUDTs(null, null, "%", null))).isEmpty();
  }

  @Test
  void privileges() throws SQLException {
    assertThat(rows(metadata.getTablePrivileges(null, null, "orders"), "GRANTEE", "PRIVILEGE"))
        .contains("aevum|SELECT", "aevum|INSERT");
    assertThat(
            rows(metadata.getColumnPrivileges(null, null, "orders", "id"), "GRANTEE", "PRIVILEGE"))
        .contains("aevum|SELECT");
  }

  @Test
  void functionsAnswer() throws SQLException {
    assertThat(rows(metadata.getFunctions(null, null, "int8in"), "FUNCTION_NAME"))
        .containsExactly("int8in");
    assertThat(rows(metadata.getFunctionColumns(null, null, "int8in", "%"), "COLUMN_NAME"))
        .isNotEmpty();
    assertThat(rows(metadata.getProcedures(null, null, "%"))).isEmpty();
  }

  @Test
  void resultColumns() throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT id, name AS nm, amount FROM orders WHERE id = ?")) {
      ResultSetMetaData columns = statement.getMetaData();
      assertThat(columns.getColumnLabel(2)).isEqualTo("nm");
      assertThat(columns.getTableName(2)).isEqualTo("orders");
      assertThat(columns.getColumnTypeName(2)).isEqualTo("varchar");
      assertThat(columns.getPrecision(2)).isEqualTo(20);
      assertThat(columns.isNullable(1)).isEqualTo(ResultSetMetaData.columnNoNulls);
      assertThat(columns.getScale(3)).isEqualTo(2);
      assertThat(statement.getParameterMetaData().getParameterTypeName(1)).isEqualTo("int8");
    }
  }
}
