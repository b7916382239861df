package dev.aevum.cli.slt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aevum.model.error.SqlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SltParserTest {
  @TempDir private Path folder = Path.of(".");

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  @Test
  void readsEveryDirective() throws IOException {
    file("other.slt", "statement ok\nSELECT 2\n");
    Path main =
        file(
            "main.slt",
            """
            # comment
            hash-threshold 8

            skipif server
            connection two
            statement count 3
            INSERT INTO t
            VALUES (1), (2), (3)

            query IT rowsort twice
            SELECT a, b FROM t
            ----
            1\tx

            statement error 22012
            SELECT 1/0

            changes v
            ----
            +1\t3

            include other.slt
            restart
            advance 90 seconds
            halt
            """);
    List<SltRecord> records = SltParser.parse(main);
    assertThat(records.get(0))
        .isInstanceOfSatisfying(
            SltRecord.HashThreshold.class, h -> assertThat(h.values()).isEqualTo(8));
    assertThat(records.get(1))
        .isInstanceOfSatisfying(
            SltRecord.Statement.class,
            s -> {
              assertThat(s.sql()).isEqualTo("INSERT INTO t\nVALUES (1), (2), (3)");
              assertThat(s.expected()).isEqualTo(new SltRecord.Expected.Count(3));
              assertThat(s.where().connection()).isEqualTo("two");
              assertThat(s.where().skipIf()).containsExactly("server");
              assertThat(s.where().line()).isEqualTo(6);
            });
    assertThat(records.get(2))
        .isInstanceOfSatisfying(
            SltRecord.Query.class,
            q -> {
              assertThat(q.types()).isEqualTo("IT");
              assertThat(q.sort()).isEqualTo(SltRecord.SortMode.ROWSORT);
              assertThat(q.label()).isEqualTo("twice");
              assertThat(q.expected()).containsExactly("1\tx");
              assertThat(q.where().connection()).isEqualTo("default");
              assertThat(q.where().skipIf()).isEmpty();
            });
    assertThat(records.get(3))
        .isInstanceOfSatisfying(
            SltRecord.Statement.class,
            s ->
                assertThat(s.expected())
                    .isEqualTo(new SltRecord.Expected.Failure("22012", null, false)));
    assertThat(records.get(4))
        .isInstanceOfSatisfying(
            SltRecord.Changes.class, c -> assertThat(c.expected()).containsExactly("+1\t3"));
    assertThat(records.get(5))
        .isInstanceOfSatisfying(
            SltRecord.Statement.class, s -> assertThat(s.sql()).isEqualTo("SELECT 2"));
    assertThat(records.get(6)).isInstanceOf(SltRecord.Restart.class);
    assertThat(records.get(7))
        .isInstanceOfSatisfying(SltRecord.Advance.class, a -> assertThat(a.by()).hasSeconds(90));
    assertThat(records.get(8)).isInstanceOf(SltRecord.Halt.class);
  }

  @Test
  void refusesWhatItDoesNotKnow() throws IOException {
    Path file = file("bad.slt", "\nstatment ok\nSELECT 1\n");
    assertThatThrownBy(() -> SltParser.parse(file))
        .isInstanceOf(SqlException.class)
        .hasMessageContaining("bad.slt:2: unknown directive \"statment\"");
  }

  @Test
  void splitsInsertsByRow() {
    assertThat(InsertSplitter.split("INSERT INTO t (a, b) VALUES (1, 'x)'), (f(2), 'it''s')"))
        .containsExactly(
            "INSERT INTO t (a, b) VALUES (1, 'x)')", "INSERT INTO t (a, b) VALUES (f(2), 'it''s')");
    for (String whole :
        List.of(
            "INSERT INTO t VALUES (1), (2) RETURNING a",
            "INSERT INTO t SELECT 1",
            "INSERT INTO t VALUES (E'\\'('), (2)",
            "UPDATE t SET a = 1")) {
      assertThat(InsertSplitter.split(whole)).containsExactly(whole);
    }
  }

  @Test
  void comparesRowsAsOtherProjectsWriteThem() {
    List<String> got =
        SltRows.lines(
            List.of(Arrays.asList("1", "x y"), Arrays.asList("2", null)),
            SltRecord.SortMode.NOSORT,
            0);
    assertThat(got).containsExactly("1\tx y", "2\tNULL");
    assertThat(SltRows.equal(query(List.of("1\tx y", "2\tNULL")), 2, got)).isTrue();
    assertThat(SltRows.equal(query(List.of("1  x y", "2  NULL")), 2, got)).isTrue();
    assertThat(SltRows.equal(query(List.of("1", "x y", "2", "NULL")), 2, got)).isTrue();
    assertThat(SltRows.equal(query(List.of("1\tx  y", "2\tNULL")), 2, got)).isFalse();
    assertThat(SltRows.equal(query(List.of("2\tNULL", "1\tx y")), 2, got)).isFalse();
    assertThat(SltRows.lines(List.of(List.of("a", "b")), SltRecord.SortMode.ROWSORT, 1))
        .containsExactly("2 values hashing to dd8c6a395b5dd36c56d23275028f526c");
  }

  private static SltRecord.Query query(List<String> expected) {
    return new SltRecord.Query(
        new SltRecord.Where(Path.of("x"), 1, 2, "default", Set.of(), Set.of()),
        "SELECT 1",
        "IT",
        SltRecord.SortMode.NOSORT,
        null,
        expected);
  }
}
