package dev.aevum.planner.bind;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SourceSpan;
import dev.aevum.model.type.SqlType;
import dev.aevum.parser.tree.RowNode;
import dev.aevum.parser.tree.SelectNode;
import dev.aevum.parser.tree.SortItemNode;
import dev.aevum.planner.bind.ExpressionBinder.Environment;
import dev.aevum.planner.error.StatementErrors;
import dev.aevum.planner.plan.PlanNode.SetKind;
import dev.aevum.planner.plan.QueryPlan.ColumnOrigin;
import dev.aevum.planner.plan.SortKey;
import dev.aevum.planner.rel.Extension;
import dev.aevum.planner.rel.ExtensionRel;
import dev.aevum.planner.rel.Rels;
import dev.aevum.planner.rex.Rex;
import dev.aevum.planner.type.Casts;
import dev.aevum.planner.type.RowType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlNumericLiteral;
import org.apache.calcite.sql.SqlOrderBy;
import org.apache.calcite.sql.SqlSetOperator;
import org.apache.calcite.sql.SqlWith;
import org.apache.calcite.sql.SqlWithItem;
import org.jspecify.annotations.Nullable;

/// Queries: SELECT, VALUES, set operations, WITH.
final class QueryBinder {
  /// A bound query. `hidden` columns at the end carry fields of composite columns; they are not in
  /// `names`.
  record BoundQuery(
      RelNode rel, List<String> names, List<ColumnOrigin> origins, List<String> hidden) {
    BoundQuery {
      names = List.copyOf(names);
      origins = List.copyOf(origins);
      hidden = List.copyOf(hidden);
    }

    int width() {
      return names.size();
    }

    BoundQuery withRel(RelNode other) {
      return new BoundQuery(other, names, origins, hidden);
    }
  }

  /// A WITH query, bound anew wherever it is used.
  ///
  /// @param open it is the query itself that sees this
  /// @param recursion in the step of a recursive query: the rows that came last
  record With(
      SqlWithItem item,
      Environment environment,
      Scope.@Nullable Frame frame,
      boolean open,
      @Nullable Recursion recursion) {}

  private final BindContext context;
  private final Environment environment;
  private final Scope.@Nullable Frame outer;
  private final Coercion coercion;

  QueryBinder(BindContext context, Environment environment, Scope.@Nullable Frame outer) {
    this.context = context;
    this.environment = environment;
    this.outer = outer;
    this.coercion = new Coercion(context);
  }

  /// A query whose unknown columns have become text.
  BoundQuery bind(SqlNode query) {
    BoundQuery open = bindOpen(query);
    List<SqlType> types = new ArrayList<>();
    for (SqlType type : Rels.types(open.rel)) {
      types.add(
          type == dev.aevum.model.type.SimpleType.UNKNOWN
              ? dev.aevum.model.type.SimpleType.TEXT
              : type);
    }
    return open.withRel(coerceColumns(open.rel, types, Casts.Context.IMPLICIT, "", query));
  }

  /// A query whose literal columns may still be of type UNKNOWN.
  BoundQuery bindOpen(SqlNode query) {
    return switch (query) {
      case SqlOrderBy ordered -> ordered(ordered);
      case SqlWith with -> with(with);
      case SelectNode select ->
          new SelectBinder(context, environment, outer).bind(select, SqlNodeList.EMPTY, null, null);
      case SqlBasicCall call when call.getOperator() instanceof SqlSetOperator ->
          setOperation(call);
      case SqlBasicCall call when call.getKind() == SqlKind.VALUES -> values(call);
      default -> throw StatementErrors.unsupported("this query", ExpressionBinder.span(query));
    };
  }

  private BoundQuery with(SqlWith with) {
    Map<String, With> map = new HashMap<>(environment.with());
    Set<String> names = new HashSet<>();
    for (SqlNode node : with.withList) {
      SqlWithItem item = (SqlWithItem) node;
      String name = item.name.getSimple();
      if (!names.add(name)) {
        throw StatementErrors.of(
            ErrorCode.DUPLICATE_ALIAS,
            "WITH query name \"" + name + "\" specified more than once",
            ExpressionBinder.span(item.name));
      }
      Environment seen = new Environment(Map.copyOf(map), environment.windows());
      if (item.recursive.booleanValue()) {
        Map<String, With> self = new HashMap<>(map);
        self.put(name, new With(item, seen, outer, true, null));
        seen = new Environment(Map.copyOf(self), environment.windows());
      }
      map.put(name, new With(item, seen, outer, false, null));
    }
    Environment inner = new Environment(Map.copyOf(map), environment.windows());
    return new QueryBinder(context, inner, outer).bindOpen(with.body);
  }

