package dev.aevum.executor.forecast;

import static dev.aevum.model.batch.Memory.DOUBLE;
import static dev.aevum.model.batch.Memory.INT;
import static dev.aevum.model.batch.Memory.LONG;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.stream.IntStream;

/// Exponential smoothing models of fixed settings (Hyndman and others 2008: the state-space forms,
/// in which a row is one error), all of which learn every row. Each is judged by its absolute error
/// over whole past horizons, discounted; a forecast is the weighted mean of the best three.
///
/// Block: `[period i32][pad i32][steps i64]`, per model `[level, trend, loss f64]`, the seasons,
/// and the forecasts under judgement: per slot `[1 + row i64]` and the horizon of each model. A
/// flyweight; one thread.
final class Bank {
  private static final int STEPS = 8;
  private static final int MODELS = 16;
  private static final int MODEL = 24;
  private static final int TREND = 8;
  private static final int LOSS = 16;

  /// Forecasts are judged from so many rows in a horizon.
  private static final int ORIGINS = 4;

  /// Horizons after which a loss counts for 1/e.
  private static final double MEMORY = 20;

  private static final int TAKEN = 3;

  /// A model that is worse than the best by more is not taken beside it.
  private static final double TOLERABLE = 1.3;

  private record Setting(
      String name, double alpha, double beta, double gamma, double damping, boolean seasonal) {
    boolean hasSeason() {
      return gamma > 0;
    }
  }

  private static final Setting[] ALL = {
    new Setting("naive", 1, 0, 0, 0, false),
    new Setting("seasonal_naive", 0, 0, 0, 0, true),
    new Setting("ses", 0.05, 0, 0, 0, false),
    new Setting("ses", 0.2, 0, 0, 0, false),
    new Setting("ses", 0.5, 0, 0, 0, false),
    new Setting("holt", 0.2, 0.02, 0, 0.98, false),
    new Setting("holt", 0.5, 0.05, 0, 0.95, false),
    new Setting("holt", 0.8, 0.3, 0, 0.9, false),
    new Setting("holt_winters", 0.02, 0.0005, 0.05, 0.99, true),
    new Setting("holt_winters", 0.1, 0.005, 0.1, 0.98, true),
    new Setting("holt_winters", 0.3, 0.02, 0.2, 0.95, true),
    new Setting("holt_winters", 0.6, 0.05, 0.1, 0.9, true),
  };

  private final ForecastOptions options;
  private final History history;
  private final Setting[] settings;
  private final int[] seasonOf;
  private final double[][] damped;
  private final int stride;
  private final int slots;
  private final long seasons;
  private final long judged;
  private final int slotWidth;
  private MemorySegment block = MemorySegment.NULL;
  private long base;
  private final int[] best = new int[TAKEN];
  private final double[] weights = new double[TAKEN];
  private int taken;

  Bank(ForecastOptions options, History history) {
    this.options = options;
    this.history = history;
    this.settings =
        Arrays.stream(ALL)
            .filter(s ->
                options.model().equals(ForecastOptions.AUTO) || s.name().equals(options.model()))
            .toArray(Setting[]::new);
    this.seasonOf = new int[settings.length];
    int count = 0;
    for (int m = 0; m < settings.length; m++) {
      seasonOf[m] = settings[m].hasSeason() ? count++ : -1;
    }
    int horizon = options.horizon();
    this.damped = new double[settings.length][horizon + 1];
    for (int m = 0; m < settings.length; m++) {
      double power = 1;
      for (int k = 1; k <= horizon; k++) {
        power *= settings[m].damping();
        damped[m][k] = damped[m][k - 1] + power;
      }
    }
    this.stride = Math.max(1, horizon / ORIGINS);
    this.slots = (horizon + stride - 1) / stride;
    this.seasons = MODELS + (long) MODEL * settings.length;
    this.judged = seasons + 8L * count * options.longestPeriod();
    this.slotWidth = 8 + 8 * horizon * settings.length;
  }

  static String[] names() {
    return IntStream.range(0, ALL.length)
        .mapToObj(i -> ALL[i].name())
        .distinct()
        .toArray(String[]::new);
  }

  int width() {
    return Math.toIntExact(judged) + slots * slotWidth;
  }

  void open(MemorySegment opened, long at) {
    block = opened;
    base = at;
  }

  int period() {
    return block.get(INT, base);
  }

  private long steps() {
    return block.get(LONG, base + STEPS);
  }

  private double get(int model, int field) {
    return block.get(DOUBLE, base + MODELS + (long) MODEL * model + field);
  }

  private void set(int model, int field, double value) {
    block.set(DOUBLE, base + MODELS + (long) MODEL * model + field, value);
  }

  private long season(int model, long step) {
    return base
        + seasons
        + 8 * (seasonOf[model] * (long) options.longestPeriod() + step % period());
  }

  /// Whether the model can say anything: seasonal ones need a season, and a whole one behind them.
  private boolean isUsable(int model) {
    return !settings[model].seasonal() || period() > 1 && steps() >= period();
  }

