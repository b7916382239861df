package dev.aevum.executor.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The modified z-score of a moving window is that of its values, sorted afresh for each row.
class MedianDeviationProperty {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void isThatOfTheWindow(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int window = 1 + random.nextInt(20);
    int distinct = random.nextBoolean() ? 5 : 1_000_000;
    Scales.MedianDeviation scale = new Scales.MedianDeviation(window);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment block = arena.allocate(scale.width(), 8);
      Deque<Double> last = new ArrayDeque<>();
      for (int row = 0; row < 2000; row++) {
        scale.open(block, 0);
        double x = random.nextInt(distinct) / 7.0 - 1;
        if (row > 0) {
          double median = median(last.stream().mapToDouble(v -> v).toArray());
          double spread = middle(last.stream().mapToDouble(v -> Math.abs(v - median)).toArray());
          assertThat(scale.expected()).as("seed %d, row %d", seed, row).isEqualTo(median);
          double z = Scales.distance(0.6745 * (x - median), spread);
          assertThat(scale.raw(x)).as("seed %d, row %d", seed, row).isEqualTo(z);
          assertThat(scale.value(2)).isEqualTo(median + 2 * spread / 0.6745);
        }
        scale.learn(x, row);
        last.addLast(x);
        if (last.size() > window) {
          last.removeFirst();
        }
      }
    }
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    int size = values.length;
    double low = values[(size - 1) / 2];
    return size % 2 == 1 ? low : low + 0.5 * (values[size / 2] - low);
  }

  private static double middle(double[] values) {
    Arrays.sort(values);
    return (values[(values.length - 1) / 2] + values[values.length / 2]) / 2;
  }
}
