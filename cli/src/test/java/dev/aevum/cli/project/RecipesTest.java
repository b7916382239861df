package dev.aevum.cli.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aevum.engine.runtime.DatabaseConfig;
import java.time.InstantSource;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Pages whose examples give what they show: each `sql` block is run, and a `result` block is what
/// psql prints for the last statement of the block before it.
class RecipesTest {
  private static final Pattern BLOCK =
      Pattern.compile("^```(\\w+)\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

  @ParameterizedTest
  @CsvSource({
    "docs/recipes/patterns.md, 9",
    "docs/recipes/anomalies.md, 9",
    "docs/recipes/models.md, 5",
    "docs/recipes/forecasts.md, 2",
    "docs/recipes/statistics.md, 5",
    "docs/reference/match-recognize.md, 4"
  })
  void examplesGiveTheResultsTheyShow(String page, int results) {
    DatabaseConfig config =
        new DatabaseConfig(null, 2, 1L << 30, InstantSource.system(), System::nanoTime, 1);
    int compared = 0;
    try (PrintingSession session = new PrintingSession(config)) {
      Matcher matcher = BLOCK.matcher(ProjectFiles.read(page));
      String last = "";
      while (matcher.find()) {
        switch (matcher.group(1)) {
          case "sql" -> {
            session.run(matcher.group(2));
            last = session.last(matcher.group(2));
          }
          case "result" -> {
            assertThat(session.print(last)).as(last).isEqualTo(matcher.group(2));
            compared++;
          }
          case "text" -> {}
          default -> throw new AssertionError("a block of kind \"" + matcher.group(1) + "\"");
        }
      }
    }
    assertThat(compared).as("results of " + page).isEqualTo(results);
  }
}
