package dev.aevum.executor.anomaly;

import static dev.aevum.model.batch.Memory.DOUBLE;
import static dev.aevum.model.batch.Memory.INT;
import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.executor.sequence.SequenceModel;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.text.JsonbText;
import java.lang.foreign.MemorySegment;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The general detector: how rare are the value, its short-term mean and its change, each among all
/// of its own past ([Channels]). Where the hour of the day explains the series ([DailyProfile]),
/// what is left of it is judged in the same way; and so is what the series does slowly ([Drift]),
/// unless a half-life makes slow changes usual. The greatest of these scores counts.
///
/// A short history is soon outdone: scores are multiplied by the root of 3.4 / log10(rows learned),
/// as the rarest row of 2,500 is to be as remarkable as that of 400.
///
/// After a gap of more than ten usual steps the difference is not judged. NaN is a missing value:
/// no score, nothing learned.
///
/// Tier 0 keeps the first rows as they are (nothing is scored during the warm-up, and a key of a
/// few rows stays small); they are read into the channels when the block grows. Tier 3 is for keys
/// whose daily profile is believed, and the drift is followed from tier 2 on.
public final class GeneralAnomaly implements SequenceModel {
  static final double DEFAULT_THRESHOLD = 2.2;
  static final int DEFAULT_WARMUP = 30;

  static final int LAYOUT = 3;
  private static final double GAP_STEPS = 10;
  private static final double STEP_WEIGHT = 0.1;
  private static final int RAW_ROWS = 24;
  private static final int SMALL_SAMPLE = 128;

  /// Rows of the profile's remainder before it is judged.
  private static final int LEAST_REMAINDERS = 100;

  /// The remainder's score counts a little less: its memory is shorter.
  private static final double REMAINDER_WEIGHT = 0.95;

  /// A lone channel is more often rare than the mean of three.
  private static final double DRIFT_WEIGHT = 0.65;

  private static final double USUAL_HISTORY = 3.4;
  private static final double LEAST_HISTORY = Math.log10(31);

  private static final int LEARNED = 8;
  private static final int LAST_TIME = 16;
  private static final int USUAL_STEP = 24;
  private static final int SEED = 32;
  private static final int HEADER = 40;
  private static final int PROFILE = HEADER + Episodes.WIDTH;
  private static final int CHANNELS = PROFILE + DailyProfile.WIDTH;
  private static final int DRIFT = CHANNELS + Channels.width(Channels.SAMPLE);
  private static final int REMAINDER = DRIFT + Drift.WIDTH;

  private static final String[] NAMES = {"level", "mean", "change"};

  private final DetectorOptions options;
  private final Episodes episodes;
  private final AnomalyResult result = new AnomalyResult();
  private final DailyProfile profile = new DailyProfile();
  private final Channels channels = new Channels();
  private final Drift drift = new Drift();
  private final Channels remainder = new Channels();
  private final double[] argument = new double[1];
  private final @Nullable ColumnWriter[] nowhere = new ColumnWriter[AnomalyResult.COLUMNS.size()];
  private MemorySegment block = MemorySegment.NULL;
  private long base;
  private int tier;

  /// Of the row under way: whether the remainder was judged, its score and that of the drift, and
  /// what led.
  private boolean hasRemainder;

  private double remainderScore;
  private double driftScore;
  private Leader leader = Leader.CHANNELS;

  private enum Leader {
    CHANNELS,
    DRIFT,
    SEASON
  }

  public GeneralAnomaly(DetectorOptions options) {
    this.options = options;
    this.episodes = new Episodes(options);
  }

  private static int capacity(int tier) {
    return tier == 1 ? SMALL_SAMPLE : Channels.SAMPLE;
  }

  @Override
  public int[] widths() {
    return new int[] {
      HEADER + 16 * RAW_ROWS,
      CHANNELS + Channels.width(SMALL_SAMPLE),
      REMAINDER,
      REMAINDER + Channels.width(Channels.SAMPLE)
    };
  }

  @Override
  public void open(MemorySegment opened, long at, int openedTier) {
    block = opened;
    base = at;
    tier = openedTier;
    if (tier > 0) {
      episodes.open(opened, at + HEADER);
      profile.open(opened, at + PROFILE);
      channels.open(opened, at + CHANNELS, capacity(tier));
    }
    if (tier > 1) {
      drift.open(opened, at + DRIFT);
    }
    if (tier == 3) {
      remainder.open(opened, at + REMAINDER, Channels.SAMPLE);
    }
  }

