package dev.aevum.planner.bind;

import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SourceSpan;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.bind.ExpressionBinder.Environment;
import dev.aevum.planner.bind.QueryBinder.BoundQuery;
import dev.aevum.planner.bind.QueryBinder.With;
import dev.aevum.planner.error.StatementErrors;
import dev.aevum.planner.plan.QueryPlan.ColumnOrigin;
import dev.aevum.planner.rel.Extension;
import dev.aevum.planner.rel.Rels;
import dev.aevum.planner.type.Casts;
import dev.aevum.planner.type.RowType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlSetOperator;
import org.apache.calcite.sql.SqlWithItem;
import org.jspecify.annotations.Nullable;

/// WITH queries, those that refer to themselves too.
final class RecursionBinder {
  private final BindContext context;
  private final Scope.@Nullable Frame outer;

  RecursionBinder(BindContext context, Scope.@Nullable Frame outer) {
    this.context = context;
    this.outer = outer;
  }

  BoundQuery bind(With with, String name) {
    SqlNode query = with.item().query;
    QueryBinder plain = new QueryBinder(context, with.environment(), outer);
    if (with.item().recursive.booleanValue()
        && query instanceof SqlBasicCall call
        && call.getKind() == SqlKind.UNION) {
      return union(with, name, call, plain);
    }
    return plain.bind(query);
  }

  /// A reference of a query to itself.
  static FromItem reference(
      BindContext context, @Nullable Recursion recursion, String name, @Nullable SourceSpan span) {
    if (recursion == null) {
      throw invalid(
          "recursive query \""
              + name
              + "\" does not have the form non-recursive-term UNION [ALL] recursive-term",
          span);
    }
    if (recursion.refer() > 1) {
      throw invalid(
          "recursive reference to query \"" + name + "\" must not appear more than once", span);
    }
    RelNode rel =
        context
            .rels()
            .extension(
                new Extension.WorkingTable(recursion.table()), List.of(), recursion.rowType());
    return FromItem.of(rel, name, recursion.names(), List.of());
  }

  private static SqlException invalid(String message, @Nullable SourceSpan span) {
    return StatementErrors.of(ErrorCode.INVALID_RECURSION, message, span);
  }

  private BoundQuery union(With with, String name, SqlBasicCall call, QueryBinder plain) {
    Rels rels = context.rels();
    BoundQuery start = plain.bind(call.operand(0));
    List<SqlType> types = Rels.types(start.rel()).subList(0, start.width());
    List<RelDataType> nullable = new ArrayList<>();
    types.forEach(t -> nullable.add(new RowType(t, true)));
    List<String> names = names(with.item(), start.names(), ExpressionBinder.span(call));
    RelDataType rowType = rels.rowType(nullable, names);
    Recursion recursion = new Recursion(context.nextCorrelation(), rowType, names);
    Map<String, With> seen = new HashMap<>(with.environment().with());
    seen.put(name, new With(with.item(), with.environment(), with.frame(), true, recursion));
    Environment inner = new Environment(Map.copyOf(seen), with.environment().windows());
    QueryBinder binder = new QueryBinder(context, inner, outer);
    BoundQuery step = binder.bindOpen(call.operand(1));
    if (!recursion.isUsed()) {
      return plain.bind(call);
    }
    if (context.isView()) {
      throw StatementErrors.notInView("WITH RECURSIVE", ExpressionBinder.span(call));
    }
    SourceSpan span = ExpressionBinder.span(call.operand(1));
    if (step.width() != start.width()) {
      throw StatementErrors.syntax("each UNION query must have the same number of columns", span);
    }
    checkTypes(name, types, Rels.types(step.rel()), span);
    boolean all = ((SqlSetOperator) call.getOperator()).isAll();
    RelNode first = rels.firstColumns(start.rel(), start.width());
    RelNode again =
        binder.coerceColumns(
            rels.firstColumns(step.rel(), step.width()),
            types,
            Casts.Context.IMPLICIT,
            "UNION",
            call.operand(1));
    RelNode result =
        rels.extension(
            new Extension.Recursive(recursion.table(), all),
            List.of(all ? first : Comparability.requireEquality(first), again),
            rowType);
    return new BoundQuery(
        result, names, Collections.nCopies(names.size(), ColumnOrigin.NONE), List.of());
  }

  private static void checkTypes(
      String name, List<SqlType> start, List<SqlType> step, @Nullable SourceSpan span) {
    for (int i = 0; i < start.size(); i++) {
      SqlType overall = Coercion.commonType(List.of(start.get(i), step.get(i)), "UNION", span);
      if (!Casts.sameFamily(overall, start.get(i))) {
        throw StatementErrors.of(
                ErrorCode.DATATYPE_MISMATCH,
                "recursive query \""
                    + name
                    + "\" column "
                    + (i + 1)
                    + " has type "
                    + OperatorBinder.errorName(start.get(i))
                    + " in non-recursive term but type "
                    + OperatorBinder.errorName(overall)
                    + " overall",
                span)
            .withHint("Cast the output of the non-recursive term to the correct type.");
      }
    }
  }

  /// The column names of a WITH query: those of its own, or those that are written for it.
  static List<String> names(SqlWithItem item, List<String> own, @Nullable SourceSpan span) {
    List<String> names = new ArrayList<>(own);
    if (item.columnList != null) {
      for (int i = 0; i < item.columnList.size(); i++) {
        if (i >= names.size()) {
          throw StatementErrors.of(
              ErrorCode.INVALID_COLUMN_REFERENCE,
              "WITH query \""
                  + item.name.getSimple()
                  + "\" has "
                  + names.size()
                  + " columns available but "
                  + item.columnList.size()
                  + " columns specified",
              span);
        }
        names.set(i, ((SqlIdentifier) item.columnList.get(i)).getSimple());
      }
    }
    return names;
  }
}
