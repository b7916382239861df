package dev.aevum.executor.forecast;

import static dev.aevum.model.batch.Memory.DOUBLE;
import static dev.aevum.model.batch.Memory.FLOAT;
import static dev.aevum.model.batch.Memory.INT;
import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.executor.forecast.Setting.Kind;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Models of fixed settings ([Setting]), all of which learn every row. Each is judged by its
/// absolute error over whole past horizons, discounted; a forecast is the weighted mean of the best
/// three.
///
/// Block: `[short period i32][long period i32][steps i64][1 when a value was not positive i64]`,
/// per model `[level, trend, error, products, squares, loss, charge f64]`, the regressions, the
/// seasons, and the forecasts under judgement: per slot `[1 + row i64][value f64]` and the horizon
/// of each model as f32 differences to that value. A flyweight; one thread.
final class Bank {
  private static final int LONG_PERIOD = 4;
  private static final int STEPS = 8;
  private static final int NOT_POSITIVE = 16;
  private static final int MODELS = 24;
  private static final int MODEL = 56;
  private static final int TREND = 8;
  private static final int ERROR = 16;
  private static final int PRODUCTS = 24;
  private static final int SQUARES = 32;
  private static final int LOSS = 40;
  private static final int CHARGE = 48;
  private static final int SLOT = 16;

  /// Forecasts are judged from so many rows in a horizon.
  private static final int ORIGINS = 4;

  private static final int TAKEN = 3;

  /// A model that is worse than the best by more is not taken beside it.
  private static final double TOLERABLE = 1.3;

  /// A model that was judged for less than this share of the others' rows is not chosen.
  private static final double LEAST_CHARGE = 0.1;

  private static final double ERRORS_KEPT = 0.99;
  private static final double MOST_LASTING = 0.98;

  /// The largest logarithm of a forecast.
  private static final double LARGEST = 300;

  private final ForecastOptions options;
  private final History history;
  private final Setting[] settings;
  private final long[] seasonOf;
  private final Autoregression[] regressions;
  private final double[][] damped;
  private final int stride;
  private final int slots;
  private final long regressed;
  private final long judged;
  private final int slotWidth;
  private MemorySegment block = MemorySegment.NULL;
  private long base;
  private final int[] best = new int[TAKEN];
  private final double[] weights = new double[TAKEN];
  private final double[] said;
  private final double[] errors;
  private int taken;

  Bank(ForecastOptions options, History history) {
    this.options = options;
    this.history = history;
    this.settings = Setting.of(options);
    this.seasonOf = new long[settings.length];
    this.regressions = new Autoregression[settings.length];
    this.damped = new double[settings.length][];
    this.regressed = MODELS + (long) MODEL * settings.length;
    int horizon = options.horizon();
    long at = regressed + (long) Autoregression.WIDTH * Setting.regressions(settings);
    for (int m = 0; m < settings.length; m++) {
      Setting s = settings[m];
      damped[m] = s.dampedSums(horizon);
      if (s.kind() == Kind.REGRESSION) {
        regressions[m] =
            new Autoregression(history, horizon, s.logarithmic(), options.forgetting());
      }
      seasonOf[m] = at;
      at += s.hasSeason() ? 8L * options.seasonCells(s.longGain() > 0) : 0;
    }
    this.stride = Math.max(1, horizon / ORIGINS);
    this.slots = (horizon + stride - 1) / stride + 1;
    this.judged = at;
    this.slotWidth = (SLOT + 4 * horizon * settings.length + 7) / 8 * 8;
    this.said = new double[horizon];
    this.errors = new double[settings.length];
  }

  static String[] names() {
    return Setting.names();
  }

  int width() {
    return Math.toIntExact(judged) + slots * slotWidth;
  }

  void open(MemorySegment opened, long at) {
    block = opened;
    base = at;
    openRegressions();
  }

  private void openRegressions() {
    long at = base + regressed;
    for (Autoregression regression : regressions) {
      if (regression != null) {
        regression.open(block, at, shortPeriod(), longPeriod());
        at += Autoregression.WIDTH;
      }
    }
  }

  private int shortPeriod() {
    return block.get(INT, base);
  }

  private int longPeriod() {
    return block.get(INT, base + LONG_PERIOD);
  }

  /// Rows after which all seasons repeat, 0: there is none.
  int period() {
    return Math.max(shortPeriod(), longPeriod());
  }

