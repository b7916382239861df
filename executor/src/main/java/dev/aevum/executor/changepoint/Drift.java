package dev.aevum.executor.changepoint;

import static dev.aevum.model.batch.Memory.DOUBLE;
import static dev.aevum.model.batch.Memory.LONG;

import java.lang.foreign.MemorySegment;

/// What the two cumulative sums share: for each direction a sum of deviations from the mean of the
/// present run, the row at which it last was least, and the rows since then, which a change makes
/// the new run. The mean and deviation are those of all rows of the run, so they must be `warmup`
/// before anything is judged.
///
/// Block: `[present moments][start row i64]`, then for up and down `[sum f64][least f64][time
/// i64][moments since]`.
abstract class Drift implements ChangeMethod {
  private static final int START = Moments.WIDTH;
  private static final int SIDES = START + 8;
  private static final int LEAST = 8;
  private static final int TIME = 16;
  private static final int SINCE = 24;
  private static final int SIDE = SINCE + Moments.WIDTH;

  private final ChangeOptions options;
  private final double allowance;
  private final double limit;
  private final double largestStep;
  private final Moments present = new Moments();
  private final Moments since = new Moments();
  private final Moments before = Moments.onHeap();
  private MemorySegment block = MemorySegment.NULL;
  private long base;

  private Drift(ChangeOptions options, double allowance, double limit, double largestStep) {
    this.options = options;
    this.allowance = allowance;
    this.limit = limit;
    this.largestStep = largestStep;
  }

  /// Page's two-sided cumulative sum, about running mean and deviation (Hawkins 1987). A row counts
  /// for at most four deviations, so that a lone outlier is no change.
  static final class Cusum extends Drift {
    Cusum(ChangeOptions options) {
      super(options, options.k(), options.h(), 4);
    }

    @Override
    boolean isBounded() {
      return true;
    }
  }

  /// The Page-Hinkley test: how far the sum of differences from the running mean has risen above
  /// its least value so far.
  static final class PageHinkley extends Drift {
    PageHinkley(ChangeOptions options) {
      super(options, options.delta(), options.lambda(), Double.MAX_VALUE);
    }

    @Override
    boolean isBounded() {
      return false;
    }
  }

  /// Whether the sum is kept from falling below 0; else its least value is kept.
  abstract boolean isBounded();

  @Override
  public int[] widths() {
    return new int[] {SIDES + 2 * SIDE};
  }

  @Override
  public void open(MemorySegment opened, long at, int tier) {
    block = opened;
    base = at;
    present.open(opened, at);
  }

  @Override
  public boolean isFull() {
    return false;
  }

  @Override
  public void moveFrom(ChangeMethod smaller) {
    throw new IllegalStateException("one tier only");
  }

  private long side(int side) {
    return base + SIDES + (long) SIDE * side;
  }

  @Override
  public void take(long row, long time, double x, ChangeResult result) {
    result.runLength = row + 1 - block.get(LONG, base + START);
    double count = present.count();
    if (count < Math.max(2, options.warmup())) {
      present.add(x);
      return;
    }
    double deviation = present.deviation();
    double z = x == present.mean() ? 0 : (x - present.mean()) / deviation;
    double step = Double.isFinite(z) ? z : Math.signum(z) * limit;
    step = Math.clamp(step, -largestStep, largestStep);
    present.add(x);
    double up = move(0, step, time, x);
    double down = move(1, -step, time, x);
    result.score = Math.max(up, down) / limit;
    if (result.score >= 1) {
      report(up >= down ? 0 : 1, row, result);
    }
  }

  /// Gives how far the side's sum is above its least value.
  private double move(int side, double step, long time, double x) {
    long at = side(side);
    double sum = block.get(DOUBLE, at) + step - allowance;
    double least = block.get(DOUBLE, at + LEAST);
    since.open(block, at + SINCE);
    if (sum <= least) {
      block.set(DOUBLE, at, isBounded() ? 0 : sum);
      block.set(DOUBLE, at + LEAST, isBounded() ? 0 : sum);
      since.set(0, 0, 0);
      return 0;
    }
    if (since.count() == 0) {
      block.set(LONG, at + TIME, time);
    }
    since.add(x);
    block.set(DOUBLE, at, sum);
    return sum - least;
  }

  private void report(int side, long row, ChangeResult result) {
    since.open(block, side(side) + SINCE);
    before.copyFrom(present);
    before.subtract(since);
    result.change(block.get(LONG, side(side) + TIME), before, since);
    result.direction = side == 0 ? 1 : -1;
    result.runLength = (long) since.count();
    block.set(LONG, base + START, row + 1 - result.runLength);
    present.copyFrom(since);
    block.asSlice(side(0), 2L * SIDE).fill((byte) 0);
  }
}
