package dev.aevum.executor.anomaly;

import static dev.aevum.model.batch.Memory.FLOAT;
import static dev.aevum.model.batch.Memory.INT;
import static dev.aevum.model.batch.Memory.SHORT;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// A random cut tree over points of a pool: each inner node halves its box at a place that is
/// uniform over all its sides. Inserting and deleting keep that distribution (S. Guha and others,
/// "Robust Random Cut Forest Based Anomaly Detection on Streams", 2016).
///
/// The inner nodes stand in preorder, the leaves from left to right. A subtree over m leaves is m -
/// 1 nodes in a row: its own, those of its left part, those of its right part. So a node need not
/// know more than its cut and how many leaves are left of it. Equal points are leaves side by side
/// whose nodes have no cut. Boxes are not kept: a walk goes from a leaf up, takes in the leaves
/// beside its way, and ends where the point is inside, which for a usual point is soon.
///
/// Block: `[leaves i32][node i32: left leaves, dimension << 16][cut f32][slot i16]`, the last three
/// for each of `capacity`. A flyweight: [#open] first. One thread.
final class CutTree {
  /// The dimension of a node between equal points.
  private static final int NO_CUT = 0xFFFF;

  private final PointPool points;
  private final CutBox box;
  private MemorySegment block = MemorySegment.NULL;
  private long base;
  private long cuts;
  private long slots;

  // The way down: of each node on it the number, its first leaf, its leaves, and the turn.
  private final int[] nodes;
  private final double[] logarithms;
  private final int[] firsts;
  private final int[] counts;
  private final boolean[] lefts;
  private int depth;

  // Where the way ended: equal leaves, or one.
  private int node;
  private int first;
  private int count;

  CutTree(PointPool points, CutBox box, int largest) {
    this.points = points;
    this.box = box;
    this.nodes = new int[largest];
    this.firsts = new int[largest];
    this.counts = new int[largest];
    this.lefts = new boolean[largest];
    this.logarithms = new double[largest + 2];
    for (int i = 1; i < logarithms.length; i++) {
      logarithms[i] = Math.log(i) / Math.log(2);
    }
  }

  static int width(int capacity) {
    return 8 + 8 * capacity + (2 * capacity + 7) / 8 * 8;
  }

  void open(MemorySegment opened, long at, int openedCapacity) {
    block = opened;
    base = at;
    cuts = at + 8 + 4L * openedCapacity;
    slots = cuts + 4L * openedCapacity;
  }

  int size() {
    return block.get(INT, base);
  }

  private long nodeAt(int index) {
    return base + 8 + 4L * index;
  }

  int leftLeaves(int index) {
    return block.get(INT, nodeAt(index)) & 0xFFFF;
  }

  int dimension(int index) {
    return block.get(INT, nodeAt(index)) >>> 16;
  }

  float cut(int index) {
    return block.get(FLOAT, cuts + 4L * index);
  }

  int slot(int leaf) {
    return block.get(SHORT, slots + 2L * leaf) & 0xFFFF;
  }

  /// Fills this tree, which has room for more, from another.
  void copyFrom(CutTree from) {
    int size = from.size();
    block.set(INT, base, size);
    MemorySegment.copy(from.block, from.nodeAt(0), block, nodeAt(0), 4L * size);
    MemorySegment.copy(from.block, from.cuts, block, cuts, 4L * size);
    MemorySegment.copy(from.block, from.slots, block, slots, 2L * size);
  }

  private void start() {
    depth = 0;
    node = 0;
    first = 0;
    count = size();
  }

  private boolean isLeaf() {
    return count == 1 || dimension(node) == NO_CUT;
  }

  private void turn(boolean left) {
    nodes[depth] = node;
    firsts[depth] = first;
    counts[depth] = count;
    lefts[depth] = left;
    depth++;
    int leftCount = leftLeaves(node);
    if (left) {
      node++;
      count = leftCount;
    } else {
      node += leftCount;
      first += leftCount;
      count -= leftCount;
    }
  }

  private void descend(float[] point) {
    start();
    while (!isLeaf()) {
      turn(point[dimension(node)] <= cut(node));
    }
  }

  /// Takes the leaves beside the way at `level` into the box.
  private void widen(int level) {
    int leftCount = leftLeaves(nodes[level]);
    int from = firsts[level] + (lefts[level] ? leftCount : 0);
    int end = firsts[level] + (lefts[level] ? counts[level] : leftCount);
    for (int d = 0; d < points.dimensions(); d++) {
      float low = box.low[d];
      float high = box.high[d];
      for (int leaf = from; leaf < end; leaf++) {
        float x = points.get(slot(leaf), d);
        low = Math.min(low, x);
        high = Math.max(high, x);
      }
      box.low[d] = low;
      box.high[d] = high;
    }
  }

  // Scoring: the expected score of the point over all cuts that would have put it into the tree,
  // as in the cited paper's library: 1 / (depth + 1) where it is separated.