  boolean hasPeriods(int shorter, int longer) {
    return shortPeriod() == shorter && longPeriod() == longer;
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

  /// The period of the longest season that the model has.
  private int periodOf(Setting setting) {
    return setting.longGain() > 0 ? longPeriod() : setting.shortGain() > 0 ? shortPeriod() : 0;
  }

  private long shortCell(int model, long step) {
    return base + seasonOf[model] + 8 * (step % shortPeriod());
  }

  private long longCell(int model, long step) {
    return base + seasonOf[model] + 8 * (shortPeriod() + step % longPeriod());
  }

  private double season(int model, long step) {
    Setting s = settings[model];
    return (s.shortGain() > 0 ? block.get(DOUBLE, shortCell(model, step)) : 0)
        + (s.longGain() > 0 ? block.get(DOUBLE, longCell(model, step)) : 0);
  }

  /// Whether the series allows the model to run.
  private boolean isPossible(int model) {
    Setting s = settings[model];
    return (!s.logarithmic() || block.get(LONG, base + NOT_POSITIVE) == 0)
        && (!s.isSeasonal() || periodOf(s) > 1);
  }

  /// Whether the model can say anything: seasonal ones need a whole season behind them.
  private boolean isUsable(int model) {
    return isPossible(model)
        && steps() >= periodOf(settings[model])
        && (regressions[model] == null || regressions[model].isUsable());
  }

  private double scaleOf(Setting setting, double x) {
    return setting.logarithmic() ? Math.log(x) : x;
  }

  /// Begins anew with seasons (0: none), from the rows `first` to before `end` of the history.
  void restart(int shorter, int longer, long first, long end) {
    block.asSlice(base, width()).fill((byte) 0);
    block.set(INT, base, shorter);
    block.set(INT, base + LONG_PERIOD, longer);
    for (long row = first; row < end; row++) {
      notice(history.get(row));
    }
    openRegressions();
    for (int m = 0; m < settings.length; m++) {
      if (!isPossible(m)) {
        continue;
      }
      if (regressions[m] != null) {
        regressions[m].begin();
      } else {
        begin(m, first, Math.min(end, first + Math.max(1, periodOf(settings[m]))));
      }
    }
    for (long row = first; row < end; row++) {
      judge(row, history.get(row));
      learn(row, history.get(row), first);
    }
  }

  /// The level is the mean of the first season, the short season what its steps differ from that,
  /// the long one what is left.
  private void begin(int m, long first, long end) {
    Setting s = settings[m];
    double mean = 0;
    for (long row = first; row < end; row++) {
      mean += scaleOf(s, history.get(row)) / (end - first);
    }
    set(m, 0, mean);
    if (!s.hasSeason()) {
      return;
    }
    int rows = (int) (end - first);
    for (int i = 0; i < rows; i++) {
      long cell = shortCell(m, i);
      int same = (rows - 1 - i % shortPeriod()) / shortPeriod() + 1;
      double deviation = scaleOf(s, history.get(first + i)) - mean;
      block.set(DOUBLE, cell, block.get(DOUBLE, cell) + deviation / same);
    }
    for (int i = 0; s.longGain() > 0 && i < rows; i++) {
      double deviation = scaleOf(s, history.get(first + i)) - mean;
      block.set(DOUBLE, longCell(m, i), deviation - block.get(DOUBLE, shortCell(m, i)));
    }
  }

  private void notice(double x) {
    if (x <= 0) {
      block.set(LONG, base + NOT_POSITIVE, 1);
    }
  }

  /// What the model says of the steps after `row`, the last one learned.
  private void say(int model, long row, double[] out) {
    Setting setting = settings[model];
    switch (setting.kind()) {
      case REGRESSION -> regressions[model].forecast(row, out, out.length);
      case SEASONAL_NAIVE -> {
        int period = periodOf(setting);
        for (int k = 0; k < out.length; k++) {
          out[k] = history.get(row - period + 1 + k % period);
        }
      }
      case SMOOTHING -> extrapolate(model, out);
    }
  }

  private void extrapolate(int model, double[] out) {
    Setting setting = settings[model];
    double level = get(model, 0);
    double trend = get(model, TREND);
    double lasting = setting.hasSeason() ? lasting(model) : 0;
    double error = get(model, ERROR);
    long steps = steps();
    for (int k = 1; k <= out.length; k++) {
      double value = level + damped[model][k] * trend;
      if (setting.hasSeason()) {
        error *= lasting;
        value += season(model, steps + k - 1) + error;
      }
      out[k - 1] = setting.logarithmic() ? Math.exp(Math.min(value, LARGEST)) : value;
    }
  }

  /// What is left of an error a step later.
  private double lasting(int model) {
    double squares = get(model, SQUARES);
    return squares > 0 ? Math.clamp(get(model, PRODUCTS) / squares, 0, MOST_LASTING) : 0;
  }

  /// Holds the row's value against what was said of it before.
  void judge(long row, double x) {
    double kept = options.judgementsKept();
    for (int slot = 0; slot < slots; slot++) {
      long at = base + judged + (long) slot * slotWidth;
      long ahead = row + 1 - block.get(LONG, at);
      if (block.get(LONG, at) == 0 || ahead < 1 || ahead > options.horizon()) {
        continue;
      }
      charge(at, (int) ahead, x, kept);
    }
  }

  /// Models are charged beside the first one, which can always say something.
  private void charge(long at, int ahead, double x, double kept) {
    double difference = x - block.get(DOUBLE, at + 8);
    for (int m = 0; m < settings.length; m++) {
      errors[m] = Math.abs(difference - block.get(FLOAT, forecastAt(at, m, ahead)));
    }
    double usual = Double.isNaN(errors[0]) ? 0 : errors[0];
    for (int m = 0; m < settings.length; m++) {
      boolean known = !Double.isNaN(errors[m]);
      set(m, LOSS, kept * get(m, LOSS) + (known ? errors[m] : 0));
      set(m, CHARGE, kept * get(m, CHARGE) + (known ? usual : 0));
    }
  }

  private long forecastAt(long slot, int model, int ahead) {
    return slot + SLOT + 4L * (model * options.horizon() + ahead - 1);
  }

  /// Every model learns the row, whose value the history has; where it is a missing one, each takes
  /// its own forecast for it.
  void learn(long row, double x) {
    notice(x);
    learn(row, x, Math.max(0, row - history.capacity() + 1));
  }

  private void learn(long row, double x, long first) {
    long step = steps();
    for (int m = 0; m < settings.length; m++) {
      if (!isPossible(m)) {
        continue;
      }
      if (regressions[m] != null) {
        if (!Double.isNaN(x)) {
          regressions[m].learn(row, x, first);
        }
      } else if (settings[m].kind() == Kind.SMOOTHING && step >= periodOf(settings[m])) {
        smooth(m, step, x);
      }
    }
    block.set(LONG, base + STEPS, step + 1);
    if (row % stride == 0) {
      keep(row);
    }
  }

  /// Early gains are those of a mean of what there was.
  private void smooth(int m, long step, double x) {
    Setting s = settings[m];
    double trend = s.damping() * get(m, TREND);
    double season = s.hasSeason() ? season(m, step) : 0;
    double error = Double.isNaN(x) ? 0 : scaleOf(s, x) - get(m, 0) - trend - season;
    double gain = s.hasSeason() ? s.alpha() : Math.max(s.alpha(), 1.0 / (step + 1));
    set(m, 0, get(m, 0) + trend + gain * error);
    set(m, TREND, trend + s.beta() * error);
    if (!s.hasSeason()) {
      return;
    }
    if (s.longGain() > 0) {
      long cell = longCell(m, step);
      double share = Math.max(s.longGain(), 0.7 / (1 + step / longPeriod()));
      block.set(DOUBLE, cell, block.get(DOUBLE, cell) + share * error);
    }
    long cell = shortCell(m, step);
    double share =
        s.longGain() > 0
            ? s.shortGain()
            : Math.max(s.shortGain(), 0.9 / (1 + step / shortPeriod()));
    block.set(DOUBLE, cell, block.get(DOUBLE, cell) + share * error);
    if (Double.isNaN(x)) {
      set(m, ERROR, lasting(m) * get(m, ERROR));
      return;
    }
    set(m, PRODUCTS, ERRORS_KEPT * get(m, PRODUCTS) + error * get(m, ERROR));
    set(m, SQUARES, ERRORS_KEPT * get(m, SQUARES) + error * error);
    set(m, ERROR, error);
  }

  /// Keeps what every model says after the row, to judge it.
  private void keep(long row) {
    long at = base + judged + row / stride % slots * slotWidth;
    double value = history.get(row);
    block.set(LONG, at, row + 1);
    block.set(DOUBLE, at + 8, value);
    for (int m = 0; m < settings.length; m++) {
      boolean usable = isUsable(m);
      if (usable) {
        say(m, row, said);
      }
      for (int k = 1; k <= options.horizon(); k++) {
        double difference = Math.clamp(said[k - 1] - value, -Float.MAX_VALUE, Float.MAX_VALUE);
        block.set(FLOAT, forecastAt(at, m, k), usable ? (float) difference : Float.NaN);
      }
    }
  }

  /// The error as a share of the first model's on the same rows.
  private double ratio(int model) {
    double charge = get(model, CHARGE);
    double loss = get(model, LOSS);
    return charge > 0 ? loss / charge : loss > 0 ? Double.MAX_VALUE : 1;
  }

  /// Chooses the models to forecast with.
  private void choose() {
    taken = 0;
    for (int m = 0; m < settings.length; m++) {
      if (!isUsable(m) || m > 0 && get(m, CHARGE) < LEAST_CHARGE * get(0, CHARGE)) {
        continue;
      }
      int place = Math.min(taken, TAKEN - 1);
      double ratio = ratio(m);
      if (taken == TAKEN && ratio >= ratio(best[place])) {
        continue;
      }
      taken = Math.min(TAKEN, taken + 1);
      for (; place > 0 && ratio < ratio(best[place - 1]); place--) {
        best[place] = best[place - 1];
      }
      best[place] = m;
    }
    double least = taken == 0 ? 0 : ratio(best[0]);
    while (taken > 1 && ratio(best[taken - 1]) > TOLERABLE * least) {
      taken--;
    }
    double sum = 0;
    for (int i = 0; i < taken; i++) {
      double ratio = least == 0 ? 1 : least / ratio(best[i]);
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
      say(best[i], row, said);
      for (int k = 0; k < out.length; k++) {
        out[k] += weights[i] * said[k];
      }
    }
    for (int k = 0; k < out.length; k++) {
      out[k] = Math.clamp(out[k], options.minimum(), options.maximum());
    }
    return settings[best[0]].name();
  }
}