  /// Begins anew with a season (0: none), from the rows `first` to before `end` of the history.
  void restart(int period, long first, long end) {
    block.asSlice(base, width()).fill((byte) 0);
    block.set(INT, base, period);
    int whole = (int) Math.min(period, end - first);
    double mean = 0;
    for (int i = 0; i < whole; i++) {
      mean += history.get(first + i) / whole;
    }
    for (int m = 0; m < settings.length; m++) {
      set(m, 0, settings[m].hasSeason() ? mean : history.get(first));
      for (int i = 0; settings[m].hasSeason() && i < whole; i++) {
        block.set(DOUBLE, season(m, i), history.get(first + i) - mean);
      }
    }
    for (long row = first; row < end; row++) {
      judge(row, history.get(row));
      learn(row, history.get(row));
    }
  }

  /// What the model says of `ahead` >= 1 steps after `row`, the last one learned.
  private double forecast(int model, long row, int ahead) {
    Setting setting = settings[model];
    if (setting.seasonal() && !setting.hasSeason()) {
      return history.get(row - period() + 1 + (ahead - 1) % period());
    }
    double value = get(model, 0) + damped[model][ahead] * get(model, TREND);
    return setting.hasSeason()
        ? value + block.get(DOUBLE, season(model, steps() + ahead - 1))
        : value;
  }

  /// Holds the row's value against what was said of it before.
  void judge(long row, double x) {
    double kept = 1 - 1 / (MEMORY * options.horizon());
    for (int slot = 0; slot < slots; slot++) {
      long at = base + judged + (long) slot * slotWidth;
      long ahead = row + 1 - block.get(LONG, at);
      if (block.get(LONG, at) == 0 || ahead > options.horizon()) {
        continue;
      }
      charge(at + 8 * ahead, x, kept);
    }
  }

  /// A model that could say nothing is charged as the worst of those that could.
  private void charge(long forecasts, double x, double kept) {
    double worst = 0;
    for (int m = 0; m < settings.length; m++) {
      double error = Math.abs(x - said(forecasts, m));
      worst = Double.isNaN(error) ? worst : Math.max(worst, error);
    }
    for (int m = 0; m < settings.length; m++) {
      double error = Math.abs(x - said(forecasts, m));
      set(m, LOSS, kept * get(m, LOSS) + (Double.isNaN(error) ? worst : error));
    }
  }

  private double said(long forecasts, int model) {
    return block.get(DOUBLE, forecasts + 8L * model * options.horizon());
  }

  /// Every model learns the row, whose value the history has; where it is a missing one, each takes
  /// its own forecast for it.
  void learn(long row, double x) {
    long step = steps();
    for (int m = 0; m < settings.length; m++) {
      Setting setting = settings[m];
      boolean first = setting.hasSeason() && step < period();
      if (first || setting.seasonal() && !setting.hasSeason()) {
        continue;
      }
      if (setting.hasSeason() && period() == 0) {
        continue;
      }
      double trend = setting.damping() * get(m, TREND);
      double season = setting.hasSeason() ? block.get(DOUBLE, season(m, step)) : 0;
      double error = Double.isNaN(x) ? 0 : x - get(m, 0) - trend - season;
      set(m, 0, get(m, 0) + trend + setting.alpha() * error);
      set(m, TREND, trend + setting.beta() * error);
      if (setting.hasSeason()) {
        block.set(DOUBLE, season(m, step), season + setting.gamma() * error);
      }
    }
    block.set(LONG, base + STEPS, step + 1);
    if (row % stride == 0) {
      long at = base + judged + row / stride % slots * slotWidth;
      block.set(LONG, at, row + 1);
      for (int m = 0; m < settings.length; m++) {
        boolean usable = isUsable(m);
        for (int k = 1; k <= options.horizon(); k++) {
          double value = usable ? forecast(m, row, k) : Double.NaN;
          block.set(DOUBLE, at + 8 * ((long) m * options.horizon() + k), value);
        }
      }
    }
  }

  /// Chooses the models to forecast with.
  private void choose() {
    taken = 0;
    for (int m = 0; m < settings.length; m++) {
      if (!isUsable(m)) {
        continue;
      }
      int place = Math.min(taken, TAKEN - 1);
      if (taken == TAKEN && get(m, LOSS) >= get(best[place], LOSS)) {
        continue;
      }
      taken = Math.min(TAKEN, taken + 1);
      for (; place > 0 && get(m, LOSS) < get(best[place - 1], LOSS); place--) {
        best[place] = best[place - 1];
      }
      best[place] = m;
    }
    double least = taken == 0 ? 0 : get(best[0], LOSS);
    while (taken > 1 && get(best[taken - 1], LOSS) > TOLERABLE * least) {
      taken--;
    }
    double sum = 0;
    for (int i = 0; i < taken; i++) {
      double ratio = least == 0 ? 1 : least / get(best[i], LOSS);
      weights[i] = ratio * ratio;
      sum += weights[i];
    }
    for (int i = 0; i < taken; i++) {
      weights[i] /= sum;
    }
  }

  /// Writes the forecasts after `row` and gives the best model's name, or an empty text where none
  /// can say anything yet.
  String forecast(long row, double[] out) {
    choose();
    if (taken == 0) {
      return "";
    }
    Arrays.fill(out, 0);
    for (int i = 0; i < taken; i++) {
      for (int k = 1; k <= out.length; k++) {
        out[k - 1] += weights[i] * forecast(best[i], row, k);
      }
    }
    for (int k = 0; k < out.length; k++) {
      out[k] = Math.clamp(out[k], options.minimum(), options.maximum());
    }
    return settings[best[0]].name();
  }
}
