package dev.aevum.planner.bind;

import dev.aevum.model.error.SourceSpan;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.CompositeType;
import dev.aevum.planner.catalog.RelationInfo;
import dev.aevum.planner.error.NameErrors;
import dev.aevum.planner.plan.QueryPlan.ColumnOrigin;
import dev.aevum.planner.rex.Rex;
import dev.aevum.planner.rex.Scalar;
import dev.aevum.planner.type.RowType;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/// The names that an expression sees: those of its own FROM, then those of the enclosing queries.
final class Scope {
  /// A column of the row that expressions are bound over.
  record Column(String name, int index, RelDataType type, boolean hidden, ColumnOrigin origin) {
    Column shifted(int offset) {
      return new Column(name, index + offset, type, hidden, origin);
    }
  }

  /// One FROM item by its alias. `schema` is null for what has none. `keys`: unique keys as row
  /// positions.
  record Entry(
      @Nullable String schema, String alias, List<Column> columns, List<List<Integer>> keys) {
    Entry shifted(int offset) {
      return new Entry(
          schema,
          alias,
          columns.stream().map(c -> c.shifted(offset)).toList(),
          keys.stream().map(k -> k.stream().map(i -> i + offset).toList()).toList());
    }
  }

  /// The link from a sub-query (or a lateral item) to the row around it. References out of it
  /// become captures: expressions over the outer row.
  static final class Frame {
    private final Scope outer;
    private final int correlation;
    private final List<RexNode> captures = new ArrayList<>();

    Frame(Scope outer, int correlation) {
      this.outer = outer;
      this.correlation = correlation;
    }

    int correlation() {
      return correlation;
    }

    List<RexNode> captures() {
      return captures;
    }

    RexNode capture(Rex rex, RexNode outerValue) {
      int index = captures.indexOf(outerValue);
      if (index < 0) {
        index = captures.size();
        captures.add(outerValue);
      }
      return rex.call(
          new Scalar.OuterRef(correlation, index),
          Rex.type(outerValue),
          Rex.nullable(outerValue),
          List.of());
    }
  }

  private final BindContext context;
  private final List<Entry> entries;
  private final List<Column> visible;
  private final @Nullable Frame outer;

  Scope(BindContext context, List<Entry> entries, List<Column> visible, @Nullable Frame outer) {
    this.context = context;
    this.entries = List.copyOf(entries);
    this.visible = List.copyOf(visible);
    this.outer = outer;
  }

  static Scope empty(BindContext context, @Nullable Frame outer) {
    return new Scope(context, List.of(), List.of(), outer);
  }

  @Nullable Frame outer() {
    return outer;
  }

  List<Entry> entries() {
    return entries;
  }

  /// What a bare name and `*` see.
  List<Column> visible() {
    return visible;
  }

  /// The value of a column by the parts of its name.
  RexNode resolve(List<String> parts, @Nullable SourceSpan span) {
    @Nullable RexNode value = tryResolve(parts, span);
    if (value != null) {
      return value;
    }
    String column = parts.getLast();
    if (parts.size() == 1) {
      throw NameErrors.unknownColumn(null, column, columnNames(), span);
    }
    String table = parts.get(parts.size() - 2);
    @Nullable Entry entry = entryAnywhere(parts.subList(0, parts.size() - 1));
    if (entry != null) {
      List<String> names = entry.columns.stream().map(Column::name).toList();
      throw NameErrors.unknownColumn(table, column, names, span);
    }
    @Nullable Entry hidden = aliased(table);
    if (hidden != null) {
      throw NameErrors.hiddenByAlias(table, hidden.alias, span);
    }
    throw missingFrom(table, column, span);
  }

  /// No FROM item has that name. `field`: what was wanted of it, a column or `*`.
  SqlException missingFrom(String table, String field, @Nullable SourceSpan span) {
    if (visible.stream()
        .anyMatch(c -> c.name.equals(table) && RowType.of(c.type) instanceof CompositeType)) {
      String hint =
          "For fields of the column \"" + table + "\" write (" + table + ")." + field + ".";
      return NameErrors.missingFrom(table, hint, span);
    }
    List<String> aliases = entries.stream().map(Entry::alias).filter(a -> !a.isEmpty()).toList();
    String hint =
        NameErrors.closest(table, aliases)
            .map(a -> "Perhaps you meant to reference the table alias \"" + a + "\".")
            .orElse(null);
    return NameErrors.missingFrom(table, hint, span);
  }

  /// The entry of that relation under another name.
  private @Nullable Entry aliased(String table) {
    @Nullable RelationInfo relation = context.catalog().relation(null, table);
    if (relation == null) {
      return null;
    }
    for (Entry entry : entries) {
      if (entry.columns.stream().anyMatch(c -> c.origin.relation() == relation.id())) {
        return entry;
      }
    }
    return null;
  }

  @Nullable RexNode tryResolve(List<String> parts, @Nullable SourceSpan span) {
    @Nullable Column column =
        parts.size() == 1 ? bare(parts.getFirst(), span) : qualified(parts, span);
    if (column != null) {
      RexInputRef reference = new RexInputRef(column.index, column.type);
      context.note(reference, shown(parts, column), span);
      return reference;
    }
    if (outer == null) {
      return null;
    }
    @Nullable RexNode value = outer.outer.tryResolve(parts, span);
    return value == null ? null : outer.capture(context.rex(), value);
  }

  private String shown(List<String> parts, Column column) {
    if (parts.size() > 1) {
      return parts.get(parts.size() - 2) + "." + parts.getLast();
    }
    for (Entry entry : entries) {
      if (entry.columns.stream().anyMatch(c -> c.index == column.index) && !entry.alias.isEmpty()) {
        return entry.alias + "." + column.name;
      }
    }
    return column.name;
  }

  private @Nullable Column bare(String name, @Nullable SourceSpan span) {
    @Nullable Column found = null;
    for (Column column : visible) {
      if (column.name.equals(name)) {
        if (found != null) {
          throw NameErrors.ambiguousColumn(name, span);
        }
        found = column;
      }
    }
    return found;
  }

  private @Nullable Column qualified(List<String> parts, @Nullable SourceSpan span) {
    @Nullable Entry entry = entry(parts.subList(0, parts.size() - 1));
    if (entry == null) {
      return null;
    }
    @Nullable Column found = null;
    for (Column column : entry.columns) {
      if (column.name.equals(parts.getLast())) {
        if (found != null) {
          throw NameErrors.ambiguousColumn(parts.getLast(), span);
        }
        found = column;
      }
    }
    return found;
  }

  /// The FROM item that `t` or `s.t` names in this query, null if none.
  @Nullable Entry entry(List<String> qualifier) {
    String table = qualifier.getLast();
    @Nullable String schema = qualifier.size() > 1 ? qualifier.get(qualifier.size() - 2) : null;
    for (Entry entry : entries) {
      if (entry.alias.equals(table) && (schema == null || schema.equals(entry.schema))) {
        return entry;
      }
    }
    return null;
  }

  private @Nullable Entry entryAnywhere(List<String> qualifier) {
    @Nullable Entry entry = entry(qualifier);
    return entry != null || outer == null ? entry : outer.outer.entryAnywhere(qualifier);
  }

  private List<String> columnNames() {
    List<String> names = new ArrayList<>();
    for (Entry entry : entries) {
      for (Column column : entry.columns) {
        names.add(column.name);
      }
    }
    return names;
  }
}
