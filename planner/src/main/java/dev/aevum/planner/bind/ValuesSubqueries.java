package dev.aevum.planner.bind;

import dev.aevum.planner.rel.Extension;
import dev.aevum.planner.rel.Rels;
import dev.aevum.planner.rex.Rex;
import dev.aevum.planner.rex.Scalar;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexNode;

/// VALUES: rows of plain expressions are one node; rows that hold sub-queries become one SELECT
/// each.
final class ValuesSubqueries {
  private final BindContext context;

  ValuesSubqueries(BindContext context) {
    this.context = context;
  }

  RelNode values(List<List<RexNode>> rows, List<RelDataType> types, List<String> names) {
    Rels rels = context.rels();
    boolean plain = rows.stream().flatMap(List::stream).noneMatch(ValuesSubqueries::hasSubquery);
    if (plain) {
      return rels.extension(new Extension.Values(rows), List.of(), rels.rowType(types, names));
    }
    List<RelNode> branches = new ArrayList<>();
    for (List<RexNode> row : rows) {
      SubqueryRemoval.Result result = new SubqueryRemoval(context).apply(rels.oneRow(), row);
      branches.add(rels.project(result.rel(), result.expressions(), names));
    }
    return branches.size() == 1 ? branches.getFirst() : rels.unionAll(branches);
  }

  static boolean hasSubquery(RexNode node) {
    return Rex.contains(node, n -> Rex.scalar(n) instanceof Scalar.Subquery);
  }
}
