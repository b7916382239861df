package dev.aevum.planner.lower;

import dev.aevum.model.batch.Field;
import dev.aevum.model.batch.Schema;
import dev.aevum.planner.catalog.RelationInfo;
import dev.aevum.planner.catalog.RelationInfo.StoredKind;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.PlanNode;
import dev.aevum.planner.plan.PlanNode.CalcNode;
import dev.aevum.planner.plan.PlanNode.MatchNode;
import dev.aevum.planner.plan.PlanNode.ScanNode;
import dev.aevum.planner.plan.SortKey;
import dev.aevum.planner.plan.Traits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Rows of one stream that are equal in ORDER BY come in the order of their arrival: a hidden
/// column of the stream tells it and becomes the last order key. Where the rows of a match come
/// from anything but a stream through filters and projections there is no such column.
final class ArrivalOrder {
  /// Hidden columns that order a stream's rows: of a stream that keeps its rows, and of a
  /// connector's.
  private static final List<List<String>> ARRIVAL =
      List.of(List.of("_seq"), List.of("_source_partition", "_source_offset"));

  private final Map<Integer, RelationInfo.Stored> relations;

  private ArrivalOrder(Map<Integer, RelationInfo.Stored> relations) {
    this.relations = relations;
  }

  /// `node` and where its arrival columns are.
  record Extended(PlanNode node, List<Integer> columns) {}

  /// The same rows with columns that tell their arrival; null where there are none.
  static @Nullable Extended of(PlanNode node, Map<Integer, RelationInfo.Stored> relations) {
    return new ArrivalOrder(relations).extend(node);
  }

  static MatchNode within(MatchNode n, Map<Integer, RelationInfo.Stored> relations) {
    @Nullable Extended input = new ArrivalOrder(relations).extend(n.input());
    if (input == null) {
      return n;
    }
    List<SortKey> keys = new ArrayList<>();
    for (int column : input.columns) {
      keys.add(new SortKey(column, false, false));
    }
    return MatchColumns.over(n, input.node, c -> c, keys);
  }

  private @Nullable Extended extend(PlanNode node) {
    return switch (node) {
      case ScanNode scan -> scan(scan);
      case CalcNode calc -> calc(calc);
      default -> null;
    };
  }

  private @Nullable Extended scan(ScanNode scan) {
    RelationInfo.Stored relation = Objects.requireNonNull(relations.get(scan.relation()));
    if (relation.kind() != StoredKind.STREAM) {
      return null;
    }
    for (List<String> names : ARRIVAL) {
      List<Integer> columns = new ArrayList<>();
      for (int i = 0; i < scan.columns().size(); i++) {
        int column = scan.columns().get(i);
        if (relation.hidden().contains(column)
            && names.contains(relation.columns().field(column).name())) {
          columns.add(i);
        }
      }
      if (columns.size() == names.size()) {
        return new Extended(scan, columns);
      }
    }
    return null;
  }

  private @Nullable Extended calc(CalcNode calc) {
    @Nullable Extended below = extend(calc.input());
    if (below == null) {
      return null;
    }
    List<Expr> projections = new ArrayList<>(calc.projections());
    List<Field> fields = new ArrayList<>(calc.schema().fields());
    List<Integer> columns = new ArrayList<>();
    for (int column : below.columns) {
      Field field = below.node.schema().field(column);
      columns.add(projections.size());
      projections.add(new Expr.ColumnRef(column, field.type(), field.nullable()));
      fields.add(field);
    }
    return new Extended(
        new CalcNode(below.node, calc.filter(), projections, new Schema(fields), Traits.UNKNOWN),
        columns);
  }
}
