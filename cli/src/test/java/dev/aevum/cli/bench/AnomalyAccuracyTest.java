package dev.aevum.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The general detector with its defaults on the labelled series, through SQL: not below the bars,
/// and not more than a point below the committed figures (`benchmarks/nab/scores.csv`).
class AnomalyAccuracyTest {
  private static final double MOST_LOST = 1;

  private static Path folder() {
    Path here = Path.of("").toAbsolutePath();
    while (here != null && !Files.exists(here.resolve("benchmarks/nab"))) {
      here = here.getParent();
    }
    return java.util.Objects.requireNonNull(here).resolve("benchmarks/nab");
  }

  private static Map<String, Double> committed(Path file) throws IOException {
    Map<String, Double> figures = new HashMap<>();
    List<String> lines = Files.readAllLines(file);
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split(",");
      figures.put(cells[0], Double.parseDouble(cells[1]));
    }
    return figures;
  }

  @Test
  void theGeneralDetectorHoldsItsFigures() throws IOException {
    StringWriter table = new StringWriter();
    NabCommand.Scores scores =
        NabCommand.measure(folder(), "anomaly", "", false, new PrintWriter(table));
    System.out.println(table);
    Map<String, Double> bars =
        Map.of("standard", 60.0, "reward_low_FP", 54.0, "reward_low_FN", 64.0);
    Map<String, Double> committed = committed(folder().resolve("scores.csv"));
    assertThat(committed.keySet()).containsAll(bars.keySet()).contains("best");
    bars.forEach((profile, bar) -> {
      double score = java.util.Objects.requireNonNull(scores.alerts().get(profile));
      assertThat(score).as(profile).isGreaterThanOrEqualTo(bar);
      assertThat(score)
          .as("%s against the committed figure", profile)
          .isGreaterThanOrEqualTo(committed.get(profile) - MOST_LOST);
    });
    double standard = java.util.Objects.requireNonNull(scores.alerts().get("standard"));
    assertThat(scores.bestScore()).isGreaterThanOrEqualTo(62);
    assertThat(scores.bestScore() - standard).isLessThanOrEqualTo(4);
    assertThat(scores.quietAlerts()).isLessThanOrEqualTo(2);
  }
}
