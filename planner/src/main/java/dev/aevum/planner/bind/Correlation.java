package dev.aevum.planner.bind;

import dev.aevum.planner.plan.PlanNode.JoinKind;
import dev.aevum.planner.rel.Extension;
import dev.aevum.planner.rel.Rels;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;

/// Joins a correlated right side to the rows that it is evaluated for. Captures that are no plain
/// columns are computed behind the left row first.
final class Correlation {
  /// `rightOffset`: where the right side's columns start; before it the left columns, and computed
  /// captures.
  record Result(RelNode rel, int rightOffset) {}

  private final Rels rels;

  Correlation(Rels rels) {
    this.rels = rels;
  }

  Result join(RelNode left, RelNode right, int correlation, List<RexNode> captures, JoinKind kind) {
    List<Integer> columns = new ArrayList<>();
    List<RexNode> computed = new ArrayList<>();
    int width = left.getRowType().getFieldCount();
    for (RexNode capture : captures) {
      if (capture instanceof RexInputRef ref) {
        columns.add(ref.getIndex());
      } else {
        columns.add(width + computed.size());
        computed.add(capture);
      }
    }
    RelNode wide = rels.append(left, computed);
    boolean leftOnly = kind == JoinKind.SEMI || kind == JoinKind.ANTI;
    RelDataType rowType =
        leftOnly
            ? wide.getRowType()
            : rels.concat(wide.getRowType(), right.getRowType(), kind == JoinKind.LEFT);
    RelNode joined =
        rels.extension(
            new Extension.Correlate(correlation, kind, columns), List.of(wide, right), rowType);
    return new Result(joined, width + computed.size());
  }

  /// The same without the computed captures: left columns, then the right side's.
  RelNode joinCompact(
      RelNode left, RelNode right, int correlation, List<RexNode> captures, JoinKind kind) {
    Result result = join(left, right, correlation, captures, kind);
    int width = left.getRowType().getFieldCount();
    if (result.rightOffset == width) {
      return result.rel;
    }
    List<RexInputRef> all = rels.references(result.rel);
    List<RexNode> kept = new ArrayList<>(all.subList(0, width));
    kept.addAll(all.subList(Math.min(result.rightOffset, all.size()), all.size()));
    List<String> names = new ArrayList<>();
    for (RexNode ref : kept) {
      names.add(result.rel.getRowType().getFieldNames().get(((RexInputRef) ref).getIndex()));
    }
    return rels.project(result.rel, kept, names);
  }
}
