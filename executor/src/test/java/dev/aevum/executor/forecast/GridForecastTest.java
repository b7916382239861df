package dev.aevum.executor.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.aevum.executor.sequence.SequenceModel;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.codec.ArrayBytes;
import dev.aevum.model.type.IntervalValue;
import dev.aevum.model.type.SimpleType;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Rows on a grid: what a step is worth, and what the steps between say.
class GridForecastTest {
  private static final long HOUR = 3_600_000_000L;

  /// A model on blocks that grow, and its last forecast of one step ahead.
  private static final class Run implements AutoCloseable {
    private final Map<String, Object> options = new HashMap<>();
    private final RootAllocator allocator = new RootAllocator();
    private SequenceModel model;
    private MemorySegment block;
    private int tier;
    double next = Double.NaN;
    long made;

    Run(@Nullable String combine, @Nullable Long stepMicros, String kind) {
      options.put("horizon", 2L);
      options.put("model", kind);
      options.put("period", 4L);
      if (stepMicros != null) {
        options.put("step", new IntervalValue(0, 0, stepMicros));
      }
      if (combine != null) {
        options.put("combine", combine);
      }
      model = create();
      block = MemorySegment.ofArray(new byte[model.widths()[0]]);
      model.open(block, 0, 0);
      model.begin(1);
    }

    private SequenceModel create() {
      return ForecastFunctions.all().getFirst().factory().create(options, 1);
    }

    void take(long time, double x) {
      while (model.isFull()) {
        SequenceModel smaller = create();
        smaller.open(block, 0, tier++);
        block = MemorySegment.ofArray(new byte[model.widths()[tier]]);
        model.open(block, 0, tier);
        model.moveFrom(smaller);
      }
      @Nullable ColumnWriter[] out = new ColumnWriter[Forecast.COLUMNS.size()];
      try (ColumnWriter forecasts = new ColumnWriter(allocator, Forecast.COLUMNS.get(0).type(), 1);
          ColumnWriter time0 = new ColumnWriter(allocator, SimpleType.TIMESTAMPTZ, 1)) {
        out[0] = forecasts;
        out[6] = time0;
        model.fold(time, new double[] {x}, out);
        try (Column arrays = forecasts.finish();
            Column times = time0.finish()) {
          made = times.longAt(0);
          next =
              arrays.isNull(0)
                  ? Double.NaN
                  : arrays
                      .segmentAt(0)
                      .get(
                          java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED,
                          ArrayBytes.elementOffset(
                              arrays.segmentAt(0), arrays.offsetAt(0), SimpleType.DOUBLE, 0));
        }
      }
    }

    @Override
    public void close() {
      allocator.close();
    }
  }

  @Test
  void aRowAStepIsThePlainForecast() {
    try (Run grid = new Run(null, HOUR, "auto");
        Run plain = new Run(null, null, "auto")) {
      for (int i = 0; i < 200; i++) {
        double x = i % 4 * 10 + i * 0.1;
        grid.take(i * HOUR, x);
        plain.take(i * HOUR, x);
        if (i > 16) {
          assertThat(grid.next).as("row %d", i).isEqualTo(plain.next);
          assertThat(grid.made).isEqualTo(i * HOUR);
        }
      }
      assertThat(grid.next).isNotNaN();
    }
  }

  @Test
  void rowsOfAStepAreOneValue() {
    try (Run average = new Run("avg", HOUR, "naive");
        Run sum = new Run("sum", HOUR, "naive");
        Run last = new Run("last", HOUR, "naive")) {
      for (int i = 0; i < 60; i++) {
        for (Run run : new Run[] {average, sum, last}) {
          run.take(i * HOUR / 3, i % 3);
        }
      }
      assertThat(average.next).isCloseTo(1, within(1e-12));
      assertThat(sum.next).isCloseTo(3, within(1e-12));
      assertThat(last.next).isCloseTo(2, within(1e-12));
      assertThat(last.made).isEqualTo(19 * HOUR);
    }
  }

  @Test
  void stepsWithoutRowsKeepTheSeason() {
    try (Run run = new Run(null, HOUR, "seasonal_naive")) {
      for (int i = 0; i < 40; i++) {
        run.take(i * HOUR, i % 4);
      }
      run.take(42 * HOUR, 42 % 4);
      assertThat(run.next).isCloseTo(43 % 4, within(1e-12));
      long later = 1_000_000_001L;
      run.take(later * HOUR, later % 4);
      assertThat(run.next).as("after a very long gap").isCloseTo((later + 1) % 4, within(1e-12));
    }
  }

  @Test
  void aMissingValueIsAStepWithoutRows() {
    try (Run run = new Run(null, HOUR, "naive")) {
      for (int i = 0; i < 40; i++) {
        run.take(i * HOUR, i == 39 ? Double.NaN : 5);
      }
      assertThat(run.next).isCloseTo(5, within(1e-12));
      assertThat(run.made).isEqualTo(39 * HOUR);
    }
  }
}