  @Override
  public void begin(long keyHash) {
    block.set(INT, base, LAYOUT);
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
      case 2 -> profile.isSure();
      default -> false;
    };
  }

  @Override
  public void moveFrom(SequenceModel smaller) {
    GeneralAnomaly from = (GeneralAnomaly) smaller;
    long seed = from.block.get(LONG, from.base + SEED);
    if (from.tier == 0) {
      block.set(INT, base, LAYOUT);
      block.set(LONG, base + SEED, seed);
      channels.seed(seed);
      int rows = (int) from.learned();
      for (int i = 0; i < rows; i++) {
        long at = from.base + HEADER + 16L * i;
        argument[0] = from.block.get(DOUBLE, at + 8);
        fold(from.block.get(LONG, at), argument, nowhere);
      }
      return;
    }
    MemorySegment.copy(from.block, from.base, block, base, CHANNELS);
    channels.copyFrom(from.channels);
    if (tier == 2) {
      drift.seed(seed + 2 * Channels.COUNT);
    } else {
      MemorySegment.copy(from.block, from.base + DRIFT, block, base + DRIFT, Drift.WIDTH);
      remainder.seed(seed + Channels.COUNT);
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
    double step = block.get(DOUBLE, base + USUAL_STEP);
    boolean afterGap =
        learned > 1 && step > 0 && time - block.get(LONG, base + LAST_TIME) > GAP_STEPS * step;
    judge(x, time, learned, afterGap, out);
    learn(x, time, learned, afterGap);
  }

  /// Of the value itself: what the other channels allow depends on the last rows.
  @Override
  public @Nullable String thresholds() {
    long learned = learned();
    if (tier == 0 || learned < options.warmup()) {
      return null;
    }
    channels.expectLevel(options.threshold() / factor(learned), result);
    return AnomalyResult.range(options.threshold(), result.expected, result.lower, result.upper);
  }

  private static void appendNull(@Nullable ColumnWriter out) {
    if (out != null) {
      out.appendNull();
    }
  }

  private void judge(
      double x, long time, long learned, boolean afterGap, @Nullable ColumnWriter[] out) {
    double score = channels.score(x, afterGap, options.direction());
    hasRemainder = tier == 3 && profile.knows(time);
    remainderScore = 0;
    if (hasRemainder) {
      double left = x - profile.expected(time);
      remainderScore = REMAINDER_WEIGHT * remainder.score(left, afterGap, options.direction());
      hasRemainder = profile.isSure() && remainder.learned() >= LEAST_REMAINDERS;
    }
    driftScore = followsDrift() ? DRIFT_WEIGHT * drift.rarity(x, options.direction()) : 0;
    leader = Leader.CHANNELS;
    if (hasRemainder && remainderScore > score) {
      score = remainderScore;
      leader = Leader.SEASON;
    }
    if (driftScore > score) {
      score = driftScore;
      leader = Leader.DRIFT;
    }
    boolean warming = learned < options.warmup();
    result.clear(episodes.isInEpisode(), warming);
    if (!warming) {
      decide(x, time, learned, score);
    }
    result.append(out);
    ColumnWriter explanation = out[7];
    if (explanation != null && warming) {
      explanation.appendNull();
    } else if (explanation != null) {
      JsonbText.append(explanation(learned), explanation);
    }
  }

  private boolean followsDrift() {
    return tier > 1 && options.halfLifeMicros() < 0 && Double.isInfinite(options.halfLife());
  }

  private void decide(double x, long time, long learned, double score) {
    double factor = factor(learned);
    double threshold = options.threshold() / factor;
    int side =
        switch (leader) {
          case CHANNELS -> {
            channels.expect(threshold, 0, result);
            yield channels.side();
          }
          case SEASON -> {
            remainder.expect(threshold, profile.expected(time), result);
            yield remainder.side();
          }
          case DRIFT -> {
            drift.expect(threshold / DRIFT_WEIGHT, result);
            yield drift.side();
          }
        };
    result.score = Math.min(score * factor, AnomalyResult.MAXIMAL_SCORE);
    episodes.take(learned + 1, time, result.score, x, result.expected);
    result.isAnomaly = episodes.isAlert();
    result.inAnomaly = episodes.isInEpisode();
    result.direction = score == 0 ? 0 : side;
  }

  /// A short history is soon outdone.
  private static double factor(long learned) {
    double history = Math.max(LEAST_HISTORY, Math.log10(learned + 1.0));
    return Math.sqrt(USUAL_HISTORY / history);
  }

  private String explanation(long learned) {
    StringBuilder text = new StringBuilder(128);
    text.append("{\"history\": ").append(learned).append(", \"leading\": \"");
    text.append(
        switch (leader) {
          case CHANNELS -> NAMES[channels.leading()];
          case SEASON -> "season";
          case DRIFT -> "drift";
        });
    text.append("\", \"channels\": {\"mean\": ").append(rounded(channels.rarity(Channels.MEAN)));
    if (followsDrift() && drift.isKnown()) {
      text.append(", \"drift\": ").append(rounded(driftScore));
    }
    text.append(", \"level\": ").append(rounded(channels.rarity(Channels.LEVEL)));
    if (channels.hasJudged(Channels.CHANGE)) {
      text.append(", \"change\": ").append(rounded(channels.rarity(Channels.CHANGE)));
    }
    if (hasRemainder) {
      text.append(", \"season\": ").append(rounded(remainderScore));
    }
    text.append("}, \"suppressed\": ").append(episodes.isSuppressed()).append('}');
    return text.toString();
  }

  private static String rounded(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }

  private void learn(double x, long time, long learned, boolean afterGap) {
    double halfLife = options.halfLife(block.get(DOUBLE, base + USUAL_STEP));
    channels.learn(x, afterGap, halfLife);
    if (tier == 3 && profile.knows(time)) {
      remainder.learn(x - profile.expected(time), afterGap, halfLife);
    }
    if (followsDrift()) {
      drift.learn(x);
    }
    profile.learn(time, x);
    if (learned > 0) {
      double elapsed = (double) time - block.get(LONG, base + LAST_TIME);
      double step = block.get(DOUBLE, base + USUAL_STEP);
      double next =
          step == 0 ? elapsed : step + STEP_WEIGHT * (Math.min(elapsed, GAP_STEPS * step) - step);
      block.set(DOUBLE, base + USUAL_STEP, next);
    }
    block.set(LONG, base + LAST_TIME, time);
    block.set(LONG, base + LEARNED, learned + 1);
  }
}
