package dev.aevum.planner.bind;

import dev.aevum.model.batch.Field;
import dev.aevum.parser.tree.FunctionCallNode;
import dev.aevum.parser.tree.TableFunctionNode;
import dev.aevum.planner.error.StatementErrors;
import dev.aevum.planner.rel.Extension;
import dev.aevum.planner.rel.Rels;
import dev.aevum.planner.rex.Rex;
import dev.aevum.planner.rex.Scalar;
import dev.aevum.planner.type.RowType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/// Functions in FROM: the time windows, set-returning functions, and scalar functions as tables of
/// one row.
final class TableFunctionBinder {
  private final FromBinder from;
  private final BindContext context;
  private final Rels rels;

  TableFunctionBinder(FromBinder from) {
    this.from = from;
    this.context = from.context();
    this.rels = context.rels();
  }

  FromItem bind(TableFunctionNode node) {
    return bind(node, null);
  }

  /// `alias` names the column too, where the function gives a single unnamed one.
  FromItem bind(TableFunctionNode node, @Nullable String alias) {
    FunctionCallNode call = node.call();
    String name = call.name().getLast().toLowerCase(Locale.ROOT);
    switch (name) {
      case "tumble", "hop":
        return new WindowTableBinder(from).bind(call, name.equals("hop"));
      case "cumulate", "session", "count_tumble", "count_hop", "diff":
        throw StatementErrors.unsupported(name.toUpperCase(Locale.ROOT), call.nameSpan());
      default:
        return SequenceTableBinder.takes(context, call)
            ? new SequenceTableBinder(from).bind(call)
            : function(node, call, name, alias);
    }
  }

  private FromItem function(
      TableFunctionNode node, FunctionCallNode call, String name, @Nullable String alias) {
    if (context.isView()) {
      throw StatementErrors.notInView("function " + name + " in FROM", call.nameSpan());
    }
    if (call.arguments().isEmpty()
        && context.catalog().functions().named(name).isEmpty()
        && context.catalog().relation("pg_catalog", name) != null) {
      // A function of the catalogue that gives a table (pg_get_keywords) is a catalogue relation of
      // that name.
      SqlIdentifier relation =
          new SqlIdentifier(List.of("pg_catalog", name), call.getParserPosition());
      return from.bind(relation);
    }
    Scope scope = Scope.empty(context, from.lateral());
    ExpressionBinder expressions =
        new ExpressionBinder(context, scope, from.environment(), Clause.FROM_FUNCTION);
    List<RexNode> functions = new ArrayList<>();
    List<String> names = new ArrayList<>();
    if (CompositeBinder.isExpandArray(call)) {
      for (String field : CompositeBinder.EXPAND_ARRAY_FIELDS) {
        functions.add(new CompositeBinder(expressions).expand(call, field, call));
        names.add(field);
      }
    } else if (name.equals("unnest") && call.arguments().size() > 1) {
      for (SqlNode argument : call.arguments()) {
        RexNode array = expressions.bind(argument);
        functions.add(
            new FunctionBinder(expressions).plain("unnest", List.of(array), call.nameSpan()));
        names.add("unnest");
      }
    } else {
      functions.add(expressions.bind(call));
      names.add(alias == null || alias.isEmpty() ? name : alias);
    }
    for (RexNode function : functions) {
      if (ValuesSubqueries.hasSubquery(function)) {
        throw StatementErrors.unsupported(
            "a sub-query in the arguments of a function in FROM", call.nameSpan());
      }
    }
    return build(node, functions, names, alias == null ? name : alias);
  }

  private FromItem build(
      TableFunctionNode node, List<RexNode> functions, List<String> names, String alias) {
    List<RelDataType> types = new ArrayList<>();
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < functions.size(); i++) {
      addColumns(functions.get(i), names.get(i), types, columns);
    }
    boolean sets = functions.stream().allMatch(SetStage::isSetReturning);
    RelNode rel;
    if (sets) {
      if (node.withOrdinality()) {
        types.add(Rels.bigint(false));
        columns.add("ordinality");
      }
      rel =
          rels.extension(
              new Extension.TableFunction(functions, node.withOrdinality(), false),
              List.of(rels.oneRow()),
              rels.rowType(types, columns));
    } else {
      List<RexNode> values = new ArrayList<>(functions);
      if (node.withOrdinality()) {
        columns.add("ordinality");
        values.add(context.rex().constant(1L, dev.aevum.model.type.SimpleType.BIGINT));
      }
      if (values.stream()
          .anyMatch(v ->
              Rex.contains(v, SetStage::isSetReturning) || Rex.scalar(v) instanceof Scalar.Row)) {
        throw StatementErrors.unsupported("this expression in FROM", node.span());
      }
      rel = rels.project(rels.oneRow(), values, columns);
    }
    return FromItem.of(rel, alias, columns, List.of());
  }

  private static void addColumns(
      RexNode function, String name, List<RelDataType> types, List<String> columns) {
    @Nullable List<Field> fields =
        Rex.scalar(function) instanceof Scalar.Function f
            ? RecordFunctions.columns(f.signature().name())
            : null;
    if (fields == null) {
      types.add(function.getType());
      columns.add(name);
      return;
    }
    for (Field field : fields) {
      types.add(new RowType(field.type(), field.nullable()));
      columns.add(field.name());
    }
  }
}
