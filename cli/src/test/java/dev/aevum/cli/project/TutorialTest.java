package dev.aevum.cli.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aevum.engine.runtime.DatabaseConfig;
import dev.aevum.testing.kafka.KafkaBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The README's tutorial as it stands there. Part 1: files are written, SQL blocks run, and results
/// compared. Part 2: the same with a real broker, whose tools run the shell blocks. A `result`
/// block after a `sql` block is what psql prints for its last statement; an `example` block has its
/// columns and at least one row, but not its values; `output` is what a shell block prints.
class TutorialTest {
  private static final Pattern BLOCK =
      Pattern.compile("^```(\\w+)\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Pattern FILE =
      Pattern.compile("cat > (\\S+) <<'EOF'\\n(.*?)^EOF$", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private record Block(String kind, String text) {}

  private static List<Block> blocks(String heading, String next) {
    String readme = ProjectFiles.read("README.md");
    int from = readme.indexOf("\n## " + heading);
    int to = readme.indexOf("\n## " + next, from);
    assertThat(from).as("README.md has " + heading).isPositive();
    assertThat(to).as("README.md has " + next).isGreaterThan(from);
    List<Block> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(readme.substring(from, to));
    while (matcher.find()) {
      blocks.add(new Block(matcher.group(1), matcher.group(2)));
    }
    return blocks;
  }

  @Test
  void partOneGivesTheResultsItShows(@TempDir Path folder) throws Exception {
    List<Block> blocks = blocks("Five minutes, part 1", "Part 2");
    Shell files =
        script -> {
          write(script, folder);
          return "";
        };
    assertThat(follow(blocks, folder, files, text -> inFolder(text, folder)))
        .isGreaterThanOrEqualTo(5);
  }

  @Test
  void partTwoGivesTheResultsItShows(@TempDir Path folder) throws Exception {
    List<Block> blocks = blocks("Part 2: with Kafka", "What it cannot do yet");
    try (KafkaBroker broker = KafkaBroker.start()) {
      Path tools = Files.createDirectories(folder.resolve("tools"));
      broker.writeTools(tools);
      UnaryOperator<String> here = text -> text.replace("127.0.0.1:9092", broker.address());
      Shell bash = script -> bash(here.apply(script), tools, folder);
      assertThat(follow(blocks, folder, bash, here)).isEqualTo(3);
    }
  }

  /// Runs a block of shell commands and gives what it printed.
  private interface Shell {
    String run(String script) throws Exception;
  }

  /// Does what the blocks say; how many results were compared.
  private static int follow(
      List<Block> blocks, Path folder, Shell shell, UnaryOperator<String> here) throws Exception {
    DatabaseConfig config =
        new DatabaseConfig(
            folder.resolve("data"), 2, 1L << 30, InstantSource.system(), System::nanoTime, 1);
    int compared = 0;
    String printed = "";
    try (PrintingSession session = new PrintingSession(config)) {
      for (int i = 0; i < blocks.size(); i++) {
        Block block = blocks.get(i);
        switch (block.kind()) {
          case "sh" -> printed = shell.run(block.text());
          case "sql" -> session.run(here.apply(block.text()));
          case "result" -> {
            compare(session, here.apply(blocks.get(i - 1).text()), block.text());
            compared++;
          }
          case "example" -> {
            resemble(session, here.apply(blocks.get(i - 1).text()), block.text());
            compared++;
          }
          case "output" -> {
            assertThat(printed).isEqualTo(block.text());
            compared++;
          }
          default -> throw new AssertionError("a block of kind \"" + block.kind() + "\"");
        }
      }
    }
    return compared;
  }

  private static String bash(String script, Path tools, Path folder) throws Exception {
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    ProcessBuilder builder = new ProcessBuilder("bash", "-euc", script);
    builder.environment().merge("PATH", tools.toString(), (path, own) -> own + ":" + path);
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    if (!process.waitFor(2 * PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      throw new AssertionError("does not end:\n" + script + Files.readString(err));
    }
    assertThat(process.exitValue()).as(Files.readString(err)).isZero();
    return Files.readString(out);
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
