package dev.aevum.executor.anomaly;

import static dev.aevum.model.batch.Memory.DOUBLE;
import static dev.aevum.model.batch.Memory.FLOAT;
import static dev.aevum.model.batch.Memory.INT;
import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.executor.sequence.SequenceModel;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.text.JsonbText;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Anomalies of several columns by a forest of random cut trees: how soon would random cuts
/// separate the row from the others. The forest's own score is `raw`; `score` is its rarity among
/// the scores of the past.
///
/// A point is the last `shingle` rows. Columns are weighted by their running deviation. A row in
/// which a value is missing is not scored, and nothing is learned from it.
///
/// Tier 0 keeps the first rows as they are: from them come the scales ([ColumnScales]). Then the
/// trees grow with the rows.
///
/// Block: `[version i32][pad i32][learned i64][seed i64]`, then the rows of tier 0, or
/// `[episodes][scales][last rows f32][scores][forest]`.
public final class RandomCutForest implements SequenceModel, Explanation.Part {
  /// The score of 1 row in 1,000, or of one outside of all scores so far.
  static final double DEFAULT_THRESHOLD = 2.7;

  static final int DEFAULT_WARMUP = 256;

  private static final int VERSION = 1;
  private static final int LEARNED = 8;
  private static final int SEED = 16;
  private static final int HEADER = 24;
  private static final int RAW_ROWS = 32;
  private static final int LEAST_RAW_ROWS = 2;
  private static final int SCALES = HEADER + Episodes.WIDTH;
  private static final double MOST_STRENGTH = 1e6;

  /// Points of the sample that the usual range is read from.
  private static final int RANGE_POINTS = 256;

  private final DetectorOptions options;
  private final ForestOptions settings;
  private final int columns;
  private final int dimensions;
  private final Episodes episodes;
  private final AnomalyResult result = new AnomalyResult();
  private final Explanation explanation;
  private final ColumnScales scales;
  private final TailMemory scores = new TailMemory(TailMemory.SAMPLE);
  private final CutBox box;
  private final CutForest forest;
  private final float[] point;
  private final float[] range = new float[RANGE_POINTS];
  private final @Nullable ColumnWriter[] nowhere = new ColumnWriter[AnomalyResult.COLUMNS.size()];
  private final int rows;
  private final int past;
  private final int trees;
  private MemorySegment block = MemorySegment.NULL;
  private long base;
  private int tier;

  RandomCutForest(DetectorOptions options, ForestOptions settings) {
    this.options = options;
    this.settings = settings;
    this.columns = settings.columns().size();
    this.dimensions = columns * settings.shingle();
    this.episodes = new Episodes(options);
    this.explanation = new Explanation(settings.columns());
    this.scales = new ColumnScales(columns);
    this.box = new CutBox(dimensions);
    this.forest =
        new CutForest(
            settings.trees(), settings.sampleSize(), settings.timeDecay(), box, dimensions);
    this.point = new float[dimensions];
    this.rows = SCALES + scales.width();
    this.past = rows + (4 * dimensions + 7) / 8 * 8;
    this.trees = past + TailMemory.width(TailMemory.SAMPLE, TailMemory.SAMPLE);
  }

  private int capacity(int ofTier) {
    int most = settings.sampleSize();
    return switch (ofTier) {
      case 1 -> Math.min(most, Math.max(8, most / 16));
      case 2 -> Math.min(most, Math.max(16, most / 4));
      default -> most;
    };
  }

  @Override
  public int[] widths() {
    return new int[] {
      HEADER + 8 * columns * RAW_ROWS,
      trees + forest.width(capacity(1)),
      trees + forest.width(capacity(2)),
      trees + forest.width(capacity(3))
    };
  }

  @Override
  public void open(MemorySegment opened, long at, int openedTier) {
    block = opened;
    base = at;
    tier = openedTier;
    if (tier > 0) {
      episodes.open(opened, at + HEADER);
      scales.open(opened, at + SCALES);
      scores.open(opened, at + past, TailMemory.SAMPLE);
      forest.open(opened, at + trees, capacity(tier));
    }
  }

  @Override
  public void begin(long keyHash) {
    block.set(INT, base, VERSION);
    block.set(LONG, base + SEED, Randomness.mix(keyHash * 0x9E3779B97F4A7C15L + options.seed()));
  }

  @Override
  public long learned() {
    return block.get(LONG, base + LEARNED);
  }

  @Override
  public boolean isFull() {
    return tier == 0
        ? learned() >= Math.clamp(options.warmup(), LEAST_RAW_ROWS, RAW_ROWS)
        : tier < 3 && forest.isFull();
  }

  @Override
  public void moveFrom(SequenceModel smaller) {
    RandomCutForest from = (RandomCutForest) smaller;
    if (from.tier > 0) {
      MemorySegment.copy(from.block, from.base, block, base, trees);
      forest.copyFrom(from.forest);
      return;
    }
    MemorySegment.copy(from.block, from.base, block, base, HEADER);
    block.set(LONG, base + LEARNED, 0);
    long seed = block.get(LONG, base + SEED);
    scores.seed(seed);
    forest.seed(seed + 1);
    int count = (int) from.learned();
    scales.begin(from.block, from.base + HEADER, count);
    double[] row = new double[columns];
    for (int i = 0; i < count; i++) {
      for (int c = 0; c < columns; c++) {
        row[c] = from.block.get(DOUBLE, from.base + HEADER + 8L * (i * columns + c));
      }
      fold(0, row, nowhere);
    }
  }