  private BoundQuery ordered(SqlOrderBy ordered) {
    if (context.isView()) {
      SqlNode part =
          ordered.orderList.isEmpty()
              ? (ordered.fetch != null ? ordered.fetch : ordered.offset)
              : ordered.orderList;
      throw StatementErrors.notInView(
          ordered.orderList.isEmpty() ? "LIMIT" : "ORDER BY",
          part == null ? null : ExpressionBinder.span(part));
    }
    if (ordered.query instanceof SelectNode select) {
      return new SelectBinder(context, environment, outer)
          .bind(select, ordered.orderList, ordered.offset, ordered.fetch);
    }
    if (ordered.query instanceof SqlWith with) {
      SqlOrderBy inner =
          new SqlOrderBy(
              ordered.getParserPosition(),
              with.body,
              ordered.orderList,
              ordered.offset,
              ordered.fetch);
      return with(new SqlWith(with.getParserPosition(), with.withList, inner));
    }
    BoundQuery query = bind(ordered.query);
    List<SortKey> keys = new ArrayList<>();
    for (SqlNode node : ordered.orderList) {
      SortItemNode item = (SortItemNode) node;
      keys.add(SortBinder.key(item, outputColumn(item, query)));
    }
    return query.withRel(
        new LimitBinder(context, environment, outer)
            .sort(query.rel, keys, ordered.offset, ordered.fetch));
  }

  private static int outputColumn(SortItemNode item, BoundQuery query) {
    if (item.value() instanceof SqlNumericLiteral number && number.isInteger()) {
      return position(number, query.width(), "ORDER BY");
    }
    if (item.value() instanceof SqlIdentifier name && name.isSimple()) {
      int index = query.names.indexOf(name.getSimple());
      if (index >= 0) {
        return index;
      }
    }
    throw StatementErrors.of(
            ErrorCode.FEATURE_NOT_SUPPORTED,
            "invalid UNION/INTERSECT/EXCEPT ORDER BY clause",
            item.span())
        .withDetail("Only result column names can be used, not expressions or functions.")
        .withHint(
            "Add the expression/function to every SELECT, or move the UNION into a FROM clause.");
  }

  /// A column number of ORDER BY or GROUP BY, from 0.
  static int position(SqlNumericLiteral number, int count, String clause) {
    int position = number.intValue(true);
    if (position < 1 || position > count) {
      throw StatementErrors.of(
          ErrorCode.INVALID_COLUMN_REFERENCE,
          clause + " position " + position + " is not in select list",
          ExpressionBinder.span(number));
    }
    return position - 1;
  }

  private BoundQuery setOperation(SqlBasicCall call) {
    SqlSetOperator operator = (SqlSetOperator) call.getOperator();
    String name = operator.getKind().name();
    if (context.isView() && operator.getKind() != SqlKind.UNION) {
      throw StatementErrors.notInView(name, ExpressionBinder.span(call));
    }
    BoundQuery left = bindOpen(call.operand(0));
    BoundQuery right = bindOpen(call.operand(1));
    @Nullable SourceSpan span = ExpressionBinder.span(call.operand(1));
    if (left.width() != right.width()) {
      throw StatementErrors.syntax(
          "each " + name + " query must have the same number of columns", span);
    }
    List<SqlType> types = new ArrayList<>();
    List<SqlType> leftTypes = Rels.types(left.rel);
    List<SqlType> rightTypes = Rels.types(right.rel);
    for (int i = 0; i < left.width(); i++) {
      types.add(Coercion.commonType(List.of(leftTypes.get(i), rightTypes.get(i)), name, span));
    }
    Rels rels = context.rels();
    RelNode first =
        coerceColumns(visible(left), types, Casts.Context.IMPLICIT, name, call.operand(0));
    RelNode second =
        coerceColumns(visible(right), types, Casts.Context.IMPLICIT, name, call.operand(1));
    RelNode result;
    if (operator.getKind() == SqlKind.UNION) {
      RelNode all = rels.unionAll(List.of(first, second));
      result = operator.isAll() ? all : rels.distinct(Comparability.requireEquality(all));
    } else {
      boolean intersect = operator.getKind() == SqlKind.INTERSECT;
      SetKind kind =
          intersect
              ? operator.isAll() ? SetKind.INTERSECT_ALL : SetKind.INTERSECT
              : operator.isAll() ? SetKind.EXCEPT_ALL : SetKind.EXCEPT;
      result =
          rels.extension(
              new Extension.SetOperation(kind),
              List.of(Comparability.requireEquality(first), second),
              first.getRowType());
    }
    List<ColumnOrigin> none = Collections.nCopies(left.width(), ColumnOrigin.NONE);
    return new BoundQuery(result, left.names, none, List.of());
  }

