package dev.aevum.parser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aevum.model.error.SqlException;
import dev.aevum.parser.lexer.Lexeme;
import dev.aevum.parser.lexer.Lexer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Statements of the golden and client texts with tokens deleted, doubled, swapped or cut off:
/// never anything but a result or a [SqlException] whose span lies in the text. The seed is printed
/// and can be given with `-Daevum.seed`.
class FuzzProperty {
  private static final int ROUNDS = 20_000;

  @Test
  void damagedStatementsGiveSyntaxErrorsOnly() throws IOException {
    long seed = Long.getLong("aevum.seed", 42);
    System.out.println("FuzzProperty seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    List<String> statements = statements();
    int refused = 0;
    for (int round = 0; round < ROUNDS; round++) {
      String damaged = damage(statements.get(random.nextInt(statements.size())), random);
      refused += isRefused(damaged) ? 1 : 0;
    }
    assertThat(refused).isBetween(ROUNDS / 10, ROUNDS - ROUNDS / 100);
  }

  private static boolean isRefused(String sql) {
    try {
      SqlParser.parseScript(sql);
      return false;
    } catch (SqlException e) {
      assertThat(e.span()).as(sql).isNotNull();
      assertThat(e.span().end()).as(sql).isLessThanOrEqualTo(sql.length() + 2);
      return true;
    } catch (RuntimeException e) {
      throw new AssertionError("for: " + sql, e);
    }
  }

  private static String damage(String sql, SplittableRandom random) {
    List<String> tokens = new ArrayList<>();
    for (Lexeme lexeme : Lexer.lex(sql)) {
      tokens.add(sql.substring(lexeme.start(), lexeme.end()));
    }
    int edits = 1 + random.nextInt(3);
    for (int i = 0; i < edits && !tokens.isEmpty(); i++) {
      int at = random.nextInt(tokens.size());
      int other = random.nextInt(tokens.size());
      switch (random.nextInt(5)) {
        case 0, 1 -> tokens.remove(at);
        case 2 -> tokens.add(at, tokens.get(other));
        case 3 -> tokens.set(at, tokens.get(other));
        default -> tokens.subList(at, tokens.size()).clear();
      }
    }
    return String.join(" ", tokens);
  }

  private static List<String> statements() throws IOException {
    Path resources = Path.of(System.getProperty("aevum.root", ".."), "parser/src/test/resources");
    List<String> statements = new ArrayList<>();
    for (String folder : List.of("golden", "clients")) {
      try (Stream<Path> files = Files.list(resources.resolve(folder))) {
        for (Path file : files.sorted().toList()) {
          for (String block : Files.readString(file).split("\n\n+")) {
            statements.add(block.split("\n----", 2)[0]);
          }
        }
      }
    }
    return statements;
  }
}
