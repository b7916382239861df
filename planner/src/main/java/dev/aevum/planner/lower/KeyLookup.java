package dev.aevum.planner.lower;

import dev.aevum.planner.catalog.RelationInfo;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.PlanNode;
import dev.aevum.planner.plan.PlanNode.CalcNode;
import dev.aevum.planner.plan.PlanNode.ScanNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `WHERE key = constant` over a scan becomes a point or prefix read. The filter stays, for the
/// other conditions.
final class KeyLookup {
  private final Map<Integer, RelationInfo.Stored> relations;

  KeyLookup(Map<Integer, RelationInfo.Stored> relations) {
    this.relations = relations;
  }

  PlanNode apply(PlanNode node) {
    List<PlanNode> inputs = node.inputs().stream().map(this::apply).toList();
    if (node instanceof CalcNode calc
        && calc.filter() != null
        && inputs.getFirst() instanceof ScanNode scan) {
      return PlanNodes.withInputs(calc, List.of(lookup(scan, calc.filter())));
    }
    return inputs.isEmpty() ? node : PlanNodes.withInputs(node, inputs);
  }

  private ScanNode lookup(ScanNode scan, Expr filter) {
    RelationInfo.@Nullable Stored relation = relations.get(scan.relation());
    if (relation == null || relation.uniqueKeys().isEmpty()) {
      return scan;
    }
    List<Expr> prefix = new ArrayList<>();
    for (int column : relation.uniqueKeys().getFirst()) {
      @Nullable Expr value = equal(filter, scan.columns().indexOf(column));
      if (value == null) {
        break;
      }
      prefix.add(value);
    }
    return new ScanNode(
        scan.relation(),
        scan.name(),
        scan.columns(),
        scan.watermark(),
        prefix,
        scan.schema(),
        scan.traits());
  }

  private static @Nullable Expr equal(Expr filter, int column) {
    for (Expr conjunct : Exprs.conjuncts(filter)) {
      if (conjunct instanceof Expr.Call call
          && call.function().name().equals("=")
          && call.arguments().size() == 2) {
        Expr left = call.arguments().get(0);
        Expr right = call.arguments().get(1);
        if (isColumn(left, column) && isFixed(right, left)) {
          return right;
        }
        if (isColumn(right, column) && isFixed(left, right)) {
          return left;
        }
      }
    }
    return null;
  }

  private static boolean isColumn(Expr expr, int column) {
    return expr instanceof Expr.ColumnRef ref && ref.index() == column;
  }

  private static boolean isFixed(Expr value, Expr column) {
    return value.type().equals(column.type())
        && Exprs.isSteady(value)
        && !Exprs.contains(value, e -> e instanceof Expr.ColumnRef);
  }
}
