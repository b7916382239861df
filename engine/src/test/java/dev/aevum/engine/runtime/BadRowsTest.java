package dev.aevum.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Whether a row of a source is good depends on the stream's declaration alone, not on the columns
/// that views happen to read.
class BadRowsTest {
  private static final List<String> JSON =
      List.of(
          "{\"id\": 1, \"v\": 10, \"note\": \"good\"}",
          "{\"id\": 99999999999, \"v\": 20}",
          "{\"v\": 30}",
          "{\"id\": 4, \"v\": 40, \"note\": \"much too long\"}");
  private static final List<String> CSV =
      List.of("1,10,good", "99999999999,20,", ",30,", "4,40,much too long");

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"json", "csv"})
  void aColumnThatNoViewReadsIsCheckedToo(String format) throws IOException {
    Path file = Files.write(folder.resolve("rows"), format.equals("json") ? JSON : CSV);
    try (TestDatabase database = new TestDatabase(null)) {
      database.run(
          "CREATE STREAM s (id INT NOT NULL, v INT, note VARCHAR(5)) WITH (connector = 'file', path = '"
              + file
              + "', format = '"
              + format
              + "')");
      database.run("CREATE MATERIALIZED VIEW total AS SELECT sum(v) AS v, count(*) AS n FROM s");
      database.run("CREATE MATERIALIZED VIEW ids AS SELECT id FROM s");
      for (int turn = 0;
          turn < 1000
              && !database.query("SELECT state FROM aevum.sources").equals(List.of("FINISHED"));
          turn++) {
        database.query("SELECT pg_sleep(0.01)");
      }

      assertThat(database.query("SELECT v, n FROM total")).containsExactly("10|1");
      assertThat(database.query("SELECT id FROM ids")).containsExactly("1");
      assertThat(database.query("SELECT sqlstate, message FROM aevum.errors"))
          .containsExactly(
              "22001|column \"note\": value too long for type character varying(5)",
              "22003|column \"id\": value \"99999999999\" is out of range for type integer",
              "23502|null value in column \"id\" of relation \"s\" violates not-null constraint");
    }
  }

  @Test
  void countsGoOnAfterARestart() throws IOException {
    Path file = folder.resolve("rows.csv");
    Files.writeString(file, "1\nx\n2\n");
    try (TestDatabase database = new TestDatabase(folder.resolve("data"))) {
      database.run(
          "CREATE STREAM s (id INT NOT NULL) WITH (connector = 'file', path = '"
              + file
              + "', format = 'csv', follow = 'true')");
      database.run("CREATE MATERIALIZED VIEW n AS SELECT count(*) AS n FROM s");
      await(database, "2|1");
      database.restart();
      await(database, "2|1");
      Files.writeString(file, "y\n\"\"\n3\n", StandardOpenOption.APPEND);
      await(database, "3|3");
      database.restart();
      await(database, "3|3");
      assertThat(database.query("SELECT n FROM n")).containsExactly("3");
      await(
          database,
          "SELECT source_offset, sqlstate, row_text FROM aevum.errors",
          List.of("2|22P02|x", "6|22P02|y", "8|22P02|\"\""));
      database.run("DROP MATERIALIZED VIEW n");
      database.run("CREATE MATERIALIZED VIEW n AS SELECT count(*) AS n FROM s");
      await(database, "3|3");
      // Read from the start again.
      await(database, "SELECT count(*) FROM aevum.errors", List.of("3"));
      database.run("DROP STREAM s CASCADE");
      database.restart();
      assertThat(database.query("SELECT count(*) FROM aevum.errors")).containsExactly("0");
    }
  }

  @Test
  void theLastTenThousandAreKept() throws IOException {
    Path file = folder.resolve("rows.csv");
    Files.writeString(file, "1\n" + "x\n".repeat(10_050) + "2\n");
    try (TestDatabase database = new TestDatabase(folder.resolve("data"))) {
      database.run(
          "CREATE STREAM s (id INT) WITH (connector = 'file', path = '"
              + file
              + "', format = 'csv', follow = 'true')");
      database.run("CREATE MATERIALIZED VIEW n AS SELECT count(*) AS n FROM s");
      await(database, "2|10050");
      String kept = "SELECT count(*), min(source_offset), max(source_offset) FROM aevum.errors";
      await(database, kept, List.of("10000|102|20100"));
      database.restart();
      assertThat(database.query(kept)).containsExactly("10000|102|20100");
      Files.writeString(file, "y\n3\n", StandardOpenOption.APPEND);
      await(database, "3|10051");
      await(database, kept, List.of("10000|104|20104"));
    }
  }

  /// Rows and bad rows of the source come to be these.
  private static void await(TestDatabase database, String counts) {
    await(database, "SELECT rows, bad_rows FROM aevum.sources", List.of(counts));
  }

  private static void await(TestDatabase database, String query, List<String> expected) {
    List<String> now = List.of();
    for (int turn = 0; turn < 1000 && !now.equals(expected); turn++) {
      database.query("SELECT pg_sleep(0.01)");
      now = database.query(query);
    }
    assertThat(now).isEqualTo(expected);
  }
}
