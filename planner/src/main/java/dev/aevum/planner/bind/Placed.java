package dev.aevum.planner.bind;

import dev.aevum.planner.rel.Rels;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;

/// Values as columns of a row, appended to it where they are not columns already.
record Placed(RelNode rel, Map<RexNode, Integer> positions) {
  static Placed of(Rels rels, RelNode input, List<RexNode> needed) {
    Map<RexNode, Integer> positions = new LinkedHashMap<>();
    List<RexNode> computed = new ArrayList<>();
    int width = input.getRowType().getFieldCount();
    for (RexNode node : needed) {
      if (node instanceof RexInputRef ref) {
        positions.put(node, ref.getIndex());
      } else if (!positions.containsKey(node)) {
        positions.put(node, width + computed.size());
        computed.add(node);
      }
    }
    return new Placed(rels.append(input, computed), positions);
  }

  /// The column of one of the values.
  int at(RexNode node) {
    return Objects.requireNonNull(positions.get(node));
  }

  List<Integer> at(List<RexNode> nodes) {
    return nodes.stream().map(this::at).toList();
  }
}
