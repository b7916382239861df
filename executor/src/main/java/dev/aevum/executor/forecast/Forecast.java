package dev.aevum.executor.forecast;

import static dev.aevum.model.batch.Memory.DOUBLE;
import static dev.aevum.model.batch.Memory.INT;
import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.executor.sequence.SequenceModel;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.batch.Field;
import dev.aevum.model.codec.ArrayBytes;
import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.SimpleType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Forecasts of the next rows of a series, a row being a step. A missing value is a step for which
/// each model takes its own forecast; nothing is learned from it.
///
/// Block: `[version i32][pad i32][rows i64][values learned i64]`. Tier 0 keeps the first values as
/// they are; then `[history][bank][errors]` follow.
public final class Forecast implements SequenceModel {
  public static final List<Field> COLUMNS =
      List.of(
          new Field("forecast", new ArrayType(SimpleType.DOUBLE), true),
          new Field("lower", new ArrayType(SimpleType.DOUBLE), true),
          new Field("upper", new ArrayType(SimpleType.DOUBLE), true),
          new Field("model", SimpleType.TEXT, true),
          new Field("period", SimpleType.INTEGER, true),
          new Field("warming_up", SimpleType.BOOLEAN, false),
          new Field("made_at", SimpleType.TIMESTAMPTZ, true),
          new Field("step_rows", SimpleType.INTEGER, false));

  /// Values before the first forecast.
  static final int WARMUP = 16;

  /// Of the blocks, see [SequenceModel]: those of what is built on a forecast too.
  public static final int LAYOUT = 2;

  private static final int ROWS = 8;
  private static final int LEARNED = 16;
  private static final int HEADER = 24;

  /// Sums of squares of many values stay finite.
  private static final double LARGEST = 1e140;

  private static final int FIRST_SEARCH = 32;

  private final ForecastOptions options;
  private final History history;
  private final Bank bank;
  private final PastErrors errors;
  private final PeriodFinder periods;
  private final double[] forecasts;
  private final double[] bounds;
  private final byte[] array;
  private final MemorySegment arraySegment;
  private final int arrayBody;
  private MemorySegment block = MemorySegment.NULL;
  private long base;
  private int tier;
  private int stepRows = 1;

  /// Of the next row only.
  ///
  /// @param model name of the one to use, or `auto`
  /// @param period rows of a season, 0 for none, -1: found from the rows
  /// @param maxPeriod longest season looked for
  public static Forecast ofOneStep(String model, int period, int maxPeriod) {
    return new Forecast(
        new ForecastOptions(
            1,
            model,
            period,
            maxPeriod,
            0.95,
            Double.NEGATIVE_INFINITY,
            Double.POSITIVE_INFINITY,
            0));
  }

  /// The names of the models.
  public static List<String> models() {
    return List.of(Bank.names());
  }

  Forecast(ForecastOptions options) {
    this.options = options;
    this.history = new History(options.history());
    this.bank = new Bank(options, history);
    this.errors = new PastErrors(options.horizon(), options.confidence());
    this.periods = new PeriodFinder(history.capacity(), options.longestPeriod());
    this.forecasts = new double[options.horizon()];
    this.bounds = new double[options.horizon()];
    this.arrayBody = 5 + (options.horizon() + 7) / 8;
    this.array = new byte[arrayBody + 8 * options.horizon()];
    this.arraySegment = MemorySegment.ofArray(array);
    array[0] = ArrayBytes.VERSION;
    arraySegment.set(INT, 1, options.horizon());
  }

  @Override
  public int[] widths() {
    return new int[] {
      HEADER + 8 * WARMUP, HEADER + history.width() + bank.width() + errors.width()
    };
  }

  @Override
  public void open(MemorySegment opened, long at, int openedTier) {
    block = opened;
    base = at;
    tier = openedTier;
    if (tier > 0) {
      history.open(opened, at + HEADER);
      bank.open(opened, at + HEADER + history.width());
      errors.open(opened, at + HEADER + history.width() + bank.width());
    }
  }

  @Override
  public void begin(long keyHash) {
    block.set(INT, base, LAYOUT);
  }

  @Override
  public long learned() {
    return block.get(LONG, base + LEARNED);
  }

  private long rows() {
    return block.get(LONG, base + ROWS);
  }

  @Override
  public boolean isFull() {
    return tier == 0 && learned() == WARMUP;
  }

  @Override
  public void moveFrom(SequenceModel smaller) {
    Forecast from = (Forecast) smaller;
    MemorySegment.copy(from.block, from.base, block, base, HEADER);
    for (int i = 0; i < WARMUP; i++) {
      history.set(i, from.block.get(DOUBLE, from.base + HEADER + 8L * i));
    }
    bank.restart(Math.max(0, options.period()), 0, 0, WARMUP);
  }

