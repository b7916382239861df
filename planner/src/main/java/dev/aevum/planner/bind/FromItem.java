package dev.aevum.planner.bind;

import dev.aevum.planner.plan.QueryPlan.ColumnOrigin;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;

/// A bound part of FROM: rows, the aliases over them, and what bare names and `*` see.
record FromItem(RelNode rel, List<Scope.Entry> entries, List<Scope.Column> visible) {
  FromItem {
    entries = List.copyOf(entries);
    visible = List.copyOf(visible);
  }

  /// One alias over columns that have these names; those after the names are hidden, by
  /// `hiddenNames`.
  static FromItem of(RelNode rel, String alias, List<String> names, List<String> hiddenNames) {
    List<Scope.Column> columns = new ArrayList<>();
    for (RelDataTypeField field : rel.getRowType().getFieldList()) {
      int i = field.getIndex();
      boolean hidden = i >= names.size();
      String name = hidden ? hiddenNames.get(i - names.size()) : names.get(i);
      columns.add(new Scope.Column(name, i, field.getType(), hidden, ColumnOrigin.NONE));
    }
    return new FromItem(rel, List.of(new Scope.Entry(null, alias, columns, List.of())), columns);
  }

  /// The columns with the types that `other` has at the same positions, over `other`.
  FromItem over(RelNode other) {
    List<Scope.Entry> newEntries = new ArrayList<>();
    for (Scope.Entry entry : entries) {
      newEntries.add(
          new Scope.Entry(
              entry.schema(), entry.alias(), retyped(entry.columns(), other), entry.keys()));
    }
    return new FromItem(other, newEntries, retyped(visible, other));
  }

  private static List<Scope.Column> retyped(List<Scope.Column> columns, RelNode rel) {
    List<RelDataTypeField> fields = rel.getRowType().getFieldList();
    List<Scope.Column> result = new ArrayList<>();
    for (Scope.Column column : columns) {
      RelDataType type = fields.get(column.index()).getType();
      result.add(
          new Scope.Column(column.name(), column.index(), type, column.hidden(), column.origin()));
    }
    return result;
  }

  List<Scope.Entry> shiftedEntries(int offset) {
    return entries.stream().map(e -> e.shifted(offset)).toList();
  }

  List<Scope.Column> shiftedVisible(int offset) {
    return visible.stream().map(c -> c.shifted(offset)).toList();
  }
}
