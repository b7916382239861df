package dev.aevum.executor.anomaly;

import static dev.aevum.model.batch.Memory.INT;
import static dev.aevum.model.batch.Memory.LONG;
import static dev.aevum.model.batch.Memory.SHORT;

import java.lang.foreign.MemorySegment;

/// Half-space trees (S. Tan, K. Ting, T. Liu, "Fast Anomaly Detection for Streaming Data", 2011):
/// full trees that halve a random work space at a random dimension on each level, and count how
/// many points of the last whole window fell into each node. Where few fell, a point is rare.
///
/// Points have coordinates from 0 to 1 over what was usual. The trees themselves are not kept: cuts
/// and dimensions are hashes of the salt.
///
/// Block: `[salt i64][points of the window i32][windows i32]`, then per tree and node `[reference
/// i16][latest i16]`. A flyweight: [#open] first. One thread.
final class HalfSpaces {
  private static final int COUNTS = 16;

  /// A node with less than this share of the window is not looked into further.
  private static final double SIZE_LIMIT = 0.1;

  /// Added to what lies in a node: of two points in empty nodes that in the larger one is rarer.
  private static final double HALF_A_POINT = 0.5;

  private final int trees;
  private final int depth;
  private final int window;
  private final double[] lows;
  private final double[] highs;
  private MemorySegment block = MemorySegment.NULL;
  private long base;

  HalfSpaces(int trees, int depth, int window, int dimensions) {
    this.trees = trees;
    this.depth = depth;
    this.window = window;
    this.lows = new double[dimensions];
    this.highs = new double[dimensions];
  }

  private int nodes() {
    return (2 << depth) - 1;
  }

  int width() {
    return COUNTS + (4 * trees * nodes() + 7) / 8 * 8;
  }

  void open(MemorySegment opened, long at) {
    block = opened;
    base = at;
  }

  void seed(long seed) {
    block.set(LONG, base, Randomness.mix(seed));
  }

  /// Whether a window is whole.
  boolean isKnown() {
    return block.get(INT, base + 12) > 0;
  }

  private long node(int tree, int node) {
    return base + COUNTS + 4L * ((long) tree * nodes() + node);
  }

  private int count(long at) {
    return block.get(SHORT, at) & 0xFFFF;
  }

  private void enter(int tree) {
    long salt = block.get(LONG, base);
    for (int d = 0; d < lows.length; d++) {
      double middle = unit(Randomness.mix(salt + 31L * (tree + 1) + ((long) (d + 1) << 32)));
      double reach = 2 * Math.max(middle, 1 - middle);
      lows[d] = middle - reach;
      highs[d] = middle + reach;
    }
  }

  private static double unit(long hash) {
    return (hash >>> 11) * 0x1p-53;
  }

  /// The child of `node` that the point lies in; the work space becomes the child's.
  private int child(int tree, int node, double[] point) {
    int d = 0;
    if (lows.length > 1) {
      long hash = Randomness.mix(block.get(LONG, base) ^ ((long) tree << 40 | node + 1L));
      d = (int) Math.floorMod(hash, (long) lows.length);
    }
    double cut = (lows[d] + highs[d]) / 2;
    boolean left = point[d] < cut;
    if (left) {
      highs[d] = cut;
    } else {
      lows[d] = cut;
    }
    return 2 * node + (left ? 1 : 2);
  }

  /// The paper's score, the sum over trees of (points in the node, and half a point) x 2^(its
  /// level): low for rare points. Without the half all points outside of the last window are equal.
  double mass(double[] point) {
    double sum = 0;
    for (int tree = 0; tree < trees; tree++) {
      enter(tree);
      int node = 0;
      int level = 0;
      int here = count(node(tree, 0));
      while (level < depth && here > SIZE_LIMIT * window) {
        node = child(tree, node, point);
        here = count(node(tree, node));
        level++;
      }
      sum += Math.scalb(here + HALF_A_POINT, level);
    }
    return sum;
  }

  /// The largest [#mass] there can be.
  double most() {
    return Math.scalb(trees * (window + HALF_A_POINT), depth);
  }

  void learn(double[] point) {
    for (int tree = 0; tree < trees; tree++) {
      enter(tree);
      int node = 0;
      for (int level = 0; ; level++) {
        long at = node(tree, node) + 2;
        block.set(SHORT, at, (short) (count(at) + 1));
        if (level == depth) {
          break;
        }
        node = child(tree, node, point);
      }
    }
    int points = block.get(INT, base + 8) + 1;
    if (points == window) {
      for (long at = node(0, 0); at < node(trees, 0); at += 4) {
        block.set(INT, at, block.get(INT, at) >>> 16);
      }
      block.set(INT, base + 12, 1);
      points = 0;
    }
    block.set(INT, base + 8, points);
  }
}