  @Override
  public void fold(long time, double[] arguments, @Nullable ColumnWriter[] out) {
    double x = Math.clamp(arguments[0], -LARGEST, LARGEST);
    boolean missing = Double.isNaN(x);
    if (tier == 0) {
      if (!missing) {
        block.set(DOUBLE, base + HEADER + 8 * learned(), x);
        block.set(LONG, base + ROWS, rows() + 1);
        block.set(LONG, base + LEARNED, learned() + 1);
      }
      append(time, out, "");
      return;
    }
    long row = rows();
    if (missing) {
      boolean said = !bank.forecast(row - 1, forecasts).isEmpty();
      history.set(row, said ? forecasts[0] : history.get(row - 1));
    } else {
      errors.take(row, x);
      bank.judge(row, x);
      history.set(row, x);
      block.set(LONG, base + LEARNED, learned() + 1);
    }
    bank.learn(row, x);
    block.set(LONG, base + ROWS, row + 1);
    searchPeriod(row + 1);
    String model = bank.forecast(row, forecasts);
    if (!model.isEmpty()) {
      errors.given(row, forecasts);
    }
    append(time, out, model);
  }

  /// How many rows of its step the next one given stands for.
  void stepRows(int rows) {
    stepRows = rows;
  }

  /// Appends the results of a row after which nothing can be said.
  void saysNothing(long time, @Nullable ColumnWriter[] out) {
    append(time, out, "");
  }

  /// At 32, 64, 128 ... rows while the history fills, then each time it is all new. A given season
  /// is taken up after one and after two of it.
  private void searchPeriod(long rows) {
    int given = options.period();
    if (given > 1 && (rows == given || rows == 2L * given)) {
      bank.restart(given, 0, 0, rows);
    }
    int capacity = history.capacity();
    boolean due = rows < capacity ? rows >= FIRST_SEARCH && isRound(rows) : rows % capacity == 0;
    if (given != ForecastOptions.AUTOMATIC || !due) {
      return;
    }
    int count = (int) Math.min(rows, capacity);
    periods.find(history, rows - count, count, bank.period());
    if (!bank.hasPeriods(periods.shorter(), periods.longer())) {
      bank.restart(periods.shorter(), periods.longer(), rows - count, rows);
    }
  }

  /// A power of two, or one and a half times one.
  private static boolean isRound(long rows) {
    return Long.bitCount(rows) == 1 || rows % 3 == 0 && Long.bitCount(rows / 3) == 1;
  }

  private void append(long time, @Nullable ColumnWriter[] out, String model) {
    boolean known = !model.isEmpty();
    boolean bounded = known && errors.isKnown();
    array(out[0], known, forecasts);
    if (bounded && out[1] != null) {
      for (int k = 0; k < bounds.length; k++) {
        bounds[k] = clip(forecasts[k] + errors.low(k + 1));
      }
    }
    array(out[1], bounded, bounds);
    if (bounded && out[2] != null) {
      for (int k = 0; k < bounds.length; k++) {
        bounds[k] = clip(forecasts[k] + errors.high(k + 1));
      }
    }
    array(out[2], bounded, bounds);
    ColumnWriter name = out[3];
    if (name != null && known) {
      name.appendText(model);
    } else if (name != null) {
      name.appendNull();
    }
    ColumnWriter period = out[4];
    if (period != null && known && bank.period() > 1) {
      period.appendInt(bank.period());
    } else if (period != null) {
      period.appendNull();
    }
    ColumnWriter warming = out[5];
    if (warming != null) {
      warming.appendBoolean(!known);
    }
    ColumnWriter made = out[6];
    if (made != null) {
      made.appendLong(time);
    }
    ColumnWriter inStep = out[7];
    if (inStep != null) {
      inStep.appendInt(stepRows);
    }
  }

  private double clip(double value) {
    return Math.clamp(value, options.minimum(), options.maximum());
  }

  private void array(@Nullable ColumnWriter out, boolean known, double[] values) {
    if (out == null) {
      return;
    }
    if (!known) {
      out.appendNull();
      return;
    }
    for (int k = 0; k < values.length; k++) {
      arraySegment.set(DOUBLE, arrayBody + 8L * k, values[k]);
    }
    out.appendBytes(arraySegment, 0, array.length);
  }

  /// The forecasts after the row folded last, for tests of the algorithm.
  double[] forecasts() {
    return Arrays.copyOf(forecasts, forecasts.length);
  }

  PastErrors errors() {
    return errors;
  }

  /// What is expected of the next row, NaN while nothing is known.
  public double next() {
    return tier == 0 || bank.forecast(rows() - 1, forecasts).isEmpty() ? Double.NaN : forecasts[0];
  }

  /// Rows of the season that was found or given, 0 for none.
  public int period() {
    return tier == 0 ? 0 : bank.period();
  }
}
