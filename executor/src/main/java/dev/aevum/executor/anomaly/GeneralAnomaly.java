package dev.aevum.executor.anomaly;

import static dev.aevum.model.batch.Memory.DOUBLE;
import static dev.aevum.model.batch.Memory.INT;
import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.executor.sequence.SequenceModel;
import dev.aevum.model.batch.ColumnWriter;
import java.lang.foreign.MemorySegment;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The general detector: how rare is the value, the mean of the last 20 values, and the difference
/// to an exponential mean, each among all of its own past. The score is the mean of the three
/// rarities.
///
/// After a gap of more than ten usual steps the difference is not judged. NaN is a missing value:
/// no score, nothing learned.
///
/// Tier 0 keeps the first rows as they are (nothing is scored during the warm-up, and a key of a
/// few rows stays small); they are read into the channels when the block grows.
public final class GeneralAnomaly implements SequenceModel {
  static final double DEFAULT_THRESHOLD = 2.2;
  static final int DEFAULT_WARMUP = 30;

  private static final int VERSION = 1;
  private static final int MEAN_ROWS = 20;
  private static final double EMA_WEIGHT = 0.1;
  private static final double GAP_STEPS = 10;
  private static final int RAW_ROWS = 24;
  private static final int SMALL_SAMPLE = 128;

  private static final int LEARNED = 8;
  private static final int LAST_TIME = 16;
  private static final int USUAL_STEP = 24;
  private static final int EMA = 32;
  private static final int SEED = 40;
  private static final int HEADER = 48;
  private static final int EPISODES = HEADER + 8 * MEAN_ROWS;
  private static final int CHANNELS = EPISODES + Episodes.WIDTH;

  private static final int LEVEL = 0;
  private static final int MEAN = 1;
  private static final int CHANGE = 2;
  private static final String[] NAMES = {"level", "mean", "change"};

  private final DetectorOptions options;
  private final Episodes episodes;
  private final AnomalyResult result = new AnomalyResult();
  private final TailMemory[] channels = {
    new TailMemory(TailMemory.SAMPLE),
    new TailMemory(TailMemory.SAMPLE),
    new TailMemory(TailMemory.SAMPLE)
  };
  private final double[] values = new double[3];
  private final double[] rarities = new double[3];
  private final double[] argument = new double[1];
  private final @Nullable ColumnWriter[] nowhere = new ColumnWriter[AnomalyResult.COLUMNS.size()];
  private MemorySegment block = MemorySegment.NULL;
  private long base;
  private int tier;

  public GeneralAnomaly(DetectorOptions options) {
    this.options = options;
    this.episodes = new Episodes(options);
  }

  private static int capacity(int tier) {
    return tier == 1 ? SMALL_SAMPLE : TailMemory.SAMPLE;
  }

  private static int channelWidth(int tier) {
    return TailMemory.width(capacity(tier), TailMemory.SAMPLE);
  }

  @Override
  public int[] widths() {
    return new int[] {
      HEADER + 16 * RAW_ROWS, CHANNELS + 3 * channelWidth(1), CHANNELS + 3 * channelWidth(2)
    };
  }

  @Override
  public void open(MemorySegment block, long base, int tier) {
    this.block = block;
    this.base = base;
    this.tier = tier;
    if (tier == 0) {
      return;
    }
    episodes.open(block, base + EPISODES);
    for (int i = 0; i < channels.length; i++) {
      channels[i].open(block, base + CHANNELS + (long) i * channelWidth(tier), capacity(tier));
    }
  }

  @Override
  public void begin(long keyHash) {
    block.set(INT, base, VERSION);
    block.set(LONG, base + SEED, keyHash * 0x9E3779B97F4A7C15L + options.seed());
  }

  @Override
  public long learned() {
    return block.get(LONG, base + LEARNED);
  }

  @Override
  public boolean isFull() {
    return switch (tier) {
      case 0 -> learned() >= Math.min(RAW_ROWS, options.warmup());
      case 1 -> learned() >= SMALL_SAMPLE;
      default -> false;
    };
  }

  @Override
  public void moveFrom(SequenceModel smaller) {
    GeneralAnomaly from = (GeneralAnomaly) smaller;
    if (from.tier == 0) {
      begin(0);
      long seed = from.block.get(LONG, from.base + SEED);
      block.set(LONG, base + SEED, seed);
      for (int i = 0; i < channels.length; i++) {
        channels[i].seed(seed + i);
      }
      int rows = (int) from.learned();
      for (int i = 0; i < rows; i++) {
        long at = from.base + HEADER + 16L * i;
        argument[0] = from.block.get(DOUBLE, at + 8);
        fold(from.block.get(LONG, at), argument, nowhere);
      }
      return;
    }
    MemorySegment.copy(from.block, from.base, block, base, CHANNELS);
    for (int i = 0; i < channels.length; i++) {
      channels[i].copyFrom(from.channels[i]);
    }
  }

  @Override
  public void fold(long time, double[] arguments, @Nullable ColumnWriter[] out) {
    double x = arguments[0];
    long learned = learned();
    if (Double.isNaN(x) || tier == 0) {
      result.clear(tier > 0 && episodes.isInEpisode(), learned < options.warmup());
      result.append(out);
      appendNull(out[7]);
      if (!Double.isNaN(x)) {
        long at = base + HEADER + 16 * learned;
        block.set(LONG, at, time);
        block.set(DOUBLE, at + 8, x);
        block.set(LONG, base + LEARNED, learned + 1);
      }
      return;
    }
    boolean gap = measure(x, time, learned);
    judge(x, time, learned, gap, out);
    learn(x, time, learned, gap);
  }

