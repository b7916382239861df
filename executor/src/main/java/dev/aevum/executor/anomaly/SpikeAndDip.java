package dev.aevum.executor.anomaly;

import static dev.aevum.model.batch.Memory.INT;
import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.executor.sequence.SequenceModel;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.text.JsonbText;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Spikes and dips among the last rows: how much of their density ([KernelDensity]) lies beyond the
/// value. `raw` is the confidence in percent that the value does not belong to them; an alert is
/// raised from the confidence that was asked for.
///
/// Block: `[version i32][pad i32][learned i64][episodes][values]`.
public final class SpikeAndDip implements SequenceModel {
  /// What is looked for.
  enum Mode {
    SPIKES("spikes", 1),
    DIPS("dips", -1),
    SPIKES_AND_DIPS("spikesanddips", 0);

    final String label;
    private final int side;

    Mode(String label, int side) {
      this.label = label;
      this.side = side;
    }

    static Mode of(String label) {
      for (Mode mode : values()) {
        if (mode.label.equals(label)) {
          return mode;
        }
      }
      throw new IllegalArgumentException(label);
    }
  }

  static final double DEFAULT_CONFIDENCE = 95;

  private static final int VERSION = 1;
  private static final int LEARNED = 8;
  private static final int EPISODES = 16;
  private static final int VALUES = EPISODES + Episodes.WIDTH;
  private static final int FEW = 32;

  private final DetectorOptions options;
  private final int history;
  private final int side;
  private final double tail;
  private final Episodes episodes;
  private final KernelDensity density;
  private final AnomalyResult result = new AnomalyResult();
  private MemorySegment block = MemorySegment.NULL;
  private long base;
  private int tier;

  SpikeAndDip(DetectorOptions options, int history, Mode mode) {
    this.options = options;
    this.history = history;
    this.side = mode.side == 0 ? options.direction() : mode.side;
    this.tail = Math.pow(10, -options.threshold()) / (side == 0 ? 2 : 1);
    this.episodes = new Episodes(options);
    this.density = new KernelDensity(history);
  }

  /// The score that a confidence in percent asks for: 1 row in 20 at 95.
  static double threshold(double confidence) {
    return Math.min(-Math.log10(1 - confidence / 100), AnomalyResult.MAXIMAL_SCORE);
  }

  @Override
  public int[] widths() {
    return new int[] {
      VALUES + KernelDensity.width(Math.min(FEW, history)), VALUES + KernelDensity.width(history)
    };
  }

  @Override
  public void open(MemorySegment opened, long at, int openedTier) {
    block = opened;
    base = at;
    tier = openedTier;
    episodes.open(opened, at + EPISODES);
    density.open(opened, at + VALUES);
  }

  @Override
  public void begin(long keyHash) {
    block.set(INT, base, VERSION);
  }

  @Override
  public boolean isFull() {
    return tier == 0 && density.count() == FEW && FEW < history;
  }

  @Override
  public void moveFrom(SequenceModel smaller) {
    SpikeAndDip from = (SpikeAndDip) smaller;
    MemorySegment.copy(from.block, from.base, block, base, VALUES);
    density.copyFrom(from.density);
  }

  @Override
  public long learned() {
    return block.get(LONG, base + LEARNED);
  }

  @Override
  public void fold(long time, double[] arguments, @Nullable ColumnWriter[] out) {
    double x = arguments[0];
    long learned = learned();
    boolean warming = learned < Math.max(1, options.warmup());
    result.clear(episodes.isInEpisode(), warming);
    boolean judged = !Double.isNaN(x) && !warming;
    double share = judged ? judge(x, time, learned, out) : 1;
    result.append(out);
    ColumnWriter explanation = out[7];
    if (explanation != null && judged) {
      JsonbText.append(
          "{\"raw\": "
              + Explanation.shown(100 * (1 - share))
              + ", \"history\": "
              + density.count()
              + ", \"suppressed\": "
              + episodes.isSuppressed()
              + "}",
          explanation);
    } else if (explanation != null) {
      explanation.appendNull();
    }
    if (!Double.isNaN(x)) {
      density.learn(x);
      block.set(LONG, base + LEARNED, learned + 1);
    }
  }

  /// The share of the density that is as far out.
  private double judge(double x, long time, long learned, @Nullable ColumnWriter[] out) {
    density.measure();
    double above = density.above(x);
    double below = density.below(x);
    double share = side > 0 ? above : side < 0 ? below : Math.min(1, 2 * Math.min(above, below));
    result.score =
        share > 0
            ? Math.clamp(0 - Math.log10(share), 0, AnomalyResult.MAXIMAL_SCORE)
            : AnomalyResult.MAXIMAL_SCORE;
    result.expected = density.mean();
    if (out[4] != null && side <= 0) {
      result.lower = density.quantile(tail, -1);
    }
    if (out[5] != null && side >= 0) {
      result.upper = density.quantile(tail, 1);
    }
    episodes.take(learned + 1, time, result.score, x, result.expected);
    result.isAnomaly = episodes.isAlert();
    result.inAnomaly = episodes.isInEpisode();
    result.direction = result.score == 0 ? 0 : Double.compare(below, above);
    return share;
  }
}
