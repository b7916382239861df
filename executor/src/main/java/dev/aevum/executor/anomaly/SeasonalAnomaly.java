package dev.aevum.executor.anomaly;

import static dev.aevum.model.batch.Memory.DOUBLE;
import static dev.aevum.model.batch.Memory.INT;
import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.executor.forecast.Forecast;
import dev.aevum.executor.sequence.SequenceModel;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.text.JsonbText;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Deviation from what the rows before let expect of the next one: the forecast of one step
/// ([Forecast], seasons included) and the rarity of its error among all past errors. `raw` is the
/// error in root mean squares of the past ones.
///
/// A missing value is a step that the forecast fills; it is not scored.
///
/// Block: `[version i32][pad i32][seed i64][errors i64][scale f64][squares f64]`, in tier 1
/// `[episodes][errors]`, then the forecast.
public final class SeasonalAnomaly implements SequenceModel {
  static final double DEFAULT_THRESHOLD = 3;

  private static final int VERSION = 1;
  private static final int SEED = 8;
  private static final int ERRORS = 16;
  private static final int SCALE = 24;
  private static final int SQUARES = 32;
  private static final int HEADER = 40;
  private static final int PAST = HEADER + Episodes.WIDTH;
  private static final int FORECAST = PAST + TailMemory.width(TailMemory.SAMPLE, TailMemory.SAMPLE);

  private final DetectorOptions options;
  private final Forecast forecast;
  private final Episodes episodes;
  private final TailMemory errors = new TailMemory(TailMemory.SAMPLE);
  private final AnomalyResult result = new AnomalyResult();
  private final @Nullable ColumnWriter[] nowhere = new ColumnWriter[Forecast.COLUMNS.size()];
  private final double[] bounded = new double[1];
  private MemorySegment block = MemorySegment.NULL;
  private long base;
  private int tier;

  SeasonalAnomaly(DetectorOptions options, Forecast oneStep) {
    this.options = options;
    this.forecast = oneStep;
    this.episodes = new Episodes(options);
  }

  @Override
  public int[] widths() {
    int[] widths = forecast.widths();
    return new int[] {HEADER + widths[0], FORECAST + widths[1]};
  }

  @Override
  public void open(MemorySegment opened, long at, int openedTier) {
    block = opened;
    base = at;
    tier = openedTier;
    if (openedTier == 0) {
      forecast.open(opened, at + HEADER, 0);
    } else {
      episodes.open(opened, at + HEADER);
      errors.open(opened, at + PAST, TailMemory.SAMPLE);
      forecast.open(opened, at + FORECAST, 1);
    }
  }

  @Override
  public void begin(long keyHash) {
    block.set(INT, base, VERSION);
    block.set(LONG, base + SEED, Randomness.mix(keyHash * 0x9E3779B97F4A7C15L + options.seed()));
    forecast.begin(keyHash);
  }

  @Override
  public boolean isFull() {
    return forecast.isFull();
  }

  @Override
  public void moveFrom(SequenceModel smaller) {
    SeasonalAnomaly from = (SeasonalAnomaly) smaller;
    MemorySegment.copy(from.block, from.base, block, base, HEADER);
    errors.seed(block.get(LONG, base + SEED));
    forecast.moveFrom(from.forecast);
  }

  @Override
  public long learned() {
    return forecast.learned();
  }

  @Override
  public void fold(long time, double[] arguments, @Nullable ColumnWriter[] out) {
    double x = arguments[0];
    long learned = learned();
    boolean warming = learned < options.warmup();
    result.clear(tier > 0 && episodes.isInEpisode(), warming);
    double expected = tier == 0 || Double.isNaN(x) ? Double.NaN : forecast.next();
    boolean known = !Double.isNaN(expected);
    double error = Math.clamp(x - expected, -Double.MAX_VALUE, Double.MAX_VALUE);
    boolean judged = known && !warming && errors.count() > 0;
    if (judged) {
      judge(x, error, expected, time, learned);
    }
    result.append(out);
    ColumnWriter explanation = out[7];
    if (explanation != null && judged) {
      JsonbText.append(explanation(error, learned), explanation);
    } else if (explanation != null) {
      explanation.appendNull();
    }
    if (known) {
      learn(error);
    }
    // Far outside, the forecast learns the end of the range: else it would expect the same again a
    // season later.
    bounded[0] = judged ? Math.clamp(x, result.lower, result.upper) : x;
    forecast.fold(time, bounded, nowhere);
  }

  private void judge(double x, double error, double expected, long time, long learned) {
    result.score = Math.min(errors.rarity(error, options.direction()), AnomalyResult.MAXIMAL_SCORE);
    result.expected = expected;
    double tail = Math.pow(10, -options.threshold()) / 2;
    double beyond = Math.max(0, options.threshold() - Math.log10(errors.count() + 1.0));
    double margin = tail * errors.count() < 0.5 ? 2 * beyond * errors.halfRange() : 0;
    result.lower = finite(expected + errors.lowerTail(tail) - margin);
    result.upper = finite(expected + errors.upperTail(tail) + margin);
    episodes.take(learned + 1, time, result.score, x, expected);
    result.isAnomaly = episodes.isAlert();
    result.inAnomaly = episodes.isInEpisode();
    result.direction = result.score == 0 ? 0 : (int) Math.signum(error);
  }

  private static double finite(double value) {
    return Math.clamp(value, -Double.MAX_VALUE, Double.MAX_VALUE);
  }

  /// Squares are kept in units of the largest error, so that they stay finite.
  private void learn(double error) {
    double scale = block.get(DOUBLE, base + SCALE);
    double squares = block.get(DOUBLE, base + SQUARES);
    double size = Math.abs(error);
    if (size > scale) {
      double ratio = scale / size;
      block.set(DOUBLE, base + SCALE, size);
      block.set(DOUBLE, base + SQUARES, squares * ratio * ratio + 1);
    } else if (size > 0) {
      double ratio = size / scale;
      block.set(DOUBLE, base + SQUARES, squares + ratio * ratio);
    }
    errors.learn(error, options.halfLife());
    block.set(LONG, base + ERRORS, block.get(LONG, base + ERRORS) + 1);
  }

  private String explanation(double error, long learned) {
    long count = block.get(LONG, base + ERRORS);
    double usual =
        block.get(DOUBLE, base + SCALE)
            * Math.sqrt(block.get(DOUBLE, base + SQUARES) / Math.max(1, count));
    String raw = error == 0 ? "0" : usual > 0 ? Explanation.shown(error / usual) : "null";
    String period = forecast.period() > 1 ? Integer.toString(forecast.period()) : "null";
    return "{\"raw\": "
        + raw
        + ", \"period\": "
        + period
        + ", \"history\": "
        + learned
        + ", \"suppressed\": "
        + episodes.isSuppressed()
        + "}";
  }
}
