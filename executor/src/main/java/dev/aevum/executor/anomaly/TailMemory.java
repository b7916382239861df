package dev.aevum.executor.anomaly;

import static dev.aevum.model.batch.Memory.DOUBLE;
import static dev.aevum.model.batch.Memory.INT;
import static dev.aevum.model.batch.Memory.LONG;

import java.lang.foreign.MemorySegment;

/// What a channel remembers of its past values: a uniform sample ([#SAMPLE] or fewer) and exactly
/// the [#EXTREMES] highest and lowest. While there are no more values than the block holds, the
/// sample is all of them and needs no extremes beside it.
///
/// From it: the two-sided tail share p of a new value (ties count half, half a value is added), and
/// its *rarity* -log10(2p). A value outside of all seen so far adds min(3, excess / (95 % - 5 %
/// range)).
///
/// Block: `[count i64][random i64][size i32][highs i32][lows i32][pad i32][sample f64 x capacity]`,
/// and in the full block `[highest f64 x EXTREMES][lowest f64 x EXTREMES]`; every array ascends. A
/// flyweight: [#open] first. One thread.
final class TailMemory {
  static final int SAMPLE = 512;
  static final int EXTREMES = 64;

  private static final int HEADER = 40;
  private static final double MAXIMAL_EXCESS = 3;
  private static final double LN_2 = Math.log(2);

  private final int sampleSize;
  private MemorySegment block = MemorySegment.NULL;
  private long base;
  private int capacity;
  private long sample;
  private long highest;
  private long lowest;

  /// @param sampleSize values sampled once there are more than the sample holds
  TailMemory(int sampleSize) {
    this.sampleSize = sampleSize;
  }

  /// Bytes of a block whose sample holds `capacity` values: a full one if that is the sample's
  /// size.
  static int width(int capacity, int sampleSize) {
    return HEADER + 8 * capacity + (capacity == sampleSize ? 16 * EXTREMES : 0);
  }

  void open(MemorySegment block, long base, int capacity) {
    this.block = block;
    this.base = base;
    this.capacity = capacity;
    this.sample = base + HEADER;
    this.highest = sample + 8L * capacity;
    this.lowest = highest + 8L * EXTREMES;
  }

  void seed(long seed) {
    block.set(LONG, base + 8, seed);
  }

  long count() {
    return block.get(LONG, base);
  }

  private int size() {
    return block.get(INT, base + 16);
  }

  /// With extremes: what is no extreme has at least so many beyond it.
  private int extremes(int field) {
    return isExact() ? 0 : block.get(INT, base + field);
  }

  private boolean isExact() {
    return count() == size();
  }

  /// Fills this block, which is as large or larger, from another.
  void copyFrom(TailMemory from) {
    MemorySegment.copy(from.block, from.base, block, base, HEADER);
    MemorySegment.copy(from.block, from.sample, block, sample, 8L * from.size());
    if (from.capacity == sampleSize) {
      MemorySegment.copy(from.block, from.highest, block, highest, 16L * EXTREMES);
    }
  }

  private double at(long array, int index) {
    return block.get(DOUBLE, array + 8L * index);
  }

  /// How many of the ascending array are less than `x` (`orEqual`: or equal).
  private int rank(long array, int size, double x, boolean orEqual) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = low + high >>> 1;
      double value = at(array, middle);
      if (value < x || orEqual && value == x) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /// Past values above `x`, ties by half: exact near the end, by the sample elsewhere, where it is
  /// no fewer than the values of the end.
  private double above(double x) {
    int highs = extremes(20);
    boolean exact = highs > 0 && x > at(highest, 0);
    long array = exact ? highest : sample;
    int size = exact ? highs : size();
    int below = rank(array, size, x, false);
    int upTo = rank(array, size, x, true);
    double above = size - upTo + 0.5 * (upTo - below);
    return exact || isExact() ? above : Math.max(highs, above * count() / size);
  }

  private double below(double x) {
    int lows = extremes(24);
    boolean exact = lows > 0 && x < at(lowest, lows - 1);
    long array = exact ? lowest : sample;
    int size = exact ? lows : size();
    int below = rank(array, size, x, false);
    int upTo = rank(array, size, x, true);
    double share = below + 0.5 * (upTo - below);
    return exact || isExact() ? share : Math.max(lows, share * count() / size);
  }

  double maximum() {
    int highs = block.get(INT, base + 20);
    return highs == 0 ? at(sample, size() - 1) : at(highest, highs - 1);
  }

  double minimum() {
    return block.get(INT, base + 24) == 0 ? at(sample, 0) : at(lowest, 0);
  }

  double quantile(double q) {
    int size = size();
    return at(sample, Math.clamp((long) (q * size), 0, size - 1));
  }

  /// The value that share `p` of the past lies above: the ends are exact.
  double upperTail(double p) {
    double rank = p * count();
    int highs = isExact() ? 0 : block.get(INT, base + 20);
    if (rank < highs) {
      return at(highest, highs - 1 - (int) rank);
    }
    return quantile(1 - p);
  }

