package dev.aevum.executor.anomaly;

import static dev.aevum.model.batch.Memory.LONG;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// A forest of random cut trees over samples of all points so far.
///
/// The sample is drawn once for the forest, [#SHARE] times as large as a tree's: a reservoir that
/// forgets (J. Vitter 1985, C. Aggarwal 2006). Of each [#SHARE] slots in a row a tree has one,
/// which one is a hash of tree and row of slots. So a tree's points are a sample like any, trees
/// differ, and a point is kept once and not in every tree.
///
/// Block: `[points seen i64][random i64][salt i64][points][trees]`. A flyweight: [#open] first. One
/// thread.
final class CutForest {
  /// Slots for each leaf of a tree: with fewer, scores depend more on the seed; with more, trees
  /// are too small while the sample fills.
  static final int SHARE = 8;

  private static final int POINTS = 24;

  private final int trees;
  private final int sampleSize;
  private final long memory;
  private final PointPool points;
  private final CutTree tree;
  private final Randomness random = new Randomness();
  private final double[] treeAbove;
  private final double[] treeBelow;
  private final double[] above;
  private final double[] below;
  private MemorySegment block = MemorySegment.NULL;
  private long base;
  private int capacity;

  /// @param sampleSize points of a tree
  /// @param memory points after which the past counts for 1/e
  CutForest(int trees, int sampleSize, long memory, CutBox box, int dimensions) {
    this.trees = trees;
    this.sampleSize = sampleSize;
    this.memory = memory;
    this.points = new PointPool(dimensions);
    this.tree = new CutTree(points, box, sampleSize);
    this.treeAbove = new double[dimensions];
    this.treeBelow = new double[dimensions];
    this.above = new double[dimensions];
    this.below = new double[dimensions];
  }

  /// Bytes of a block whose trees hold up to `capacity` points.
  int width(int capacity) {
    return POINTS + (points.width(SHARE * capacity) + 7) / 8 * 8 + trees * CutTree.width(capacity);
  }

  void open(MemorySegment opened, long at, int openedCapacity) {
    block = opened;
    base = at;
    capacity = openedCapacity;
    random.open(opened, at + 8);
    points.open(opened, at + POINTS);
  }

  private CutTree tree(int index) {
    long first = base + POINTS + (points.width(SHARE * capacity) + 7L) / 8 * 8;
    tree.open(block, first + (long) index * CutTree.width(capacity), capacity);
    return tree;
  }

  void seed(long seed) {
    random.seed(seed);
    block.set(LONG, base + 16, Randomness.mix(seed));
  }

  /// Fills this block, which is larger, from another.
  void copyFrom(CutForest from) {
    MemorySegment.copy(from.block, from.base, block, base, POINTS);
    points.copyFrom(from.points, SHARE * from.capacity);
    for (int t = 0; t < trees; t++) {
      tree(t).copyFrom(from.tree(t));
    }
  }

  long seen() {
    return block.get(LONG, base);
  }

  /// Whether the next point needs a larger block.
  boolean isFull() {
    return capacity < sampleSize && seen() >= (long) SHARE * capacity;
  }

  private boolean holds(int treeIndex, int slot) {
    long salt = block.get(LONG, base + 16);
    long hash = Randomness.mix(salt + ((long) treeIndex << 32) + slot / SHARE);
    return Math.floorMod(hash, SHARE) == slot % SHARE;
  }

  /// The mean score of the trees, 0 while there are no points. `attributes`: also [#above] and
  /// [#below] are to be known, what the score owes to which dimension.
  double score(float[] point, boolean attributes) {
    double sum = 0;
    Arrays.fill(above, 0);
    Arrays.fill(below, 0);
    for (int t = 0; t < trees; t++) {
      CutTree one = tree(t);
      if (one.size() == 0) {
        continue;
      }
      double scale = one.scale() / trees;
      sum += scale * one.score(point, attributes, treeAbove, treeBelow);
      for (int d = 0; attributes && d < above.length; d++) {
        above[d] += scale * treeAbove[d];
        below[d] += scale * treeBelow[d];
      }
    }
    return sum;
  }

  double above(int dimension) {
    return above[dimension];
  }

  double below(int dimension) {
    return below[dimension];
  }

  void learn(float[] point) {
    long seen = seen();
    block.set(LONG, base, seen + 1);
    int slots = SHARE * sampleSize;
    int slot = (int) Math.min(seen, slots);
    if (seen >= slots) {
      long past = Math.max(slots, Math.min(seen + 1, memory));
      long place = Math.floorMod(random.nextLong() >>> 1, past);
      if (place >= slots) {
        return;
      }
      slot = (int) place;
      for (int t = 0; t < trees; t++) {
        if (holds(t, slot)) {
          tree(t).delete(slot);
        }
      }
    }
    points.set(slot, point);
    for (int t = 0; t < trees; t++) {
      if (holds(t, slot)) {
        tree(t).insert(slot, point, random);
      }
    }
  }

  /// Points that the sample holds.
  int points() {
    return (int) Math.min(seen(), (long) SHARE * sampleSize);
  }

  float coordinate(int slot, int dimension) {
    return points.get(slot, dimension);
  }
}
