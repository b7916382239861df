package dev.aevum.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// Detectors with their defaults on the labelled series, through SQL: not below the bars, and not
/// more than a point below the committed figures (`benchmarks/nab/scores.csv`).
class AnomalyAccuracyTest {
  private static Path folder() {
    Path here = Path.of("").toAbsolutePath();
    while (here != null && !Files.exists(here.resolve("benchmarks/nab"))) {
      here = here.getParent();
    }
    return Objects.requireNonNull(here).resolve("benchmarks/nab");
  }

  private static NabScores measured(String detector) throws IOException {
    NabScores scores = NabCommand.measure(folder(), detector);
    System.out.println(detector + " " + scores);
    NabScores committed = NabScores.read(folder().resolve("scores.csv")).get(detector);
    assertThat(committed).as("committed figures of " + detector).isNotNull();
    assertThat(scores.lostAgainst(Objects.requireNonNull(committed), NabCommand.TOLERANCE))
        .isEmpty();
    return scores;
  }

  @Test
  void theGeneralDetectorHoldsItsFigures() throws IOException {
    NabScores scores = measured("anomaly");
    assertThat(scores.standard()).isGreaterThanOrEqualTo(60);
    assertThat(scores.lowFp()).isGreaterThanOrEqualTo(54);
    assertThat(scores.lowFn()).isGreaterThanOrEqualTo(64);
    assertThat(scores.best()).isGreaterThanOrEqualTo(62);
    assertThat(scores.best() - scores.standard()).isLessThanOrEqualTo(4);
    assertThat(scores.quietAlerts()).isLessThanOrEqualTo(2);
  }

  @Test
  void theForestHoldsItsFigures() throws IOException {
    assertThat(measured("random_cut_forest").raw()).isGreaterThanOrEqualTo(50);
  }
}
