package dev.aevum.executor.changepoint;

import static dev.aevum.model.batch.Memory.DOUBLE;
import static dev.aevum.model.batch.Memory.INT;
import static dev.aevum.model.batch.Memory.LONG;

import java.lang.foreign.MemorySegment;

/// Bayesian online change point detection (Adams and MacKay 2007): the probability of each length
/// of the present run, of a normal model with unknown mean and deviation, whose prediction is
/// Student's t.
///
/// Three things are added so that changes are *lasting*: any row may be a lone outlier
/// ([#OUTLIER]), a run must have some rows before it is reported, and noise must not explain it. A
/// run begins with a row of any size within a wide density around the rows so far, as nothing is
/// known of the new mean.
///
/// Values are scaled by the deviation of the first rows. If these are all equal, the first
/// different value sets the scale.
///
/// Block: `[runs i32][pad i32][scale f64][centre f64][first time i64][start of the present run
/// i64][moments since then]`, then for each run `[probability, weight, mean, squares f64][start
/// time i64][start row i64][mean, squares f64 of the rows between the reported start and this
/// one]`.
final class Bocpd implements ChangeMethod {
  private static final int SCALE = 8;
  private static final int CENTRE = 16;
  private static final int FIRST_TIME = 24;
  private static final int START = 32;
  private static final int MOMENTS = 40;
  private static final int RUNS = MOMENTS + Moments.WIDTH;
  private static final int RUN = 64;
  private static final int WEIGHT = 8;
  private static final int MEAN = 16;
  private static final int SQUARES = 24;
  private static final int RUN_TIME = 32;
  private static final int RUN_START = 40;
  private static final int MEAN_BEFORE = 48;
  private static final int SQUARES_BEFORE = 56;
  private static final int[] SMALLER = {24, 96};

  /// Share of rows that belong to no run.
  private static final double OUTLIER = 1e-3;

  private static final double NEGLIGIBLE = 1e-6;
  private static final double PRIOR_SHAPE = 2;
  private static final double PRIOR_RATE = 2;
  private static final double WIDE = 3;
  private static final double FARTHEST = 1e80;
  private static final int CONFIRMED = 5;

  /// Twice the logarithm of the likelihood ratio: of two normal models to one.
  private static final double EVIDENCE = 24;

  /// Deviations that the first different value after equal ones is taken for.
  private static final double FIRST_DIFFERENCE = 10;

  private final ChangeOptions options;
  private final int[] capacities;
  private final Moments present = new Moments();
  private final Moments before = Moments.onHeap();
  private final Moments part = Moments.onHeap();
  private MemorySegment block = MemorySegment.NULL;
  private long base;
  private int tier;

  Bocpd(ChangeOptions options) {
    this.options = options;
    int most = options.maxRuns();
    this.capacities =
        most <= SMALLER[0]
            ? new int[] {most}
            : most <= SMALLER[1]
                ? new int[] {SMALLER[0], most}
                : new int[] {SMALLER[0], SMALLER[1], most};
  }

  @Override
  public int[] widths() {
    int[] widths = new int[capacities.length];
    for (int i = 0; i < widths.length; i++) {
      widths[i] = RUNS + RUN * capacities[i];
    }
    return widths;
  }

  @Override
  public void open(MemorySegment opened, long at, int openedTier) {
    block = opened;
    base = at;
    tier = openedTier;
    present.open(opened, at + MOMENTS);
  }

  @Override
  public boolean isFull() {
    return tier + 1 < capacities.length && runs() == capacities[tier];
  }

  @Override
  public void moveFrom(ChangeMethod smaller) {
    Bocpd from = (Bocpd) smaller;
    MemorySegment.copy(from.block, from.base, block, base, RUNS + (long) RUN * from.runs());
  }

  private int runs() {
    return block.get(INT, base);
  }

  private long at(int run) {
    return base + RUNS + (long) RUN * run;
  }

  private double get(int run, int field) {
    return block.get(DOUBLE, at(run) + field);
  }

