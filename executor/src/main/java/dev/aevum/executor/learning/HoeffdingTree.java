package dev.aevum.executor.learning;

import dev.aevum.model.codec.ByteSink;
import java.util.ArrayList;
import java.util.List;

/// A decision tree that splits a leaf once its rows make sure that a split helps: `hoeffding_tree`.
///
/// Numbers split at a threshold (at most), categories into one and the rest. A leaf keeps its last
/// rows ([LeafRows]) and looks for splits among them ([LeafSplits]); where there are so many leaves
/// that few rows are left to each, by the normal distributions of its classes. A split is sure when
/// the likelihood ratio against no split, or against the second best feature unless they are closer
/// than `tie`, is beyond chance by `delta`. The new leaves begin with the rows of the old one. A
/// leaf predicts by its majority or by Bayes' rule, by which was right more often so far. Source:
/// Domingos and Hulten 2000; Gama, Fernandes and Rocha 2006 for the leaves; Wilks 1938 for the
/// test.
public final class HoeffdingTree implements Learner {
  private static final int CANDIDATES = 16;

  /// Rows that all leaves keep together, and a leaf at most.
  private static final int MOST_ROWS = 8192;

  private static final int MOST_LEAF_ROWS = 1024;

  /// Rows that are enough to look at in place of the distributions.
  private static final int ENOUGH_ROWS = 256;

  private final boolean[] numeric;
  private final int grace;
  private final double delta;
  private final double tie;
  private final int maxLeaves;
  private final List<Node> nodes = new ArrayList<>();
  private final Prediction scratch = new Prediction();
  private int leaves = 1;

  /// An inner node (`leaf` null) or a leaf. Inner: rows with `number <= threshold`, or of
  /// `category`, go to node `left`, others to `left + 1`; rows without the number go right.
  private static final class Node {
    int feature;
    double threshold;
    long category;
    int left;
    @org.jspecify.annotations.Nullable ClassCounts leaf;
    @org.jspecify.annotations.Nullable LeafRows rows;
    double sinceCheck;
    double majorityRight;
    double bayesRight;
  }

  /// A way to split a leaf.
  private static final class Split {
    double gain;
    int feature = -1;
    double threshold;
    long category;
    double[] left = new double[0];
  }

  public HoeffdingTree(boolean[] numeric, int grace, double delta, double tie, int maxLeaves) {
    this.numeric = numeric.clone();
    this.grace = grace;
    this.delta = delta;
    this.tie = tie;
    this.maxLeaves = maxLeaves;
    nodes.add(leaf());
  }

  private Node leaf() {
    Node node = new Node();
    node.leaf = new ClassCounts(numeric);
    node.rows = new LeafRows(numeric);
    return node;
  }

  int leaves() {
    return leaves;
  }

  private Node find(Features row) {
    Node node = nodes.getFirst();
    while (node.leaf == null) {
      boolean left =
          numeric[node.feature]
              ? row.numbers[node.feature] <= node.threshold
              : row.categories[node.feature] == node.category;
      node = nodes.get(left ? node.left : node.left + 1);
    }
    return node;
  }

  private static ClassCounts counts(Node node) {
    return java.util.Objects.requireNonNull(node.leaf);
  }

  private static LeafRows rows(Node node) {
    return java.util.Objects.requireNonNull(node.rows);
  }

  @Override
  public void predict(Features row, int classes, Prediction out) {
    Node node = find(row);
    if (node.bayesRight > node.majorityRight) {
      counts(node).bayes(row, classes, out);
    } else {
      counts(node).shares(classes, out);
    }
  }

  @Override
  public void learn(Features row, double target) {
    int cls = (int) target;
    Node node = find(row);
    ClassCounts counts = counts(node);
    if (counts.total() > 0) {
      if (counts.majority() == cls) {
        node.majorityRight++;
      }
      counts.bayes(row, cls + 1, scratch);
      if (scratch.best() == cls) {
        node.bayesRight++;
      }
    }
    counts.learn(row, cls);
    rows(node).add(row, cls, mostRows());
    node.sinceCheck++;
    if (node.sinceCheck >= grace && leaves < maxLeaves) {
      node.sinceCheck = 0;
      consider(node, counts);
    }
  }

