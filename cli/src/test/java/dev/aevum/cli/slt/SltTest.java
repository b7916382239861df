package dev.aevum.cli.slt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Every file of sql-tests in every mode. What is known to fail stands in
/// sql-tests/known-failures.txt with its reason; what stands there and passes is a failure too.
class SltTest {
  private static final Path ROOT = Path.of(System.getProperty("aevum.root", ".."), "sql-tests");

  @TestFactory
  Stream<DynamicTest> everyFileInEveryMode() throws IOException {
    List<KnownFailure> known = KnownFailure.read(ROOT.resolve("known-failures.txt"));
    List<Path> files = SltCommand.expand(List.of(ROOT));
    assertThat(files).isNotEmpty();
    assertThat(known)
        .allSatisfy(k -> assertThat(ROOT.resolve(k.file())).as("file of a known failure").exists());
    List<DynamicTest> tests = new ArrayList<>();
    for (Path file : files) {
      for (SltMode mode : SltMode.values()) {
        String name = ROOT.relativize(file).toString();
        tests.add(
            DynamicTest.dynamicTest(
                name + " " + mode.label(),
                () -> run(file, mode, known.stream().filter(k -> k.covers(name, mode)).toList())));
      }
    }
    return tests.stream();
  }

  private static void run(Path file, SltMode mode, List<KnownFailure> known) {
    List<SltResult> results = SltFile.runEmbedded(file, mode);
    List<String> unexpected = new ArrayList<>();
    List<KnownFailure> unused = new ArrayList<>(known);
    for (SltResult result : results) {
      if (result.failed()) {
        List<KnownFailure> covering = known.stream().filter(k -> k.describes(result)).toList();
        unused.removeAll(covering);
        if (covering.isEmpty()) {
          unexpected.add(SltCommand.describe(result));
        }
      }
    }
    assertThat(String.join("\n", unexpected)).as("failures").isEmpty();
    assertThat(unused).as("known failures that pass now: take them off the list").isEmpty();
    assertThat(results).as("records").anyMatch(r -> !r.skipped());
  }

  /// A line `FILE [MODE] | SQL | REASON`: the record whose SQL, with blanks squeezed, is this fails
  /// (in that mode only).
  private record KnownFailure(String file, String mode, String sql, String reason) {
    static List<KnownFailure> read(Path list) throws IOException {
      List<KnownFailure> known = new ArrayList<>();
      for (String line : Files.readAllLines(list)) {
        if (line.isBlank() || line.startsWith("#")) {
          continue;
        }
        int first = line.indexOf(" | ");
        int last = line.lastIndexOf(" | ");
        assertThat(last).as("FILE [MODE] | SQL | REASON: " + line).isGreaterThan(first);
        String[] where = line.substring(0, first).strip().split("\\s+", 2);
        known.add(
            new KnownFailure(
                where[0],
                where.length > 1 ? where[1] : "",
                squeezed(line.substring(first + 3, last)),
                line.substring(last + 3).strip()));
        assertThat(known.getLast().reason()).as("reason in " + line).isNotEmpty();
      }
      return known;
    }

    boolean covers(String name, SltMode in) {
      return file.equals(name) && (mode.isEmpty() || mode.equals(in.label()));
    }

    boolean describes(SltResult result) {
      return switch (result.record()) {
        case SltRecord.Statement s -> squeezed(s.sql()).equals(sql);
        case SltRecord.Query q -> squeezed(q.sql()).equals(sql);
        case SltRecord.Changes c -> ("changes " + c.view()).equals(sql);
        case SltRecord.Restart ignored -> false;
        case SltRecord.Advance ignored -> false;
        case SltRecord.HashThreshold ignored -> false;
        case SltRecord.Halt ignored -> false;
      };
    }

    private static String squeezed(String text) {
      return text.strip().replaceAll("\\s+", " ");
    }
  }
}
