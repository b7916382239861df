package dev.aevum.cli.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aevum.engine.runtime.DatabaseConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Part 1 of the README's tutorial, as it stands there: files are written, SQL blocks run, and
/// results compared. A `result` block after a `sql` block is what psql prints for its last
/// statement; an `example` block has its columns and at least one row, but not its values.
class TutorialTest {
  private static final Pattern BLOCK =
      Pattern.compile("^```(\\w+)\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Pattern FILE =
      Pattern.compile("cat > (\\S+) <<'EOF'\\n(.*?)^EOF$", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private record Block(String kind, String text) {}

  private static List<Block> blocks() {
    String readme = ProjectFiles.read("README.md");
    int from = readme.indexOf("\n## Five minutes, part 1");
    int to = readme.indexOf("\n## Part 2", from);
    assertThat(from).as("README.md has part 1").isPositive();
    assertThat(to).as("README.md has part 2").isGreaterThan(from);
    List<Block> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(readme.substring(from, to));
    while (matcher.find()) {
      blocks.add(new Block(matcher.group(1), matcher.group(2)));
    }
    return blocks;
  }

  @Test
  void partOneGivesTheResultsItShows(@TempDir Path folder) throws Exception {
    DatabaseConfig config =
        new DatabaseConfig(
            folder.resolve("data"), 2, 1L << 30, InstantSource.system(), System::nanoTime, 1);
    int compared = 0;
    try (PrintingSession session = new PrintingSession(config)) {
      List<Block> blocks = blocks();
      for (int i = 0; i < blocks.size(); i++) {
        Block block = blocks.get(i);
        switch (block.kind()) {
          case "sh" -> write(block.text(), folder);
          case "sql" -> session.run(inFolder(block.text(), folder));
          case "result" -> {
            compare(session, inFolder(blocks.get(i - 1).text(), folder), block.text());
            compared++;
          }
          case "example" -> {
            resemble(session, inFolder(blocks.get(i - 1).text(), folder), block.text());
            compared++;
          }
          default -> throw new AssertionError("a block of kind \"" + block.kind() + "\"");
        }
      }
    }
    assertThat(compared).isGreaterThanOrEqualTo(5);
  }

  @Test
  void statementsOfTheReferencePageRun() {
    DatabaseConfig config =
        new DatabaseConfig(null, 1, 1L << 30, InstantSource.system(), System::nanoTime, 1);
    int ran = 0;
    try (PrintingSession session = new PrintingSession(config)) {
      Matcher matcher = BLOCK.matcher(ProjectFiles.read("docs/reference/statements.md"));
      while (matcher.find()) {
        assertThat(matcher.group(1)).isEqualTo("sql");
        session.run(matcher.group(2));
        ran++;
      }
    }
    assertThat(ran).isGreaterThanOrEqualTo(7);
  }

  private static void write(String script, Path folder) throws Exception {
    Matcher matcher = FILE.matcher(script);
    while (matcher.find()) {
      Files.writeString(folder.resolve(matcher.group(1)), matcher.group(2));
    }
  }

  /// Paths of the tutorial are seen from the folder where the server runs.
  private static String inFolder(String sql, Path folder) {
    return sql.replace("path = '", "path = '" + folder + "/");
  }

  private static void compare(PrintingSession session, String sql, String expected) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    String last = session.last(sql);
    String printed = session.print(last);
    while (!printed.equals(expected) && System.nanoTime() < deadline) {
      LockSupport.parkNanos(20_000_000L);
      printed = session.print(last);
    }
    assertThat(printed).as(last).isEqualTo(expected);
  }

  private static void resemble(PrintingSession session, String sql, String expected) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    String last = session.last(sql);
    String printed = session.print(last);
    while (printed.lines().count() < 4 && System.nanoTime() < deadline) {
      LockSupport.parkNanos(20_000_000L);
      printed = session.print(last);
    }
    assertThat(words(printed)).as(last).isEqualTo(words(expected));
    assertThat(printed.lines().count()).as("lines of\n" + printed).isGreaterThanOrEqualTo(4);
  }

  /// Column names: the words of the first line.
  private static List<String> words(String table) {
    return List.of(table.lines().findFirst().orElse("").strip().split("[ |]+"));
  }
}