  double lowerTail(double p) {
    double rank = p * count();
    int lows = isExact() ? 0 : block.get(INT, base + 24);
    if (rank < lows) {
      return at(lowest, (int) rank);
    }
    return quantile(p);
  }

  /// Half of the 95 % - 5 % range (the whole may be beyond the largest double).
  double halfRange() {
    return quantile(0.95) / 2 - quantile(0.05) / 2;
  }

  /// Sets expected, lower and upper of `result` to the middle and to the bounds of what has less
  /// than `threshold` rarity, each plus `offset`.
  void expect(double threshold, double offset, AnomalyResult result) {
    double tail = Math.pow(10, -threshold) / 2;
    double beyond = Math.max(0, threshold - Math.log10(count() + 1.0));
    double margin = tail * count() < 0.5 ? 2 * beyond * halfRange() : 0;
    result.expected = finite(quantile(0.5) + offset);
    result.lower = finite(lowerTail(tail) - margin + offset);
    result.upper = finite(upperTail(tail) + margin + offset);
  }

  private static double finite(double value) {
    return Math.clamp(value, -Double.MAX_VALUE, Double.MAX_VALUE);
  }

  /// +1 in the upper half, -1 in the lower, 0 in the middle of it.
  int side(double x) {
    return count() == 0 ? 0 : Double.compare(below(x), above(x));
  }

  /// Rarity of `x` on the sides that count: `direction` +1 above only, -1 below only, 0 both. 0
  /// while nothing is known.
  double rarity(double x, int direction) {
    long count = count();
    if (count == 0) {
      return 0;
    }
    double above = (above(x) + 0.5) / (count + 1);
    double below = (below(x) + 0.5) / (count + 1);
    double tail = direction == 0 ? Math.min(above, below) : direction > 0 ? above : below;
    double rarity = 0 - Math.log10(Math.min(1, 2 * tail));
    double excess =
        direction >= 0 && x > maximum()
            ? x / 2 - maximum() / 2
            : direction <= 0 && x < minimum() ? minimum() / 2 - x / 2 : 0;
    if (excess > 0) {
      double range = halfRange();
      rarity += range > 0 ? Math.min(MAXIMAL_EXCESS, excess / range) : MAXIMAL_EXCESS;
    }
    return rarity;
  }

  /// `halfLife`: rows after which the past counts half; then the sample forgets, and no extremes
  /// are kept, as they never would.
  void learn(double x, double halfLife) {
    int size = size();
    long count = count();
    boolean forgets = halfLife < Double.POSITIVE_INFINITY;
    if (capacity == sampleSize && !forgets) {
      learnExtremes(x, count);
    }
    block.set(LONG, base, count + 1);
    if (size < capacity) {
      insert(sample, size, size, x);
      block.set(INT, base + 16, size + 1);
      return;
    }
    // Reservoir sampling (Vitter's R): the sample is ordered, so a random place is a random member.
    double seen = (double) (count + 1);
    double memory = forgets ? Math.min(seen, halfLife / LN_2) : seen;
    long place = Math.floorMod(nextRandom() >>> 1, Math.max(size, (long) memory));
    if (place < size) {
      replace(sample, (int) place, x, size);
    }
  }

  private void learnExtremes(double x, long count) {
    int highs = block.get(INT, base + 20);
    int lows = block.get(INT, base + 24);
    if (highs == 0 && count > 0) {
      // The block has just become full size: so far the sample is all.
      int size = size();
      highs = Math.min(EXTREMES, size);
      lows = highs;
      MemorySegment.copy(block, sample + 8L * (size - highs), block, highest, 8L * highs);
      MemorySegment.copy(block, sample, block, lowest, 8L * lows);
    }
    if (highs < EXTREMES) {
      insert(highest, highs, highs, x);
      highs++;
    } else if (x > at(highest, 0)) {
      replace(highest, 0, x, highs);
    }
    if (lows < EXTREMES) {
      insert(lowest, lows, lows, x);
      lows++;
    } else if (x < at(lowest, lows - 1)) {
      replace(lowest, lows - 1, x, lows);
    }
    block.set(INT, base + 20, highs);
    block.set(INT, base + 24, lows);
  }

  /// Puts `x` in order among the first `size` values; the one at `gap` >= its place is overwritten.
  private void insert(long array, int size, int gap, double x) {
    int place = rank(array, size, x, true);
    MemorySegment.copy(
        block, array + 8L * place, block, array + 8L * (place + 1), 8L * (gap - place));
    block.set(DOUBLE, array + 8L * place, x);
  }

  /// Takes the value at `out` away and puts `x` in order.
  private void replace(long array, int out, double x, int size) {
    int place = rank(array, size, x, true);
    if (place <= out) {
      insert(array, size, out, x);
    } else {
      MemorySegment.copy(
          block, array + 8L * (out + 1), block, array + 8L * out, 8L * (place - 1 - out));
      block.set(DOUBLE, array + 8L * (place - 1), x);
    }
  }

  /// SplitMix64 (Steele, Lea, Flood 2014).
  private long nextRandom() {
    long state = block.get(LONG, base + 8) + 0x9E3779B97F4A7C15L;
    block.set(LONG, base + 8, state);
    long z = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