  /// The score of `point`, not yet scaled by [#scale]. With `attributes`, what it owes to being
  /// above or below in each dimension is left in the two arrays and adds up to it.
  double score(float[] point, boolean attributes, double[] above, double[] below) {
    descend(point);
    box.startAt(points, slot(first));
    if (!box.measure(point)) {
      double seen = (1 - count / (2.0 * size())) / (depth + logarithms[count + 1]);
      Arrays.fill(above, seen / (2 * above.length));
      Arrays.fill(below, seen / (2 * above.length));
      return seen;
    }
    double score = 1 / (depth + 1.0);
    if (attributes) {
      Arrays.fill(above, 0);
      Arrays.fill(below, 0);
      box.attribute(point, 0, score, above, below);
    }
    for (int level = depth - 1; level >= 0; level--) {
      widen(level);
      if (!box.measure(point)) {
        break;
      }
      double separated = box.separation();
      double here = 1 / (level + 1.0);
      score = separated * here + (1 - separated) * score;
      if (attributes) {
        box.attribute(point, 1 - separated, here, above, below);
      }
    }
    return score;
  }

  /// What makes scores of trees of different sizes comparable.
  double scale() {
    return logarithms[size() + 1];
  }

  // Changes.

  /// Puts the point of a slot, which is `point`, in. `random` gives a number below 1 for each level
  /// that is asked for.
  void insert(int slot, float[] point, Randomness random) {
    int size = size();
    if (size == 0) {
      block.set(SHORT, slots, (short) slot);
      block.set(INT, base, 1);
      return;
    }
    descend(point);
    box.startAt(points, slot(first));
    if (!box.measure(point)) {
      put(depth, node, first, slot, 0, NO_CUT, 0);
      return;
    }
    int level = -1;
    int dimension = 0;
    float cut = 0;
    for (int l = depth; l >= 0; l--) {
      if (l < depth) {
        widen(l);
        if (!box.measure(point)) {
          break;
        }
      }
      // The lowest box is a point: any cut separates, but for rounding.
      boolean separated = box.cut(point, random.next());
      if (!separated && l == depth) {
        box.cutBeside(point, differing(point));
        separated = true;
      }
      if (separated) {
        level = l;
        dimension = box.cutDimension();
        cut = box.cut();
      }
    }
    int above = level < depth ? counts[level] : count;
    int at = level < depth ? nodes[level] : node;
    int leaf = level < depth ? firsts[level] : first;
    boolean left = point[dimension] <= cut;
    put(level, at, left ? leaf : leaf + above, slot, left ? 1 : above, dimension, cut);
  }

  private int differing(float[] point) {
    int d = 0;
    while (point[d] == box.low[d]) {
      d++;
    }
    return d;
  }

  /// A new node at `at` below the first `level` of the way, and its leaf.
  private void put(
      int level, int at, int leaf, int slot, int leftLeaves, int dimension, float cut) {
    int size = size();
    for (int l = 0; l < level; l++) {
      if (lefts[l]) {
        block.set(INT, nodeAt(nodes[l]), block.get(INT, nodeAt(nodes[l])) + 1);
      }
    }
    MemorySegment.copy(block, nodeAt(at), block, nodeAt(at + 1), 4L * (size - 1 - at));
    MemorySegment.copy(block, cuts + 4L * at, block, cuts + 4L * (at + 1), 4L * (size - 1 - at));
    block.set(INT, nodeAt(at), leftLeaves | dimension << 16);
    block.set(FLOAT, cuts + 4L * at, cut);
    MemorySegment.copy(
        block, slots + 2L * leaf, block, slots + 2L * (leaf + 1), 2L * (size - leaf));
    block.set(SHORT, slots + 2L * leaf, (short) slot);
    block.set(INT, base, size + 1);
  }

  /// Takes the point of a slot out.
  void delete(int slot) {
    int size = size();
    int leaf = 0;
    while (slot(leaf) != slot) {
      leaf++;
    }
    start();
    while (!isLeaf()) {
      turn(leaf < first + leftLeaves(node));
    }
    // Of equal points one node without a cut goes, else the parent: the sibling takes its place.
    int levels = count > 1 ? depth : depth - 1;
    for (int l = 0; l < levels; l++) {
      if (lefts[l]) {
        block.set(INT, nodeAt(nodes[l]), block.get(INT, nodeAt(nodes[l])) - 1);
      }
    }
    if (size > 1) {
      int gone = count > 1 ? node : nodes[depth - 1];
      MemorySegment.copy(block, nodeAt(gone + 1), block, nodeAt(gone), 4L * (size - 2 - gone));
      MemorySegment.copy(
          block, cuts + 4L * (gone + 1), block, cuts + 4L * gone, 4L * (size - 2 - gone));
    }
    MemorySegment.copy(
        block, slots + 2L * (leaf + 1), block, slots + 2L * leaf, 2L * (size - 1 - leaf));
    block.set(INT, base, size - 1);
  }
}
