package dev.aevum.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aevum.cli.shell.ResultPrinter.Layout;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What psql 15 prints for the same rows.
final class ResultPrinterTest {
  private static final String[] NAMES = {"n", "name", "t"};
  private static final int[] TYPES = {Types.INTEGER, Types.VARCHAR, Types.VARCHAR};
  private static final String[][] ROWS = {
    {"1", "a,b", "x"}, {"-20", null, "two\nlines"}, {"3", "", "日本"}
  };

  private static String print(Layout layout, String[][] rows) throws SQLException {
    ResultSetMetaData columns =
        proxy(
            ResultSetMetaData.class,
            (name, i) ->
                Map.<String, Object>of(
                        "getColumnCount",
                        NAMES.length,
                        "getColumnLabel",
                        NAMES[Math.max(0, i - 1)],
                        "getColumnType",
                        TYPES[Math.max(0, i - 1)])
                    .get(name));
    int[] row = {-1};
    ResultSet result =
        proxy(
            ResultSet.class,
            (name, i) ->
                switch (name) {
                  case "getMetaData" -> columns;
                  case "next" -> ++row[0] < rows.length;
                  case "getString" -> rows[row[0]][i - 1];
                  default -> throw new UnsupportedOperationException(name);
                });
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new ResultPrinter(new PrintStream(bytes, true, StandardCharsets.UTF_8)).print(result, layout);
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private interface Answer {
    Object to(String method, int argument);
  }

  private static <T> T proxy(Class<T> type, Answer answer) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) ->
                answer.to(method.getName(), arguments == null ? 0 : (int) arguments[0])));
  }

  @Test
  void aligned() throws SQLException {
    assertThat(print(Layout.ALIGNED, ROWS))
        .isEqualTo(
            """
              n  | name |   t  \s
            -----+------+-------
               1 | a,b  | x
             -20 |      | two  +
                 |      | lines
               3 |      | 日本
            (3 rows)

            """);
    assertThat(print(Layout.ALIGNED, new String[0][])).endsWith("---+------+---\n(0 rows)\n\n");
  }

  @Test
  void expanded() throws SQLException {
    assertThat(print(Layout.EXPANDED, new String[][] {ROWS[0], ROWS[2]}))
        .isEqualTo(
            "-[ RECORD 1 ]\nn    | 1\nname | a,b\nt    | x\n-[ RECORD 2 ]\nn    | 3\nname |\nt    | 日本\n\n");
  }

  @Test
  void csv() throws SQLException {
    assertThat(print(Layout.CSV, ROWS))
        .isEqualTo("n,name,t\n1,\"a,b\",x\n-20,,\"two\nlines\"\n3,\"\",日本\n");
  }
}
