package dev.aevum.executor.anomaly;

import static dev.aevum.model.batch.Memory.INT;
import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.executor.sequence.SequenceModel;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.text.JsonbText;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// What the textbook detectors share: a distance from an expected value in units of a spread,
/// turned into surprise by the normal tail. Block: `[version i32][pad i32][learned
/// i64][scale][episodes]`.
public final class Deviation implements SequenceModel {
  private static final int VERSION = 2;
  private static final int LEARNED = 8;
  private static final int SCALE = 16;

  private final DetectorOptions options;
  private final Scale scale;
  private final Episodes episodes;

  /// The deviate at which the threshold lies.
  private final double edge;

  private final AnomalyResult result = new AnomalyResult();
  private MemorySegment block = MemorySegment.NULL;
  private long base;

  /// An expected value and a spread around it, learned row by row. A flyweight like the model.
  interface Scale {
    /// Bytes of state.
    int width();

    void open(MemorySegment block, long base);

    /// What is expected of the next row; `learned` > 0.
    double expected();

    /// The textbook's figure for `x`: signed, 0 or small for usual values, infinite where there is
    /// no spread and `x` differs.
    double raw(double x);

    /// The standard normal deviate that is as rare as `raw`.
    double deviate(double raw);

    /// The inverse of [#raw] and [#deviate] on one side: the value whose deviate is `z`.
    double value(double z);

    void learn(double x, long learned);
  }

  Deviation(DetectorOptions options, Scale scale) {
    this.options = options;
    this.scale = scale;
    this.episodes = new Episodes(options);
    this.edge = NormalTail.deviate(options.threshold());
  }

  @Override
  public int[] widths() {
    return new int[] {SCALE + scale.width() + Episodes.WIDTH};
  }

  @Override
  public void open(MemorySegment opened, long at, int tier) {
    block = opened;
    base = at;
    episodes.open(opened, at + SCALE + scale.width());
    scale.open(opened, at + SCALE);
  }

  @Override
  public void begin(long keyHash) {
    block.set(INT, base, VERSION);
  }

  @Override
  public boolean isFull() {
    return false;
  }

  @Override
  public void moveFrom(SequenceModel smaller) {
    throw new IllegalStateException("one tier only");
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
    double raw = Double.NaN;
    if (!Double.isNaN(x) && !warming) {
      raw = scale.raw(x);
      judge(x, raw, learned, time);
    }
    result.append(out);
    ColumnWriter explanation = out[7];
    if (explanation != null && Double.isNaN(raw)) {
      explanation.appendNull();
    } else if (explanation != null) {
      JsonbText.append(explanation(raw, learned), explanation);
    }
    if (!Double.isNaN(x)) {
      scale.learn(x, learned);
      block.set(LONG, base + LEARNED, learned + 1);
    }
  }

  @Override
  public @Nullable String thresholds() {
    if (learned() < Math.max(1, options.warmup())) {
      return null;
    }
    return AnomalyResult.range(
        options.threshold(), scale.expected(), scale.value(-edge), scale.value(edge));
  }

  private void judge(double x, double raw, long learned, long time) {
    boolean counts = options.direction() == 0 || Math.signum(raw) == options.direction();
    double score = counts ? NormalTail.surprise(scale.deviate(raw)) : 0;
    result.expected = scale.expected();
    result.lower = scale.value(-edge);
    result.upper = scale.value(edge);
    result.score = score;
    episodes.take(learned + 1, time, score, x, result.expected);
    result.isAnomaly = episodes.isAlert();
    result.inAnomaly = episodes.isInEpisode();
    result.direction = score == 0 ? 0 : (int) Math.signum(raw);
  }

  private String explanation(double raw, long learned) {
    String figure = Double.isInfinite(raw) ? "null" : Double.toString(raw);
    return "{\"raw\": "
        + figure
        + ", \"history\": "
        + learned
        + ", \"suppressed\": "
        + episodes.isSuppressed()
        + "}";
  }
}