  private void consider(Node node, ClassCounts counts) {
    int classes = counts.classes();
    double[] all = new double[classes];
    int present = 0;
    for (int c = 0; c < classes; c++) {
      all[c] = counts.rows(c);
      present += all[c] > 0 ? 1 : 0;
    }
    if (present < 2) {
      return;
    }
    LeafRows kept = rows(node);
    if (kept.size() >= ENOUGH_ROWS || kept.size() >= counts.total()) {
      considerRows(node, kept, classes);
    } else {
      considerCounts(node, counts, all);
    }
  }

  private int mostRows() {
    return Math.min(MOST_LEAF_ROWS, MOST_ROWS / leaves);
  }

  /// By the rows themselves.
  private void considerRows(Node node, LeafRows kept, int classes) {
    LeafSplits splits = new LeafSplits(numeric, kept, classes);
    LeafSplits.Split best = new LeafSplits.Split();
    double second = 0;
    for (int f = 0; f < numeric.length; f++) {
      LeafSplits.Split split = splits.best(f);
      second = Math.max(second, Math.min(best.gain, split.gain));
      best = split.gain > best.gain ? split : best;
    }
    double least = sure(splits.candidates(), classes);
    // A leaf that has looked ahead until its rows were full does so no more.
    if (best.gain <= least && kept.size() < mostRows()) {
      best = splits.ahead();
      second = 0;
      // Three splits were chosen, each among all.
      least *= 3;
    }
    double tied = tie * kept.size();
    boolean clear = best.gain - second < tied || best.gain - second > sure(1, classes);
    if (best.feature >= 0 && best.gain > least && clear) {
      split(node, best.feature, best.threshold, best.category);
    }
  }

  /// Bits that chance gives the best of so many splits with probability `delta`.
  private double sure(double candidates, int classes) {
    return (Math.log(candidates / delta) + (classes - 1)) / Math.log(2);
  }

  /// By the distributions of the classes.
  private void considerCounts(Node node, ClassCounts counts, double[] all) {
    Split best = new Split();
    double second = 0;
    for (int f = 0; f < numeric.length; f++) {
      Split split = numeric[f] ? numberSplit(counts, f, all) : categorySplit(counts, f, all);
      if (split.gain > best.gain) {
        second = best.gain;
        best = split;
      } else {
        second = Math.max(second, split.gain);
      }
    }
    double range = Math.log(Math.max(2, all.length)) / Math.log(2);
    double bound = Math.sqrt(range * range * Math.log(1 / delta) / (2 * counts.total()));
    if (best.feature >= 0 && (best.gain - second > bound || bound < tie)) {
      ClassCounts left = new ClassCounts(numeric);
      ClassCounts right = new ClassCounts(numeric);
      for (int c = 0; c < all.length; c++) {
        // A tenth of the weight: enough to predict with, little enough to be outvoted.
        left.addRows(c, best.left[c] / 10);
        right.addRows(c, Math.max(0, all[c] - best.left[c]) / 10);
      }
      int at = nodes.size();
      split(node, best.feature, best.threshold, best.category);
      begin(nodes.get(at), left);
      begin(nodes.get(at + 1), right);
    }
  }

  /// A leaf that got no rows has the shares that the split expects.
  private static void begin(Node leaf, ClassCounts expected) {
    if (leaf.leaf != null && leaf.leaf.total() == 0) {
      leaf.leaf = expected;
    }
  }

  /// Makes a leaf an inner node; its rows go on to the new leaves, which may split at once.
  private void split(Node node, int feature, double threshold, long category) {
    LeafRows kept = rows(node);
    node.left = nodes.size();
    node.feature = feature;
    node.threshold = threshold;
    node.category = category;
    node.leaf = null;
    node.rows = null;
    Node left = leaf();
    Node right = leaf();
    nodes.add(left);
    nodes.add(right);
    leaves++;
    Features row = new Features(numeric);
    for (int i = 0; i < kept.size(); i++) {
      int cls = kept.read(i, row);
      Node to =
          (numeric[feature]
                  ? row.numbers[feature] <= threshold
                  : row.categories[feature] == category)
              ? left
              : right;
      counts(to).learn(row, cls);
      rows(to).add(row, cls, MOST_LEAF_ROWS);
    }
    for (Node child : List.of(left, right)) {
      if (leaves < maxLeaves && child.leaf != null && rows(child).size() > 0) {
        consider(child, counts(child));
      }
    }
  }

