package dev.aevum.planner.rule;

import dev.aevum.planner.rex.Rex;
import dev.aevum.planner.rex.Scalar;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.util.ImmutableBitSet;

/// Inner joins in an order that never multiplies rows for want of an equality: `FROM a, b, c WHERE
/// a.x = c.x AND b.y = c.y` joins `a` with `c` first. Only where the written order has a join
/// without an equality between its sides: else the plan, and with it what state is keyed by, stays
/// as written. Each step takes the first input, as written, that an equality ties to what is there.
final class JoinOrder {
  /// `start`: of each input's columns in the row of them all.
  private record Inputs(List<RelNode> nodes, List<RexNode> conjuncts, List<Integer> start) {
    int width(int input) {
      return nodes.get(input).getRowType().getFieldCount();
    }

    ImmutableBitSet columns(int input) {
      return ImmutableBitSet.range(start.get(input), start.get(input) + width(input));
    }
  }

  RelNode apply(RelNode node) {
    if (!isInner(node)) {
      List<RelNode> inputs = node.getInputs().stream().map(this::apply).toList();
      return inputs.equals(node.getInputs()) ? node : node.copy(node.getTraitSet(), inputs);
    }
    Inputs inputs = new Inputs(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    boolean tied = collect((Join) node, 0, inputs);
    List<RelNode> applied = inputs.nodes.stream().map(this::apply).toList();
    boolean same = applied.equals(inputs.nodes);
    List<Integer> written = range(applied.size());
    List<Integer> order = tied ? written : order(inputs);
    if (same && order.equals(written)) {
      return node;
    }
    return build(new Inputs(applied, inputs.conjuncts, inputs.start), order, node);
  }

  private static boolean isInner(RelNode node) {
    return node instanceof Join join && join.getJoinType() == JoinRelType.INNER;
  }

  /// Flattens; returns whether every join has an equality between its sides.
  private static boolean collect(Join join, int offset, Inputs into) {
    int leftWidth = join.getLeft().getRowType().getFieldCount();
    boolean tied = add(join.getLeft(), offset, into);
    tied &= add(join.getRight(), offset + leftWidth, into);
    ImmutableBitSet left = ImmutableBitSet.range(offset, offset + leftWidth);
    ImmutableBitSet right =
        ImmutableBitSet.range(offset + leftWidth, offset + join.getRowType().getFieldCount());
    boolean equality = false;
    for (RexNode conjunct : Rex.conjuncts(join.getCondition())) {
      if (!conjunct.isAlwaysTrue()) {
        RexNode shifted = Rex.shift(conjunct, offset);
        equality |= ties(shifted, left, right);
        into.conjuncts.add(shifted);
      }
    }
    return tied && equality;
  }

  private static boolean add(RelNode node, int offset, Inputs into) {
    if (isInner(node)) {
      return collect((Join) node, offset, into);
    }
    into.nodes.add(node);
    into.start.add(offset);
    return true;
  }

  private static boolean ties(RexNode conjunct, ImmutableBitSet some, ImmutableBitSet others) {
    if (!(conjunct instanceof RexCall call)
        || !(Rex.scalar(call) instanceof Scalar.Function f)
        || !f.signature().name().equals("=")
        || call.getOperands().size() != 2
        || !RexUtil.isDeterministic(call)) {
      return false;
    }
    ImmutableBitSet a = RelOptUtil.InputFinder.bits(call.getOperands().get(0));
    ImmutableBitSet b = RelOptUtil.InputFinder.bits(call.getOperands().get(1));
    return !a.isEmpty()
        && !b.isEmpty()
        && ((some.contains(a) && others.contains(b)) || (some.contains(b) && others.contains(a)));
  }

  private static List<Integer> order(Inputs inputs) {
    List<Integer> left = new ArrayList<>(range(inputs.nodes.size()));
    List<Integer> order = new ArrayList<>(List.of(left.removeFirst()));
    ImmutableBitSet have = inputs.columns(order.getFirst());
    while (!left.isEmpty()) {
      ImmutableBitSet present = have;
      int next =
          left.stream()
              .filter(
                  i -> inputs.conjuncts.stream().anyMatch(c -> ties(c, present, inputs.columns(i))))
              .findFirst()
              .orElse(left.getFirst());
      left.remove(Integer.valueOf(next));
      order.add(next);
      have = have.union(inputs.columns(next));
    }
    return order;
  }

  private static List<Integer> range(int count) {
    return java.util.stream.IntStream.range(0, count).boxed().toList();
  }

  private static RelNode build(Inputs inputs, List<Integer> order, RelNode original) {
    RexNode[] placed = new RexNode[original.getRowType().getFieldCount()];
    List<RexNode> waiting = new ArrayList<>(inputs.conjuncts);
    RelNode rel = inputs.nodes.get(order.getFirst());
    ImmutableBitSet have = inputs.columns(order.getFirst());
    place(inputs, order.getFirst(), 0, placed);
    Rex rex = new Rex(original.getCluster().getRexBuilder());
    for (int input : order.subList(1, order.size())) {
      place(inputs, input, rel.getRowType().getFieldCount(), placed);
      have = have.union(inputs.columns(input));
      List<RexNode> now = new ArrayList<>();
      for (RexNode conjunct : List.copyOf(waiting)) {
        if (have.contains(RelOptUtil.InputFinder.bits(conjunct))) {
          waiting.remove(conjunct);
          now.add(Rex.substitute(conjunct, Arrays.asList(placed)));
        }
      }
      rel =
          LogicalJoin.create(
              rel,
              inputs.nodes.get(input),
              List.of(),
              now.isEmpty() ? rex.bool(true) : rex.and(now),
              java.util.Set.of(),
              JoinRelType.INNER);
    }
    List<RexNode> all = Arrays.stream(placed).map(Objects::requireNonNull).toList();
    return LogicalProject.create(
        rel, List.of(), all, original.getRowType().getFieldNames(), java.util.Set.of());
  }

  private static void place(Inputs inputs, int input, int at, RexNode[] placed) {
    var fields = inputs.nodes.get(input).getRowType().getFieldList();
    for (int i = 0; i < fields.size(); i++) {
      placed[inputs.start.get(input) + i] = new RexInputRef(at + i, fields.get(i).getType());
    }
  }
}
