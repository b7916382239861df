package dev.aevum.planner.bind;

import dev.aevum.model.type.SimpleType;
import dev.aevum.parser.tree.AliasNode;
import dev.aevum.parser.tree.FieldAccessNode;
import dev.aevum.parser.tree.FunctionCallNode;
import dev.aevum.planner.bind.QueryBinder.BoundQuery;
import dev.aevum.planner.error.StatementErrors;
import dev.aevum.planner.plan.QueryPlan.ColumnOrigin;
import dev.aevum.planner.rex.Scalar;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.jspecify.annotations.Nullable;

/// The select list: stars expanded, names given.
final class SelectItems {
  /// `hidden` items carry the fields of composite columns.
  record Item(RexNode value, String name, ColumnOrigin origin, SqlNode node, boolean hidden) {}

  /// Visible items, then hidden ones.
  static final class Output {
    private final List<Item> visible;
    private final List<Item> hidden;

    Output(List<Item> items) {
      visible = items.stream().filter(i -> !i.hidden()).toList();
      hidden = items.stream().filter(Item::hidden).toList();
    }

    List<RexNode> values() {
      List<RexNode> values = new ArrayList<>();
      visible.forEach(i -> values.add(i.value()));
      hidden.forEach(i -> values.add(i.value()));
      return values;
    }

    List<String> allNames() {
      List<String> names = new ArrayList<>();
      visible.forEach(i -> names.add(i.name()));
      hidden.forEach(i -> names.add(i.name()));
      return names;
    }

    BoundQuery query(RelNode rel) {
      return new BoundQuery(
          rel,
          visible.stream().map(Item::name).toList(),
          visible.stream().map(Item::origin).toList(),
          hidden.stream().map(Item::name).toList());
    }
  }

  private final ExpressionBinder expressions;

  SelectItems(ExpressionBinder expressions) {
    this.expressions = expressions;
  }

  /// `open`: literals may stay of type UNKNOWN.
  List<Item> bind(SqlNodeList list, boolean open) {
    List<Item> items = new ArrayList<>();
    for (SqlNode node : list) {
      if (node instanceof SqlIdentifier id && id.isStar()) {
        star(id, items);
        continue;
      }
      if (node instanceof FieldAccessNode access && access.isStar()) {
        fields(access, items);
        continue;
      }
      SqlNode value = node;
      String name;
      if (node instanceof AliasNode alias) {
        value = alias.item();
        name = alias.alias();
      } else {
        name = OutputNames.of(node);
      }
      if (CompositeBinder.isExpandArray(value)) {
        expandArray((FunctionCallNode) value, name, items);
        continue;
      }
      RexNode bound = expressions.bind(value);
      if (!open) {
        bound = expressions.coercion().orText(bound, ExpressionBinder.span(value));
      }
      if (dev.aevum.planner.rex.Rex.scalar(bound) instanceof Scalar.Row) {
        bound = CompositeBinder.value(expressions.rex(), bound);
      }
      ColumnOrigin origin = SelectBinder.origin(expressions.scope(), bound);
      items.add(new Item(bound, name, origin, value, false));
    }
    return items;
  }

  private void star(SqlIdentifier id, List<Item> items) {
    List<Scope.Column> columns;
    if (id.names.size() == 1) {
      columns = expressions.scope().visible();
      if (expressions.scope().entries().isEmpty()) {
        throw StatementErrors.syntax(
            "SELECT * with no tables specified is not valid", ExpressionBinder.span(id));
      }
    } else {
      List<String> qualifier = id.names.subList(0, id.names.size() - 1);
      Scope.@Nullable Entry entry = expressions.scope().entry(qualifier);
      if (entry == null) {
        throw expressions.scope().missingFrom(qualifier.getLast(), "*", ExpressionBinder.span(id));
      }
      columns = entry.columns();
    }
    for (Scope.Column column : columns) {
      boolean field = column.hidden() && column.name().indexOf('.') > 0;
      if (!column.hidden() || field) {
        RexNode ref = new RexInputRef(column.index(), column.type());
        expressions.context().note(ref, column.name(), ExpressionBinder.span(id));
        items.add(new Item(ref, column.name(), column.origin(), id, field));
      }
    }
  }

  /// `(value).*`: the fields of a composite value, or `(t).*`: the columns of a relation.
  private void fields(FieldAccessNode access, List<Item> items) {
    if (access.base() instanceof SqlIdentifier name
        && expressions.scope().tryResolve(name.names, access.span()) == null
        && expressions.scope().entry(name.names) != null) {
      star(name.plusStar(), items);
      return;
    }
    CompositeBinder.Fields fields = new CompositeBinder(expressions).fields(access);
    for (int i = 0; i < fields.values().size(); i++) {
      items.add(
          new Item(
              fields.values().get(i), fields.names().get(i), ColumnOrigin.NONE, access, false));
    }
  }

  /// A composite column: shown as text `(x,n)`, its fields hidden beside it.
  private void expandArray(FunctionCallNode call, String name, List<Item> items) {
    CompositeBinder composite = new CompositeBinder(expressions);
    List<RexNode> parts = new ArrayList<>();
    for (String field : CompositeBinder.EXPAND_ARRAY_FIELDS) {
      RexNode value = composite.expand(call, field, call);
      parts.add(value);
      items.add(
          new Item(value, CompositeBinder.fieldColumn(name, field), ColumnOrigin.NONE, call, true));
    }
    items.add(new Item(record(parts, call), name, ColumnOrigin.NONE, call, false));
  }

  private RexNode record(List<RexNode> parts, SqlNode at) {
    OperatorBinder operators = new OperatorBinder(expressions);
    RexNode text = expressions.rex().constant("(", SimpleType.TEXT);
    for (int i = 0; i < parts.size(); i++) {
      RexNode part =
          expressions.coercion().explicit(parts.get(i), SimpleType.TEXT, ExpressionBinder.span(at));
      text = operators.apply("||", List.of(text, part), null);
      String separator = i + 1 < parts.size() ? "," : ")";
      RexNode mark = expressions.rex().constant(separator, SimpleType.TEXT);
      text = operators.apply("||", List.of(text, mark), null);
    }
    return text;
  }
}
