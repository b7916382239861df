package dev.aevum.parser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aevum.model.error.SqlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Every query that real clients sent to a PostgreSQL 15 parses: psql's backslash commands,
/// pgjdbc's metadata calls, and what other drivers run (`src/test/resources/clients`, queries
/// separated by empty lines).
class ClientQueriesTest {
  private static final Path FOLDER =
      Path.of(System.getProperty("aevum.root", ".."), "parser/src/test/resources/clients");

  @Test
  void everyCapturedQueryParses() throws IOException {
    List<String> failures = new ArrayList<>();
    int parsed = 0;
    try (Stream<Path> files = Files.list(FOLDER)) {
      for (Path file : files.sorted().toList()) {
        for (String query : Files.readString(file).split("\n\n+")) {
          try {
            parsed += SqlParser.parseScript(query).size();
          } catch (SqlException e) {
            failures.add(
                file.getFileName() + ": " + e.getMessage() + " " + e.span() + "\n" + query);
          }
        }
      }
    }
    assertThat(failures).isEmpty();
    assertThat(parsed).isGreaterThan(100);
  }
}
