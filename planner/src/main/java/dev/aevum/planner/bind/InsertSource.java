package dev.aevum.planner.bind;

import dev.aevum.model.batch.Field;
import dev.aevum.model.error.SourceSpan;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.parser.tree.DefaultNode;
import dev.aevum.parser.tree.RowNode;
import dev.aevum.planner.bind.ExpressionBinder.Environment;
import dev.aevum.planner.bind.QueryBinder.BoundQuery;
import dev.aevum.planner.catalog.RelationInfo;
import dev.aevum.planner.error.StatementErrors;
import dev.aevum.planner.error.TypeErrors;
import dev.aevum.planner.rel.Rels;
import dev.aevum.planner.rex.Rex;
import dev.aevum.planner.type.Casts;
import dev.aevum.planner.type.RowType;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/// What INSERT inserts, in the types of the columns it goes to: VALUES item by item, with DEFAULT,
/// or any query.
final class InsertSource {
  private final BindContext context;
  private final RelationInfo.Stored target;
  private final List<Integer> columns;
  private final boolean listed;

  /// `columns`: positions in the target; `listed`: whether the statement names them.
  InsertSource(
      BindContext context, RelationInfo.Stored target, List<Integer> columns, boolean listed) {
    this.context = context;
    this.target = target;
    this.columns = columns;
    this.listed = listed;
  }

  RelNode bind(SqlNode source) {
    if (source instanceof SqlBasicCall call && call.getKind() == SqlKind.VALUES) {
      return values(call);
    }
    BoundQuery query = new QueryBinder(context, Environment.EMPTY, null).bindOpen(source);
    checkCount(query.width(), source);
    Rels rels = context.rels();
    RelNode rel = rels.firstColumns(query.rel(), query.width());
    List<SqlType> types = new ArrayList<>();
    List<SqlType> present = Rels.types(rel);
    for (int i = 0; i < query.width(); i++) {
      Field field = target.columns().field(columns.get(i));
      if (!assignable(present.get(i), field.type())) {
        throw TypeErrors.cannotAssign(
            field.name(), field.type(), present.get(i), ExpressionBinder.span(source));
      }
      types.add(field.type());
    }
    return new QueryBinder(context, Environment.EMPTY, null)
        .coerceColumns(rel, types, Casts.Context.ASSIGNMENT, "INSERT", source);
  }

  private void checkCount(int count, SqlNode at) {
    @Nullable SourceSpan span = ExpressionBinder.span(at);
    if (count > columns.size()) {
      throw StatementErrors.syntax("INSERT has more expressions than target columns", span);
    }
    if (count < columns.size() && listed) {
      throw StatementErrors.syntax("INSERT has more target columns than expressions", span);
    }
  }

  private RelNode values(SqlBasicCall call) {
    ExpressionBinder expressions =
        new ExpressionBinder(context, Scope.empty(context, null), Environment.EMPTY, Clause.VALUES);
    List<List<RexNode>> rows = new ArrayList<>();
    for (SqlNode node : call.getOperandList()) {
      List<SqlNode> items = ((RowNode) node).items();
      checkCount(items.size(), node);
      if (!rows.isEmpty() && rows.getFirst().size() != items.size()) {
        throw StatementErrors.syntax(
            "VALUES lists must all be the same length", ExpressionBinder.span(node));
      }
      List<RexNode> row = new ArrayList<>();
      for (int i = 0; i < items.size(); i++) {
        int column = columns.get(i);
        row.add(
            items.get(i) instanceof DefaultNode
                ? WriteBinder.defaultOf(context, target, column)
                : assign(
                    context,
                    expressions.bind(items.get(i)),
                    target.columns().field(column),
                    items.get(i)));
      }
      rows.add(row);
    }
    List<RelDataType> types = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < rows.getFirst().size(); i++) {
      int position = i;
      Field field = target.columns().field(columns.get(i));
      boolean nullable = rows.stream().anyMatch(r -> Rex.nullable(r.get(position)));
      types.add(new RowType(field.type(), nullable));
      names.add(field.name());
    }
    return new ValuesSubqueries(context).values(rows, types, names);
  }

  /// A value cast by assignment to its column.
  static RexNode assign(BindContext context, RexNode value, Field field, SqlNode at) {
    @Nullable SourceSpan span = ExpressionBinder.span(at);
    if (!assignable(Rex.type(value), field.type()) && !Coercion.isEmptyArray(value)) {
      throw TypeErrors.cannotAssign(field.name(), field.type(), Rex.type(value), span);
    }
    return new Coercion(context).cast(value, field.type(), Casts.Context.ASSIGNMENT, span);
  }

  private static boolean assignable(SqlType from, SqlType to) {
    return from == SimpleType.UNKNOWN || Casts.exists(from, to, Casts.Context.ASSIGNMENT);
  }
}