  private Split numberSplit(ClassCounts counts, int feature, double[] all) {
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (Gaussian g : counts.numbers[feature]) {
      least = Math.min(least, g.least);
      most = Math.max(most, g.most);
    }
    Split best = new Split();
    if (!(most - least > 0) || !Double.isFinite(most - least)) {
      return best;
    }
    for (int i = 1; i < CANDIDATES; i++) {
      double threshold = least + (most - least) * i / CANDIDATES;
      double[] left = new double[all.length];
      for (int c = 0; c < Math.min(all.length, counts.numbers[feature].length); c++) {
        Gaussian g = counts.numbers[feature][c];
        left[c] = g.count == 0 ? 0 : Math.min(all[c], g.countUpTo(threshold));
      }
      double gain = gain(all, left);
      if (gain > best.gain) {
        best.gain = gain;
        best.feature = feature;
        best.threshold = threshold;
        best.left = left;
      }
    }
    return best;
  }

  private static Split categorySplit(ClassCounts counts, int feature, double[] all) {
    Split best = new Split();
    Numbering categories = counts.categories[feature];
    for (int category = 0; category < categories.size(); category++) {
      double[] left = new double[all.length];
      for (int c = 0; c < all.length; c++) {
        left[c] = counts.count(feature, category, c);
      }
      double gain = gain(all, left);
      if (gain > best.gain) {
        best.gain = gain;
        best.feature = feature;
        best.category = categories.key(category);
        best.left = left;
      }
    }
    return best;
  }

  /// How much the entropy of the classes falls, in bits; 0 where a side is nearly empty.
  private static double gain(double[] all, double[] left) {
    double total = 0;
    double onLeft = 0;
    double[] right = new double[all.length];
    for (int c = 0; c < all.length; c++) {
      total += all[c];
      onLeft += left[c];
      right[c] = Math.max(0, all[c] - left[c]);
    }
    double share = onLeft / total;
    if (share < 0.01 || share > 0.99) {
      return 0;
    }
    return entropy(all) - share * entropy(left) - (1 - share) * entropy(right);
  }

  private static double entropy(double[] counts) {
    double total = 0;
    for (double c : counts) {
      total += c;
    }
    double bits = 0;
    for (double c : counts) {
      if (c > 0) {
        bits -= c / total * Math.log(c / total) / Math.log(2);
      }
    }
    return bits;
  }

  @Override
  public void encode(ByteSink out) {
    out.appendInt(leaves);
    out.appendInt(nodes.size());
    for (Node node : nodes) {
      if (node.leaf == null) {
        out.appendByte(0);
        out.appendInt(node.feature);
        StateBytes.append(out, node.threshold);
        out.appendLong(node.category);
        out.appendInt(node.left);
      } else {
        out.appendByte(1);
        StateBytes.append(out, node.sinceCheck);
        StateBytes.append(out, node.majorityRight);
        StateBytes.append(out, node.bayesRight);
        node.leaf.encode(out);
        rows(node).encode(out);
      }
    }
  }

  @Override
  public void decode(StateReader in) {
    nodes.clear();
    leaves = in.readInt();
    int count = in.readCount(1);
    for (int i = 0; i < count; i++) {
      Node node = new Node();
      if (in.readByte() == 0) {
        node.feature = in.readInt();
        node.threshold = in.readDouble();
        node.category = in.readLong();
        node.left = in.readInt();
      } else {
        node.sinceCheck = in.readDouble();
        node.majorityRight = in.readDouble();
        node.bayesRight = in.readDouble();
        node.leaf = new ClassCounts(numeric);
        node.leaf.decode(in);
        node.rows = new LeafRows(numeric);
        if (in.version() > 1) {
          node.rows.decode(in);
        }
      }
      nodes.add(node);
    }
  }
}
