package dev.aevum.executor.forecast;

import static dev.aevum.model.batch.Memory.DOUBLE;
import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.executor.sequence.SequenceModel;
import dev.aevum.model.batch.ColumnWriter;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// A forecast whose rows lie on a grid of equal steps of event time: the rows of a step are one
/// value, and a step without rows is a missing value. Steps that divide a day begin at midnight
/// UTC; others are counted from the midnight before the key's first row.
///
/// The step of the latest row is still open: every row gives the forecasts that would follow if it
/// were the last one of its step, from a copy of the model; the model itself learns a step when a
/// row of a later one comes.
///
/// Block: `[origin i64][1 + open step i64][values of it i64][their sum or last f64][rows of it
/// i64]`, then the [Forecast]'s.
final class GridForecast implements SequenceModel {
  private static final int STEP = 8;
  private static final int ROWS = 16;
  private static final int VALUE = 24;
  private static final int SEEN = 32;
  private static final int HEADER = 40;
  private static final long DAY = 86_400_000_000L;

  /// Steps without rows that are filled one by one; of more, whole seasons are left out.
  private static final long FILLED = 10_000;

  /// How the rows of one step become its value.
  enum Combine {
    AVG,
    SUM,
    LAST
  }

  private final long step;
  private final Combine combine;
  private final Forecast forecast;
  private final @Nullable ColumnWriter[] nobody;
  private final double[] value = new double[1];
  private final MemorySegment copy;
  private MemorySegment block = MemorySegment.NULL;
  private long base;
  private int tier;

  /// @param step microseconds
  GridForecast(ForecastOptions options, long step, Combine combine) {
    this.step = step;
    this.combine = combine;
    this.forecast = new Forecast(options);
    this.nobody = new ColumnWriter[Forecast.COLUMNS.size()];
    int[] widths = forecast.widths();
    this.copy = MemorySegment.ofArray(new byte[widths[widths.length - 1]]);
  }

  @Override
  public int[] widths() {
    int[] widths = forecast.widths();
    for (int i = 0; i < widths.length; i++) {
      widths[i] += HEADER;
    }
    return widths;
  }

  @Override
  public void open(MemorySegment opened, long at, int openedTier) {
    block = opened;
    base = at;
    tier = openedTier;
    forecast.open(opened, at + HEADER, openedTier);
  }

  @Override
  public void begin(long keyHash) {
    forecast.begin(keyHash);
  }

  @Override
  public boolean isFull() {
    return forecast.isFull();
  }

  @Override
  public void moveFrom(SequenceModel smaller) {
    GridForecast from = (GridForecast) smaller;
    MemorySegment.copy(from.block, from.base, block, base, HEADER);
    forecast.moveFrom(from.forecast);
  }

  @Override
  public long learned() {
    return forecast.learned();
  }

  private long get(int at) {
    return block.get(LONG, base + at);
  }

  private void set(int at, long to) {
    block.set(LONG, base + at, to);
  }

  @Override
  public void fold(long time, double[] arguments, @Nullable ColumnWriter[] out) {
    if (get(STEP) == 0 && DAY % step != 0) {
      set(0, Math.floorDiv(time, DAY) * DAY);
    }
    long number = Math.floorDiv(time - get(0), step);
    if (get(STEP) != 0 && number >= get(STEP)) {
      close(number);
    }
    set(STEP, number + 1);
    set(SEEN, get(SEEN) + 1);
    if (!Double.isNaN(arguments[0])) {
      take(arguments[0]);
    }
    peek(out);
  }

  private void take(double x) {
    double before = block.get(DOUBLE, base + VALUE);
    block.set(DOUBLE, base + VALUE, combine == Combine.LAST ? x : before + x);
    set(ROWS, get(ROWS) + 1);
  }

  /// The value of the open step; NaN where no row had one.
  private double present() {
    long rows = get(ROWS);
    double sum = block.get(DOUBLE, base + VALUE);
    return rows == 0 ? Double.NaN : combine == Combine.AVG ? sum / rows : sum;
  }

  private long start(long number) {
    return get(0) + number * step;
  }

  /// Learns the open step and the ones without rows before step `next`.
  private void close(long next) {
    long open = get(STEP) - 1;
    value[0] = present();
    forecast.fold(start(open), value, nobody);
    set(ROWS, 0);
    set(SEEN, 0);
    block.set(DOUBLE, base + VALUE, 0);
    long missing = next - open - 1;
    if (missing > FILLED) {
      missing = FILLED + (missing - FILLED) % Math.max(1, forecast.period());
    }
    value[0] = Double.NaN;
    for (long i = 0; i < missing; i++) {
      forecast.fold(start(open + 1 + i), value, nobody);
    }
  }

  /// Learns the open step in a copy.
  private void peek(@Nullable ColumnWriter[] out) {
    long made = start(get(STEP) - 1);
    forecast.stepRows((int) Math.min(get(SEEN), Integer.MAX_VALUE));
    if (tier == 0) {
      forecast.saysNothing(made, out);
      return;
    }
    MemorySegment.copy(block, base + HEADER, copy, 0, copy.byteSize());
    forecast.open(copy, 0, tier);
    value[0] = present();
    forecast.fold(made, value, out);
    forecast.open(block, base + HEADER, tier);
  }
}