  private void set(int run, int field, double value) {
    block.set(DOUBLE, at(run) + field, value);
  }

  private long start(int run) {
    return block.get(LONG, at(run) + RUN_START);
  }

  private long reported() {
    return block.get(LONG, base + START);
  }

  @Override
  public void take(long row, long time, double x, ChangeResult result) {
    if (row == 0) {
      block.set(LONG, base + FIRST_TIME, time);
    }
    if (block.get(DOUBLE, base + SCALE) == 0) {
      boolean judged = row >= options.warmup();
      if (!judged || x == present.mean()) {
        present.add(x);
        result.score = judged ? 0 : Double.NaN;
        result.runLength = row + 1;
        if (row + 1 >= options.warmup() && present.squares() > 0) {
          scale(present.deviation());
        }
        return;
      }
      scale(Math.abs(x - present.mean()) / FIRST_DIFFERENCE);
    }
    double centre = block.get(DOUBLE, base + CENTRE);
    double scale = block.get(DOUBLE, base + SCALE);
    double z = Math.clamp((x - centre) / scale, -FARTHEST, FARTHEST);
    double wide = wide(z - Math.clamp((present.mean() - centre) / scale, -FARTHEST, FARTHEST));
    double total = advance(z, wide);
    if (runs() == capacities[tier]) {
      dropLeast();
    }
    begin(row, time, z, options.hazard() * wide / total);
    present.add(x);
    result.score = normalise(row);
    int change = change(row);
    if (change >= 0 && isEvident(change)) {
      report(change, result);
    }
    result.runLength = row + 1 - reported();
  }

  /// The rows so far become the first run.
  private void scale(double deviation) {
    double scale = Math.max(deviation, Double.MIN_NORMAL);
    block.set(DOUBLE, base + SCALE, scale);
    block.set(DOUBLE, base + CENTRE, present.mean());
    block.set(INT, base, 1);
    set(0, 0, 1);
    set(0, WEIGHT, present.count());
    set(0, MEAN, 0);
    set(0, SQUARES, present.squares() == 0 ? 0 : present.count() - 1);
    block.set(LONG, at(0) + RUN_TIME, block.get(LONG, base + FIRST_TIME));
  }

  /// Student's t with two degrees of freedom.
  private static double wide(double distance) {
    double u = distance / WIDE;
    double s = 1 + u * u / 2;
    return 1 / (2 * Math.sqrt(2) * WIDE * s * Math.sqrt(s));
  }

  /// The density of `z` in a run of that weight: Student's t about its mean.
  private static double predicted(double z, double weight, double mean, double squares) {
    double shape = PRIOR_SHAPE + (weight - 1) / 2;
    double freedom = 2 * shape;
    double spread = (PRIOR_RATE + squares / 2) * (weight + 1) / (shape * weight);
    double distance = z - mean;
    // Stirling's series of the two gamma functions.
    double log =
        -0.25 / freedom
            + 1 / (24 * freedom * freedom * freedom)
            - (freedom + 1) / 2 * Math.log1p(distance * distance / (freedom * spread));
    return Math.exp(log) / Math.sqrt(2 * Math.PI * spread);
  }

  /// Every run takes the row; gives the density of the row before it.
  private double advance(double z, double wide) {
    double total = 0;
    int runs = runs();
    for (int i = 0; i < runs; i++) {
      double weight = get(i, WEIGHT);
      double mean = get(i, MEAN);
      double squares = get(i, SQUARES);
      double member = (1 - OUTLIER) * predicted(z, weight, mean, squares);
      double density = member + OUTLIER * wide;
      double probability = get(i, 0) * density;
      total += probability;
      set(i, 0, probability * (1 - options.hazard()));
      double share = member / density;
      double change = z - mean;
      double moved = mean + change * share / (weight + share);
      set(i, WEIGHT, weight + share);
      set(i, MEAN, moved);
      set(i, SQUARES, squares + share * change * (z - moved));
    }
    for (int i = 0; i < runs; i++) {
      set(i, 0, get(i, 0) / total);
    }
    return total;
  }

