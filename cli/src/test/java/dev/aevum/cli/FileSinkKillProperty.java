package dev.aevum.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The real process with file sinks, killed again and again: up to the length that its mark gives,
/// a sink's file has each row exactly once, and never loses what it had there before.
class FileSinkKillProperty {
  private static final int KILLS = 5;
  private static final Pattern MARK = Pattern.compile("aevum-sink \\d+ step \\d+ length (\\d+)\n");
  private static final Pattern CHANGE =
      Pattern.compile("\\{\"op\": ?\"(insert|delete)\", ?\"k\": ?(\\d+), ?\"n\": ?(\\d+)}");

  @TempDir private Path folder;

  @Test
  void everyRowIsThereExactlyOnce() throws Exception {
    long seed = Long.getLong("aevum.seed", 11L);
    System.out.println("file sink kills: seed " + seed);
    Random random = new Random(seed);
    Path input = Files.createFile(folder.resolve("lines.csv"));
    Map<String, String> before = new TreeMap<>();
    List<Long> acknowledged = new ArrayList<>();
    long lines = 0;
    for (int round = 0; round <= KILLS; round++) {
      try (ServerProcess server = ServerProcess.start(folder.resolve("data"))) {
        if (round == 0) {
          define(server, input);
        }
        long until = System.nanoTime() + (300L + random.nextInt(1500)) * 1_000_000L;
        try (Connection connection = server.connect();
            Statement statement = connection.createStatement()) {
          while (System.nanoTime() < until) {
            lines = appendLines(input, lines, 1 + random.nextInt(400));
            long id = round * 1_000_000L + acknowledged.size();
            statement.executeUpdate("INSERT INTO ledger VALUES (" + id + ")");
            acknowledged.add(id);
          }
        }
        if (round == KILLS) {
          compare(server, lines, acknowledged);
        } else {
          server.kill();
          for (String sink : List.of("raw.csv", "counts.json", "ledger.csv")) {
            String now = marked(folder.resolve(sink));
            assertThat(now).as(sink).startsWith(before.getOrDefault(sink, ""));
            assertThat(now.isEmpty() || now.endsWith("\n")).as(sink + " has whole lines").isTrue();
            before.put(sink, now);
          }
        }
      }
    }
    assertThat(marked(folder.resolve("raw.csv"))).startsWith(before.get("raw.csv"));
  }

  private void define(ServerProcess server, Path input) throws SQLException {
    server.run(
        "CREATE STREAM lines (id BIGINT, k BIGINT) WITH (connector = 'file', path = '"
            + input
            + "', format = 'csv', follow = true, poll_interval = '10 milliseconds')",
        "CREATE TABLE ledger (id BIGINT PRIMARY KEY)",
        "CREATE MATERIALIZED VIEW counts AS SELECT k, count(*) AS n FROM lines GROUP BY k",
        "CREATE SINK raw FROM lines WITH (connector = 'file', format = 'csv', header = true, path = '"
            + folder.resolve("raw.csv")
            + "')",
        "CREATE SINK changes FROM counts WITH (connector = 'file', format = 'json', changelog = true,"
            + " path = '"
            + folder.resolve("counts.json")
            + "')",
        "CREATE SINK entries FROM ledger WITH (connector = 'file', format = 'csv', changelog = true,"
            + " path = '"
            + folder.resolve("ledger.csv")
            + "')");
  }

  private static long appendLines(Path input, long from, int count) throws IOException {
    StringBuilder text = new StringBuilder();
    for (long id = from; id < from + count; id++) {
      text.append(id).append(',').append(id % 17).append('\n');
    }
    Files.writeString(input, text, StandardOpenOption.APPEND);
    return from + count;
  }

  private void compare(ServerProcess server, long lines, List<Long> acknowledged)
      throws IOException, SQLException {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    List<Long> raw = List.of();
    List<String> entries = List.of();
    TreeMap<Long, Long> counts = new TreeMap<>();
    TreeMap<Long, Long> wanted = new TreeMap<>();
    LongStream.range(0, lines).forEach(id -> wanted.merge(id % 17, 1L, Long::sum));
    while (System.nanoTime() < deadline
        && (raw.size() < lines || entries.size() < acknowledged.size() || !counts.equals(wanted))) {
      raw = numbers(marked(folder.resolve("raw.csv")));
      entries = marked(folder.resolve("ledger.csv")).lines().toList();
      counts = folded(marked(folder.resolve("counts.json")));
    }
    assertThat(raw.stream().sorted().toList())
        .as("rows of the stream")
        .isEqualTo(LongStream.range(0, lines).boxed().toList());
    List<Long> ids = server.longs("SELECT id FROM ledger ORDER BY id");
    assertThat(ids).containsAll(acknowledged);
    assertThat(entries.stream().sorted().toList())
        .as("rows of the table")
        .isEqualTo(ids.stream().map(id -> "insert," + id).sorted().toList());
    assertThat(counts).as("the view's changes, added up").isEqualTo(wanted);
  }

  /// The part of a sink's file that counts, as docs/reference/connectors.md says.
  private static String marked(Path file) throws IOException {
    Path mark = Path.of(file + ".aevum");
    if (!Files.exists(mark)) {
      return "";
    }
    Matcher matcher = MARK.matcher(Files.readString(mark));
    assertThat(matcher.matches()).as("mark of " + file).isTrue();
    byte[] bytes = Files.readAllBytes(file);
    int length = Integer.parseInt(matcher.group(1));
    assertThat(bytes.length).isGreaterThanOrEqualTo(length);
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }

  private static List<Long> numbers(String csv) {
    return csv.lines()
        .skip(1)
        .map(line -> Long.parseLong(line.substring(0, line.indexOf(','))))
        .toList();
  }

  /// Each change in order: an insert of a key that has a row, or a delete of another row than the
  /// one there is, is a failure.
  private static TreeMap<Long, Long> folded(String changes) {
    Map<String, Long> weights = new TreeMap<>();
    for (String line : Arrays.asList(changes.split("\n"))) {
      if (line.isEmpty()) {
        continue;
      }
      Matcher matcher = CHANGE.matcher(line);
      assertThat(matcher.matches()).as(line).isTrue();
      weights.merge(
          matcher.group(2) + " " + matcher.group(3),
          matcher.group(1).equals("insert") ? 1L : -1L,
          Long::sum);
    }
    TreeMap<Long, Long> counts = new TreeMap<>();
    weights.forEach((row, weight) -> {
      if (weight != 0) {
        assertThat(weight).as(row).isEqualTo(1);
        String[] parts = row.split(" ");
        assertThat(counts.put(Long.valueOf(parts[0]), Long.valueOf(parts[1])))
            .as("rows of key " + parts[0])
            .isNull();
      }
    });
    return counts;
  }
}
