package dev.aevum.parser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aevum.model.error.SqlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// `src/test/resources/golden/*.txt`: blocks of SQL, a line `----`, and what it parses to (or the
/// error, with SQLSTATE and span), an empty line. Run with `-Dgolden.rewrite=true` to write the
/// results anew, and review the difference.
class GoldenTest {
  private static final Path FOLDER =
      Path.of(System.getProperty("aevum.root", ".."), "parser/src/test/resources/golden");

  private record Case(String sql, String expected) {}

  @TestFactory
  Stream<DynamicTest> goldenTexts() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.sorted().toList().stream().flatMap(GoldenTest::testsOf);
    }
  }

  private static Stream<DynamicTest> testsOf(Path file) {
    try {
      List<Case> cases = read(file);
      if (Boolean.getBoolean("golden.rewrite")) {
        List<String> blocks = new ArrayList<>();
        for (Case one : cases) {
          blocks.add(one.sql() + "\n----\n" + parsed(one.sql()) + "\n");
        }
        Files.writeString(file, String.join("\n", blocks));
      }
      return read(file).stream()
          .map(one ->
              DynamicTest.dynamicTest(file.getFileName() + ": " + one.sql(), () -> check(one)));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void check(Case one) {
    assertThat(parsed(one.sql())).as(one.sql()).isEqualTo(one.expected());
  }

  private static String parsed(String sql) {
    try {
      List<String> printed = new ArrayList<>();
      for (ParsedStatement statement : SqlParser.parseScript(sql)) {
        printed.add(StatementPrinter.print(statement.statement()));
      }
      return String.join("\n", printed);
    } catch (SqlException e) {
      String span = e.span() == null ? "" : " @" + e.span().start() + ".." + e.span().end();
      String hint = e.hint() == null ? "" : " (" + e.hint() + ")";
      return "ERROR " + e.sqlState() + ": " + e.text() + span + hint;
    }
  }

  private static List<Case> read(Path file) throws IOException {
    List<Case> cases = new ArrayList<>();
    for (String block : Files.readString(file).split("\n\n+")) {
      if (!block.isBlank()) {
        int cut = block.indexOf("\n----");
        String sql = cut < 0 ? block.strip() : block.substring(0, cut);
        cases.add(
            new Case(
                sql.strip(),
                cut < 0 ? "" : block.substring(Math.min(block.length(), cut + 6)).strip()));
      }
    }
    return cases;
  }
}