  private void begin(long row, long time, double z, double share) {
    int run = runs();
    block.set(INT, base, run + 1);
    // The hazard is of the probability before the row: all of it.
    set(run, 0, share);
    set(run, WEIGHT, 1);
    set(run, MEAN, z);
    set(run, SQUARES, 0);
    block.set(LONG, at(run) + RUN_TIME, time);
    block.set(LONG, at(run) + RUN_START, row);
    set(run, MEAN_BEFORE, present.mean());
    set(run, SQUARES_BEFORE, present.squares());
  }

  private void dropLeast() {
    int least = 0;
    for (int i = 1; i < runs(); i++) {
      if (get(i, 0) < get(least, 0)) {
        least = i;
      }
    }
    int after = runs() - 1 - least;
    MemorySegment.copy(block, at(least + 1), block, at(least), (long) RUN * after);
    block.set(INT, base, runs() - 1);
  }

  /// Makes the sum 1, drops what is next to 0, and gives the probability of young runs.
  private double normalise(long row) {
    double total = 0;
    for (int i = 0; i < runs(); i++) {
      total += get(i, 0);
    }
    double young = 0;
    int kept = 0;
    for (int i = 0; i < runs(); i++) {
      double probability = get(i, 0) / total;
      if (probability < NEGLIGIBLE && i + 1 < runs()) {
        continue;
      }
      if (kept < i) {
        MemorySegment.copy(block, at(i), block, at(kept), RUN);
      }
      set(kept++, 0, probability);
      young += row - start(kept - 1) < options.delay() ? probability : 0;
    }
    block.set(INT, base, kept);
    return Math.min(1, young);
  }

  /// The run that is now known to have begun after the one reported last, or -1.
  private int change(long row) {
    int best = -1;
    long from = reported() + Math.max(2, options.delay() / 2);
    for (int i = runs() - 1; i >= 0 && start(i) >= from; i--) {
      if (row - start(i) + 1 >= CONFIRMED && (best < 0 || get(i, 0) > get(best, 0))) {
        best = i;
      }
    }
    if (best < 0) {
      return -1;
    }
    double together = 0;
    for (int i = runs() - 1; i >= 0 && start(i) >= from; i--) {
      boolean near = Math.abs(start(i) - start(best)) < options.delay();
      together += near && row - start(i) + 1 >= CONFIRMED ? get(i, 0) : 0;
    }
    return together >= options.threshold() ? best : -1;
  }

  /// Whether two normal models, before and after, explain the rows so much better than one that
  /// noise alone would do so about once in 100,000 rows. The probability of a run does not say
  /// that: it takes for granted that changes come at the hazard's rate.
  private boolean isEvident(int run) {
    before.set((double) (start(run) - reported()), get(run, MEAN_BEFORE), get(run, SQUARES_BEFORE));
    part.copyFrom(present);
    part.subtract(before);
    double gain = -part.count() * logVariance(part) - before.count() * logVariance(before);
    return gain + present.count() * logVariance(present) >= EVIDENCE;
  }

  private static double logVariance(Moments rows) {
    return Math.log(Math.max(rows.squares() / rows.count(), Double.MIN_NORMAL));
  }

  /// Reports the run for which [#isEvident] has set `before`.
  private void report(int run, ChangeResult result) {
    long start = start(run);
    for (int i = 0; i < runs(); i++) {
      if (start(i) <= start) {
        set(i, MEAN_BEFORE, 0);
        set(i, SQUARES_BEFORE, 0);
        continue;
      }
      part.set((double) (start(i) - reported()), get(i, MEAN_BEFORE), get(i, SQUARES_BEFORE));
      part.subtract(before);
      set(i, MEAN_BEFORE, part.mean());
      set(i, SQUARES_BEFORE, part.squares());
    }
    present.subtract(before);
    block.set(LONG, base + START, start);
    result.change(block.get(LONG, at(run) + RUN_TIME), before, present);
  }
}