  @Override
  public void fold(long time, double[] arguments, @Nullable ColumnWriter[] out) {
    long learned = learned();
    boolean missing = false;
    for (double x : arguments) {
      missing |= Double.isNaN(x);
    }
    boolean warming = learned < options.warmup();
    result.clear(tier > 0 && episodes.isInEpisode(), warming);
    if (missing || tier == 0) {
      result.append(out);
      explain(out[7], null);
      if (!missing) {
        for (int c = 0; c < columns; c++) {
          block.set(DOUBLE, base + HEADER + 8 * (learned * columns + c), arguments[c]);
        }
        block.set(LONG, base + LEARNED, learned + 1);
      }
      return;
    }
    scales.read(arguments);
    shift();
    boolean whole = learned + 1 >= settings.shingle();
    double raw = Double.NaN;
    if (whole) {
      weigh(learned);
      raw = forest.score(point, settings.attribution());
    }
    boolean judged = whole && !warming;
    if (judged) {
      judge(time, raw, learned, arguments, out);
    }
    result.append(out);
    explain(out[7], judged ? text(raw, learned) : null);
    learn(raw, learned);
  }

  private static void explain(@Nullable ColumnWriter out, @Nullable String text) {
    if (out != null && text == null) {
      out.appendNull();
    } else if (out != null && text != null) {
      JsonbText.append(text, out);
    }
  }

  /// The point becomes the last rows with the present one behind them.
  private void shift() {
    for (int d = 0; d < dimensions - columns; d++) {
      point[d] = block.get(FLOAT, base + rows + 4L * (d + columns));
    }
    for (int c = 0; c < columns; c++) {
      point[dimensions - columns + c] = (float) scales.scaled(c);
    }
  }

  private void weigh(long learned) {
    double largest = 0;
    for (int c = 0; c < columns; c++) {
      largest = Math.max(largest, scales.unit(c));
    }
    for (int c = 0; c < columns; c++) {
      double weight =
          columns == 1
              ? 1
              : settings.normalize() ? 1 / scales.deviation(c, learned) : scales.unit(c) / largest;
      for (int d = c; d < dimensions; d += columns) {
        box.weigh(d, weight);
      }
    }
  }

  private void judge(
      long time, double raw, long learned, double[] arguments, @Nullable ColumnWriter[] out) {
    int leading = leading(learned);
    int side = (int) Math.signum(side(leading));
    boolean counts = options.direction() == 0 || side == options.direction();
    result.score = counts ? Math.min(scores.rarity(raw, 1), AnomalyResult.MAXIMAL_SCORE) : 0;
    boolean least = options.minDeviation() > 0 || options.minRatio() > 0;
    if (least || out[3] != null || out[4] != null || out[5] != null) {
      expect(leading);
    }
    episodes.take(learned + 1, time, result.score, arguments[leading], result.expected);
    result.isAnomaly = episodes.isAlert();
    result.inAnomaly = episodes.isInEpisode();
    result.direction = result.score == 0 ? 0 : side;
  }

  /// The middle and the ends of the leading column's values in the sample.
  private void expect(int column) {
    int count = Math.min(RANGE_POINTS, forest.points());
    for (int i = 0; i < count; i++) {
      range[i] = forest.coordinate(i, dimensions - columns + column);
    }
    Arrays.sort(range, 0, count);
    if (count > 0) {
      result.expected = scales.value(column, range[count / 2]);
      result.lower = scales.value(column, range[0]);
      result.upper = scales.value(column, range[count - 1]);
    }
  }

  // What each column adds to the raw score of the row under way.

  private int leading(long learned) {
    int leading = 0;
    for (int c = 1; c < columns; c++) {
      boolean more =
          settings.attribution()
              ? attribution(c) > attribution(leading)
              : Math.abs(scales.distance(c, learned)) > Math.abs(scales.distance(leading, learned));
      leading = more ? c : leading;
    }
    return leading;
  }

  @Override
  public double attribution(int column) {
    double sum = 0;
    for (int d = column; d < dimensions; d += columns) {
      sum += forest.above(d) + forest.below(d);
    }
    return sum;
  }

  @Override
  public double side(int column) {
    if (!settings.attribution()) {
      return scales.distance(column, learned());
    }
    double sum = 0;
    for (int d = column; d < dimensions; d += columns) {
      sum += forest.above(d) - forest.below(d);
    }
    return sum;
  }

  @Override
  public double strength(int column) {
    return Math.min(MOST_STRENGTH, Math.abs(scales.distance(column, learned())));
  }

  private String text(double raw, long learned) {
    explanation.begin(raw);
    if (settings.attribution()) {
      explanation.columns(this);
    }
    return explanation.end(learned, leading(learned), episodes.isSuppressed());
  }

  private void learn(double raw, long learned) {
    if (!Double.isNaN(raw)) {
      if (learned >= options.warmup() / 2) {
        scores.learn(raw, Double.POSITIVE_INFINITY);
      }
      forest.learn(point);
    }
    scales.learn(learned);
    for (int d = 0; d < dimensions; d++) {
      block.set(FLOAT, base + rows + 4L * d, point[d]);
    }
    block.set(LONG, base + LEARNED, learned + 1);
  }
}
