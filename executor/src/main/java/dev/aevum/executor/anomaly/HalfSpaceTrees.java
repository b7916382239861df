package dev.aevum.executor.anomaly;

import static dev.aevum.model.batch.Memory.DOUBLE;
import static dev.aevum.model.batch.Memory.INT;
import static dev.aevum.model.batch.Memory.LONG;

import dev.aevum.executor.sequence.SequenceModel;
import dev.aevum.model.batch.ColumnWriter;
import dev.aevum.model.text.JsonbText;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Anomalies of several columns by half-space trees ([HalfSpaces]): `raw` is log2 of the largest
/// mass there can be over the row's, so that rare rows have much of it; `score` is the rarity of
/// that among the past.
///
/// The range of each column is that of the first window of rows, which tier 0 keeps as they are. A
/// row in which a value is missing is not scored, and nothing is learned from it.
///
/// Block: `[version i32][pad i32][learned i64][seed i64]`, then the rows of tier 0, or
/// `[episodes][per column low f64, high f64, middle f64][scores][trees]`.
public final class HalfSpaceTrees implements SequenceModel, Explanation.Part {
  static final double DEFAULT_THRESHOLD = 3;

  private static final int VERSION = 1;
  private static final int LEARNED = 8;
  private static final int SEED = 16;
  private static final int HEADER = 24;
  private static final int RANGES = HEADER + Episodes.WIDTH;
  private static final int RANGE = 24;

  /// How far outside a value is where a column was constant.
  private static final double OUTSIDE = 1.5;

  private static final double MOST_STRENGTH = 1e6;
  private static final double LN_2 = Math.log(2);

  /// @param trees of the forest
  /// @param depth levels of a tree
  /// @param window rows that are counted together
  /// @param columns names, each once
  record Settings(int trees, int depth, int window, List<String> columns) {
    Settings {
      columns = List.copyOf(columns);
    }
  }

  private final DetectorOptions options;
  private final int columns;
  private final int warmup;
  private final int window;
  private final Episodes episodes;
  private final AnomalyResult result = new AnomalyResult();
  private final Explanation explanation;
  private final TailMemory scores = new TailMemory(TailMemory.SAMPLE);
  private final HalfSpaces trees;
  private final double[] point;
  private final double[] attributions;
  private final @Nullable ColumnWriter[] nowhere = new ColumnWriter[AnomalyResult.COLUMNS.size()];
  private final int past;
  private final int spaces;
  private MemorySegment block = MemorySegment.NULL;
  private long base;
  private int tier;

  HalfSpaceTrees(DetectorOptions options, Settings settings) {
    this.options = options;
    this.columns = settings.columns().size();
    this.window = settings.window();
    this.warmup = Math.max(options.warmup(), window);
    this.episodes = new Episodes(options);
    this.explanation = new Explanation(settings.columns());
    this.trees = new HalfSpaces(settings.trees(), settings.depth(), window, columns);
    this.point = new double[columns];
    this.attributions = new double[columns];
    this.past = RANGES + RANGE * columns;
    this.spaces = past + TailMemory.width(TailMemory.SAMPLE, TailMemory.SAMPLE);
  }

  @Override
  public int[] widths() {
    int few = Math.min(window, 32);
    return new int[] {
      HEADER + 8 * columns * few, HEADER + 8 * columns * window, spaces + trees.width()
    };
  }