  private static void appendNull(@Nullable ColumnWriter out) {
    if (out != null) {
      out.appendNull();
    }
  }

  /// The three channels' values. True: the row comes after a gap.
  private boolean measure(double x, long time, long learned) {
    int rows = (int) Math.min(learned, MEAN_ROWS - 1);
    // As differences from x: equal values have exactly that mean.
    double share = 1.0 / (rows + 1);
    double mean = x;
    for (int i = 1; i <= rows; i++) {
      mean += ring(learned - i) * share - x * share;
    }
    values[LEVEL] = x;
    values[MEAN] = mean;
    double change = learned == 0 ? 0 : x - block.get(DOUBLE, base + EMA);
    values[CHANGE] = Math.clamp(change, -Double.MAX_VALUE, Double.MAX_VALUE);
    double step = block.get(DOUBLE, base + USUAL_STEP);
    return learned > 1 && step > 0 && time - block.get(LONG, base + LAST_TIME) > GAP_STEPS * step;
  }

  private double ring(long row) {
    return block.get(DOUBLE, base + HEADER + 8 * (row % MEAN_ROWS));
  }

  private void judge(double x, long time, long learned, boolean gap, @Nullable ColumnWriter[] out) {
    int judged = gap ? 2 : 3;
    int leading = 0;
    double sum = 0;
    for (int i = 0; i < judged; i++) {
      rarities[i] = channels[i].rarity(values[i], options.direction());
      sum += rarities[i];
      leading = rarities[i] > rarities[leading] ? i : leading;
    }
    boolean warming = learned < options.warmup();
    result.clear(episodes.isInEpisode(), warming);
    if (!warming) {
      double score = Math.min(sum / judged, AnomalyResult.MAXIMAL_SCORE);
      expect(leading, x, learned);
      episodes.take(learned + 1, time, score, x, result.expected);
      result.score = score;
      result.isAnomaly = episodes.isAlert();
      result.inAnomaly = episodes.isInEpisode();
      result.direction = score == 0 ? 0 : channels[leading].side(values[leading]);
    }
    result.append(out);
    ColumnWriter explanation = out[7];
    if (explanation != null && warming) {
      explanation.appendNull();
    } else if (explanation != null) {
      explanation.appendText(explanation(leading, learned, judged));
    }
  }

  /// What the leading channel expected, as values of the row.
  private void expect(int leading, double x, long learned) {
    TailMemory channel = channels[leading];
    double tail = Math.pow(10, -options.threshold()) / 2;
    double beyond = Math.max(0, options.threshold() - Math.log10(learned + 1.0));
    double margin = tail * learned < 0.5 ? 2 * beyond * channel.halfRange() : 0;
    double low = channel.lowerTail(tail) - margin;
    double high = channel.upperTail(tail) + margin;
    double middle = channel.quantile(0.5);
    double shift = 0;
    double scale = 1;
    if (leading == MEAN) {
      scale = Math.min(learned + 1.0, MEAN_ROWS);
      shift = x - scale * values[MEAN];
    } else if (leading == CHANGE) {
      shift = block.get(DOUBLE, base + EMA);
    }
    result.expected = finite(scale * middle + shift);
    result.lower = finite(scale * low + shift);
    result.upper = finite(scale * high + shift);
  }

  private static double finite(double value) {
    return Math.clamp(value, -Double.MAX_VALUE, Double.MAX_VALUE);
  }

  private String explanation(int leading, long learned, int judged) {
    StringBuilder text = new StringBuilder(128);
    text.append("{\"history\": ").append(learned).append(", \"leading\": \"");
    text.append(NAMES[leading]).append("\", \"channels\": {\"mean\": ");
    text.append(rounded(rarities[MEAN])).append(", \"level\": ").append(rounded(rarities[LEVEL]));
    if (judged > CHANGE) {
      text.append(", \"change\": ").append(rounded(rarities[CHANGE]));
    }
    text.append("}, \"suppressed\": ").append(episodes.isSuppressed()).append('}');
    return text.toString();
  }

  private static String rounded(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }

  private void learn(double x, long time, long learned, boolean gap) {
    int learners = gap ? 2 : 3;
    for (int i = 0; i < learners; i++) {
      channels[i].learn(values[i], options.halfLife());
    }
    block.set(DOUBLE, base + HEADER + 8 * (learned % MEAN_ROWS), x);
    double ema = block.get(DOUBLE, base + EMA);
    block.set(DOUBLE, base + EMA, learned == 0 ? x : ema + EMA_WEIGHT * values[CHANGE]);
    if (learned > 0) {
      double elapsed = (double) time - block.get(LONG, base + LAST_TIME);
      double step = block.get(DOUBLE, base + USUAL_STEP);
      double next =
          step == 0 ? elapsed : step + EMA_WEIGHT * (Math.min(elapsed, GAP_STEPS * step) - step);
      block.set(DOUBLE, base + USUAL_STEP, next);
    }
    block.set(LONG, base + LAST_TIME, time);
    block.set(LONG, base + LEARNED, learned + 1);
  }
}
