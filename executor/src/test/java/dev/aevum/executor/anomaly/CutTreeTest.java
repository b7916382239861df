package dev.aevum.executor.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CutTreeTest {
  private static final int CAPACITY = 64;
  private static final double LOG2_3 = Math.log(3) / Math.log(2);

  /// A tree with a pool of its own.
  private static final class Fixture {
    final PointPool points;
    final CutTree tree;
    final Randomness random = new Randomness();
    final int dimensions;

    Fixture(int dimensions, long seed) {
      this.dimensions = dimensions;
      points = new PointPool(dimensions);
      points.open(MemorySegment.ofArray(new byte[points.width(CAPACITY)]), 0);
      tree = new CutTree(points, new CutBox(dimensions), CAPACITY);
      tree.open(MemorySegment.ofArray(new byte[CutTree.width(CAPACITY)]), 0, CAPACITY);
      random.open(MemorySegment.ofArray(new byte[8]), 0);
      random.seed(seed);
    }

    void insert(int slot, float... point) {
      points.set(slot, point);
      tree.insert(slot, point, random);
    }

    double score(float... point) {
      return tree.score(point, true, new double[dimensions], new double[dimensions]);
    }

    /// Checks each node of the subtree: what is left of its cut, what is right of it. Gives the
    /// depth.
    int check(int node, int first, int count) {
      if (count == 1) {
        return 0;
      }
      if (tree.dimension(node) == 0xFFFF) {
        for (int leaf = first; leaf < first + count; leaf++) {
          for (int d = 0; d < dimensions; d++) {
            assertThat(points.get(tree.slot(leaf), d)).isEqualTo(points.get(tree.slot(first), d));
          }
        }
        return 0;
      }
      int left = tree.leftLeaves(node);
      assertThat(left).isBetween(1, count - 1);
      for (int leaf = first; leaf < first + count; leaf++) {
        float x = points.get(tree.slot(leaf), tree.dimension(node));
        assertThat(x <= tree.cut(node)).as("leaf %d", leaf).isEqualTo(leaf < first + left);
      }
      return 1
          + Math.max(check(node + 1, first, left), check(node + left, first + left, count - left));
    }
  }

  @Test
  void scoresOfSmallTreesAreThoseByHand() {
    Fixture one = new Fixture(1, 1);
    one.insert(0, 0);
    // Separated above the only leaf, at depth 0.
    assertThat(one.score(5)).isEqualTo(1);
    // The point itself: (1 - 1/2) / (0 + log2(1 + 1)).
    assertThat(one.score(0)).isEqualTo(0.5);
    assertThat(one.tree.scale()).isEqualTo(1);
    one.insert(1, 1);
    // At the leaf (depth 1) 1/2; the box of 0 to 1 with 3 in it is 3 long, 2 of which separate.
    assertThat(one.score(3)).isCloseTo(2 / 3.0 + 1 / 3.0 * 0.5, within(1e-12));
    // Inside of the box only the leaf counts.
    assertThat(one.score(0.5F)).isCloseTo(0.5, within(1e-12));
    assertThat(one.tree.scale()).isCloseTo(LOG2_3, within(1e-12));
  }

  @Test
  void equalPointsAreOneLeafOfTheirCount() {
    Fixture three = new Fixture(2, 2);
    three.insert(0, 4, 4);
    three.insert(1, 4, 4);
    three.insert(2, 4, 4);
    assertThat(three.score(4, 4)).isCloseTo((1 - 3 / 6.0) / 2, within(1e-12));
    three.tree.delete(1);
    assertThat(three.score(4, 4)).isCloseTo((1 - 2 / 4.0) / LOG2_3, within(1e-12));
  }

  @Test
  void whatAScoreOwesAddsUpToIt() {
    Random random = new Random(3);
    Fixture trees = new Fixture(3, 3);
    for (int slot = 0; slot < 40; slot++) {
      trees.insert(slot, random.nextFloat(), random.nextFloat(), random.nextFloat());
    }
    double[] above = new double[3];
    double[] below = new double[3];
    double score = trees.tree.score(new float[] {0.5F, -9, 0.5F}, true, above, below);
    double sum = 0;
    for (int d = 0; d < 3; d++) {
      sum += above[d] + below[d];
    }
    assertThat(sum).isCloseTo(score, within(1e-12));
    assertThat(below[1]).isGreaterThan(0.9 * score);
  }

  @Test
  void cutsHoldThroughInsertsAndDeletes() {
    for (long seed = 0; seed < 30; seed++) {
      Random random = new Random(seed);
      Fixture trees = new Fixture(2, seed);
      List<Integer> in = new ArrayList<>();
      for (int step = 0; step < 400; step++) {
        if (in.size() < CAPACITY && (in.isEmpty() || random.nextInt(5) > 1)) {
          int slot = 0;
          while (in.contains(slot)) {
            slot++;
          }
          // Few values: equal points and equal coordinates are common.
          trees.insert(slot, random.nextInt(6), random.nextInt(6) * 0.1F);
          in.add(slot);
        } else {
          trees.tree.delete(in.remove(random.nextInt(in.size())));
        }
        assertThat(trees.tree.size()).isEqualTo(in.size());
        if (!in.isEmpty()) {
          trees.check(0, 0, in.size());
        }
      }
      List<Integer> slots = new ArrayList<>();
      for (int leaf = 0; leaf < in.size(); leaf++) {
        slots.add(trees.tree.slot(leaf));
      }
      assertThat(slots).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(in);
    }
  }

  @Test
  void firstCutsAreUniformOverTheSidesInWhateverOrderPointsCome() {
    int wide = 0;
    int runs = 4000;
    for (int seed = 0; seed < runs; seed++) {
      Fixture trees = new Fixture(2, seed * 7919L);
      float[][] points = {{0, 0}, {3, 0.5F}, {1, 1}};
      for (int i = 0; i < 3; i++) {
        trees.insert(i, points[(i + seed) % 3]);
      }
      // A point that came and went leaves no trace.
      trees.insert(3, 2, 9);
      trees.tree.delete(3);
      wide += trees.tree.dimension(0) == 0 ? 1 : 0;
    }
    // Sides of 3 and 1: three of four; four standard errors.
    assertThat(wide / (double) runs).isCloseTo(0.75, within(0.028));
  }
}