  @Override
  public void open(MemorySegment opened, long at, int openedTier) {
    block = opened;
    base = at;
    tier = openedTier;
    if (tier == 2) {
      episodes.open(opened, at + HEADER);
      scores.open(opened, at + past, TailMemory.SAMPLE);
      trees.open(opened, at + spaces);
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
    return tier == 0 ? learned() >= Math.min(window, 32) : tier == 1 && learned() >= window;
  }

  @Override
  public void moveFrom(SequenceModel smaller) {
    HalfSpaceTrees from = (HalfSpaceTrees) smaller;
    MemorySegment.copy(from.block, from.base, block, base, HEADER);
    int count = (int) from.learned();
    if (tier == 1) {
      MemorySegment.copy(
          from.block, from.base + HEADER, block, base + HEADER, 8L * columns * count);
      return;
    }
    long seed = block.get(LONG, base + SEED);
    scores.seed(seed);
    trees.seed(seed + 1);
    double[] sorted = new double[count];
    for (int c = 0; c < columns; c++) {
      for (int i = 0; i < count; i++) {
        sorted[i] = from.row(i, c);
      }
      Arrays.sort(sorted);
      block.set(DOUBLE, range(c), sorted[0]);
      block.set(DOUBLE, range(c) + 8, sorted[count - 1]);
      block.set(DOUBLE, range(c) + 16, sorted[count / 2]);
    }
    block.set(LONG, base + LEARNED, 0);
    double[] row = new double[columns];
    for (int i = 0; i < count; i++) {
      for (int c = 0; c < columns; c++) {
        row[c] = from.row(i, c);
      }
      fold(0, row, nowhere);
    }
  }

  private double row(int row, int column) {
    return block.get(DOUBLE, base + HEADER + 8L * (row * columns + column));
  }

  private long range(int column) {
    return base + RANGES + (long) RANGE * column;
  }

  private double low(int column) {
    return block.get(DOUBLE, range(column));
  }

  private double high(int column) {
    return block.get(DOUBLE, range(column) + 8);
  }

  private double middle(int column) {
    return block.get(DOUBLE, range(column) + 16);
  }

  private double scaled(int column, double x) {
    double low = low(column);
    double high = high(column);
    if (low == high) {
      return x == low ? 0.5 : x > low ? OUTSIDE : 1 - OUTSIDE;
    }
    return Math.clamp((x / 2 - low / 2) / (high / 2 - low / 2), -MOST_STRENGTH, MOST_STRENGTH);
  }

  @Override
  public void fold(long time, double[] arguments, @Nullable ColumnWriter[] out) {
    long learned = learned();
    boolean missing = false;
    for (double x : arguments) {
      missing |= Double.isNaN(x);
    }
    boolean warming = learned < warmup;
    result.clear(tier == 2 && episodes.isInEpisode(), warming);
    if (missing || tier < 2) {
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
    for (int c = 0; c < columns; c++) {
      point[c] = scaled(c, arguments[c]);
    }
    boolean known = trees.isKnown();
    double raw = known ? raw() : Double.NaN;
    if (!warming) {
      judge(time, raw, learned, arguments);
    }
    result.append(out);
    explain(out[7], warming ? null : text(raw, learned));
    if (known) {
      scores.learn(raw, Double.POSITIVE_INFINITY);
    }
    trees.learn(point);
    block.set(LONG, base + LEARNED, learned + 1);
  }

  private static void explain(@Nullable ColumnWriter out, @Nullable String text) {
    if (out != null && text == null) {
      out.appendNull();
    } else if (out != null && text != null) {
      JsonbText.append(text, out);
    }
  }

  private double raw() {
    return Math.log(trees.most() / trees.mass(point)) / LN_2;
  }

  private void judge(long time, double raw, long learned, double[] arguments) {
    attribute(raw);
    int leading = leading();
    int side = (int) Math.signum(side(leading));
    boolean counts = options.direction() == 0 || side == options.direction();
    result.score = counts ? Math.min(scores.rarity(raw, 1), AnomalyResult.MAXIMAL_SCORE) : 0;
    result.expected = middle(leading);
    result.lower = low(leading);
    result.upper = high(leading);
    episodes.take(learned + 1, time, result.score, arguments[leading], result.expected);
    result.isAnomaly = episodes.isAlert();
    result.inAnomaly = episodes.isInEpisode();
    result.direction = result.score == 0 ? 0 : side;
  }

  /// Shares the raw figure out by how much of it goes away when a column has its middle value.
  private void attribute(double raw) {
    if (columns == 1) {
      attributions[0] = raw;
      return;
    }
    double sum = 0;
    for (int c = 0; c < columns; c++) {
      double x = point[c];
      point[c] = scaled(c, middle(c));
      attributions[c] = Math.max(0, raw - raw());
      sum += attributions[c];
      point[c] = x;
    }
    for (int c = 0; c < columns; c++) {
      attributions[c] = sum > 0 ? raw * attributions[c] / sum : raw / columns;
    }
  }

  private int leading() {
    int leading = 0;
    for (int c = 1; c < columns; c++) {
      leading = attributions[c] > attributions[leading] ? c : leading;
    }
    return leading;
  }

  @Override
  public double attribution(int column) {
    return attributions[column];
  }

  @Override
  public double side(int column) {
    return point[column] - scaled(column, middle(column));
  }

  /// Here in ranges of the first window.
  @Override
  public double strength(int column) {
    return Math.abs(side(column));
  }

  private String text(double raw, long learned) {
    explanation.begin(raw);
    explanation.columns(this);
    return explanation.end(learned, leading(), episodes.isSuppressed());
  }
}