  private RelNode visible(BoundQuery query) {
    return context.rels().firstColumns(query.rel, query.width());
  }

  private BoundQuery values(SqlBasicCall call) {
    Scope scope = Scope.empty(context, outer);
    ExpressionBinder expressions = new ExpressionBinder(context, scope, environment, Clause.VALUES);
    List<List<RexNode>> rows = new ArrayList<>();
    for (SqlNode node : call.getOperandList()) {
      List<RexNode> row = expressions.bindAll(((RowNode) node).items());
      if (!rows.isEmpty() && rows.getFirst().size() != row.size()) {
        throw StatementErrors.syntax(
            "VALUES lists must all be the same length", ExpressionBinder.span(node));
      }
      rows.add(row);
    }
    int width = rows.getFirst().size();
    List<String> names = new ArrayList<>();
    for (int column = 0; column < width; column++) {
      names.add("column" + (column + 1));
      unifyColumn(rows, column, ExpressionBinder.span(call));
    }
    List<RelDataType> types = new ArrayList<>();
    for (int column = 0; column < width; column++) {
      int c = column;
      boolean nullable = rows.stream().anyMatch(r -> Rex.nullable(r.get(c)));
      types.add(new RowType(Rex.type(rows.getFirst().get(column)), nullable));
    }
    RelNode rel = new ValuesSubqueries(context).values(rows, types, names);
    return new BoundQuery(rel, names, Collections.nCopies(width, ColumnOrigin.NONE), List.of());
  }

  /// Gives a column of VALUES one type; all unknown stays unknown.
  private void unifyColumn(List<List<RexNode>> rows, int column, @Nullable SourceSpan span) {
    List<RexNode> values = rows.stream().map(r -> r.get(column)).toList();
    if (values.stream().allMatch(Rex::isUnknown)) {
      return;
    }
    List<RexNode> unified = coercion.unify(values, "VALUES", span);
    for (int i = 0; i < rows.size(); i++) {
      List<RexNode> row = new ArrayList<>(rows.get(i));
      row.set(column, unified.get(i));
      rows.set(i, row);
    }
  }

  /// Casts the leading columns of a query; unknown literals in its select list or VALUES are read
  /// as the wanted type.
  RelNode coerceColumns(
      RelNode rel, List<SqlType> types, Casts.Context how, String construct, SqlNode at) {
    List<SqlType> present = Rels.types(rel);
    if (present.subList(0, types.size()).equals(types)) {
      return rel;
    }
    @Nullable SourceSpan span = ExpressionBinder.span(at);
    if (rel instanceof ExtensionRel e && e.extension() instanceof Extension.Values values) {
      return coerceValues(rel, values, types, how, span);
    }
    RelNode input = rel;
    List<? extends RexNode> expressions = context.rels().references(rel);
    if (rel instanceof Project project) {
      input = project.getInput();
      expressions = project.getProjects();
    }
    List<RexNode> cast = new ArrayList<>(expressions);
    for (int i = 0; i < types.size(); i++) {
      cast.set(i, coercion.cast(expressions.get(i), types.get(i), how, span));
    }
    return context.rels().project(input, cast, rel.getRowType().getFieldNames());
  }

  private RelNode coerceValues(
      RelNode rel,
      Extension.Values values,
      List<SqlType> types,
      Casts.Context how,
      @Nullable SourceSpan span) {
    List<List<RexNode>> rows = new ArrayList<>();
    for (List<RexNode> row : values.rows()) {
      List<RexNode> cast = new ArrayList<>();
      for (int i = 0; i < row.size(); i++) {
        cast.add(coercion.cast(row.get(i), types.get(i), how, span));
      }
      rows.add(cast);
    }
    List<RelDataType> rowTypes = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      int column = i;
      rowTypes.add(
          new RowType(types.get(i), rows.stream().anyMatch(r -> Rex.nullable(r.get(column)))));
    }
    return context
        .rels()
        .extension(
            new Extension.Values(rows),
            List.of(),
            context.rels().rowType(rowTypes, rel.getRowType().getFieldNames()));
  }
}
