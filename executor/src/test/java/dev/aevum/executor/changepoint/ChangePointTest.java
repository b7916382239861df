package dev.aevum.executor.changepoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.aevum.executor.sequence.SequenceModel;
import dev.aevum.planner.plan.function.SequenceSignature;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChangePointTest {
  private record Change(
      long row, long began, double before, double after, double spreadAfter, int direction) {}

  /// Runs a model over values whose times are their row numbers, on blocks that grow as they must.
  private static final class Run {
    private final ChangePoint model;
    private final ChangePoint smaller;
    private int tier;
    private MemorySegment block;
    final List<Change> changes = new ArrayList<>();
    long row;
    double score;
    double largestScore;
    long runLength;

    Run(Map<String, Object> options) {
      model = create(options);
      smaller = create(options);
      block = MemorySegment.ofArray(new byte[model.widths()[0]]);
      model.open(block, 0, 0);
      model.begin(7);
    }

    private static ChangePoint create(Map<String, Object> options) {
      SequenceModel model = ChangePointFunctions.all().getFirst().factory().create(options, 1);
      return (ChangePoint) model;
    }

    void take(double x) {
      while (model.isFull()) {
        smaller.open(block, 0, tier++);
        block = MemorySegment.ofArray(new byte[model.widths()[tier]]);
        model.open(block, 0, tier);
        model.moveFrom(smaller);
      }
      ChangeResult result = model.take(row, x);
      score = result.score;
      runLength = result.runLength;
      largestScore = Double.isNaN(score) ? largestScore : Math.max(largestScore, score);
      if (result.isChange) {
        changes.add(
            new Change(
                row,
                result.changeAt,
                result.meanBefore,
                result.meanAfter,
                result.deviationAfter,
                result.direction));
      }
      row++;
    }

    void noise(RandomGenerator random, int rows, double mean, double deviation) {
      for (int i = 0; i < rows; i++) {
        take(mean + deviation * random.nextGaussian());
      }
    }
  }

  private static Map<String, Object> method(String name) {
    return Map.of("method", name);
  }

  @ParameterizedTest
  @CsvSource({"bocpd, 15, 196", "cusum, 15, 160", "adwin, 15, 190", "page_hinkley, 40, 0"})
  void findsShiftOfThreeDeviations(String method, int within, int leastClose) {
    int found = 0;
    int close = 0;
    int up = 0;
    for (int seed = 0; seed < 200; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Run run = new Run(method(method));
      run.noise(random, 200, 50, 2);
      int early = run.changes.size();
      run.noise(random, within, 56, 2);
      if (run.changes.size() > early) {
        found++;
        Change change = run.changes.get(early);
        close += Math.abs(change.began - 200) <= 5 ? 1 : 0;
        up += change.direction == 1 ? 1 : 0;
      }
    }
    assertThat(found).as(method).isGreaterThanOrEqualTo(190);
    assertThat(up).as(method).isGreaterThanOrEqualTo(found - 4);
    assertThat(close).as(method).isGreaterThanOrEqualTo(leastClose);
  }

  @ParameterizedTest
  @CsvSource({"bocpd, 1", "cusum, 2", "adwin, 5", "page_hinkley, 20"})
  void noiseIsNoChange(String method, int most) {
    int changes = 0;
    int runs = 10;
    for (int seed = 0; seed < runs; seed++) {
      Run run = new Run(method(method));
      run.noise(new SplittableRandom(1000 + seed), 10_000, -3, 0.5);
      changes += run.changes.size();
    }
    assertThat(changes / (double) runs).as(method).isLessThanOrEqualTo(most);
  }

  @Test
  void whatWasBeforeAndAfter() {
    SplittableRandom random = new SplittableRandom(3);
    Run run = new Run(Map.of());
    run.noise(random, 500, 1e9, 1);
    run.noise(random, 500, 1e9 + 20, 1);
    run.noise(random, 500, 1e9 + 20, 6);
    assertThat(run.changes).hasSize(2);
    Change shift = run.changes.get(0);
    assertThat(shift.began).isEqualTo(500);
    assertThat(shift.before).isCloseTo(1e9, within(0.2));
    assertThat(shift.after).isCloseTo(1e9 + 20, within(2.0));
    assertThat(shift.direction).isEqualTo(1);
    Change spread = run.changes.get(1);
    assertThat(spread.began).isBetween(990L, 1010L);
    assertThat(spread.before).isCloseTo(1e9 + 20, within(0.2));
    assertThat(spread.spreadAfter).isGreaterThan(2);
    assertThat(run.runLength).isBetween(490L, 510L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bocpd", "cusum"})
  void aLoneOutlierIsNoChange(String method) {
    int changes = 0;
    for (int seed = 0; seed < 50; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Run run = new Run(method(method));
      run.noise(random, 300, 0, 1);
      int early = run.changes.size();
      run.take(25);
      run.noise(random, 100, 0, 1);
      changes += run.changes.size() - early;
    }
    assertThat(changes).as(method).isLessThanOrEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bocpd", "cusum", "page_hinkley", "adwin"})
  void constantThenAnotherConstant(String method) {
    Run run = new Run(method(method));
    for (int i = 0; i < 100; i++) {
      run.take(7);
    }
    assertThat(run.changes).isEmpty();
    assertThat(run.score).isZero();
    for (int i = 0; i < 100; i++) {
      run.take(8);
    }
    assertThat(run.changes).hasSize(1);
    assertThat(run.changes.getFirst().began).isBetween(method.equals("adwin") ? 96L : 100L, 100L);
    assertThat(run.changes.getFirst().before).isCloseTo(7, within(1e-9));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bocpd", "cusum", "page_hinkley", "adwin"})
  void hugeValuesStayFinite(String method) {
    SplittableRandom random = new SplittableRandom(5);
    Run run = new Run(method(method));
    for (int i = 0; i < 200; i++) {
      run.take(random.nextBoolean() ? 1e308 : i % 3 == 0 ? -1e308 : random.nextGaussian());
      assertThat(Double.isInfinite(run.score)).isFalse();
      assertThat(Double.isNaN(run.score)).isEqualTo(i < 30);
    }
  }

  /// The bytes do not depend on how long a key stayed on a smaller block.
  @Test
  void stateIsBounded() {
    Run run = new Run(Map.of("max_runs", 40L));
    SplittableRandom random = new SplittableRandom(9);
    run.noise(random, 3000, 0, 1);
    run.noise(random, 12, 4, 1);
    assertThat(run.changes.getLast().began).isBetween(2995L, 3005L);
    assertThat(run.block.byteSize()).isLessThan(40 * 64 + 200);
  }

  @Test
  void everyOptionHasItsRange() {
    SequenceSignature signature = ChangePointFunctions.all().getFirst().signature();
    assertThat(signature.options()).allSatisfy(o -> assertThat(o.range()).isNotBlank());
  }
}
