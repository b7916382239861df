package dev.aevum.engine.session;

import dev.aevum.engine.api.Portal;
import dev.aevum.engine.api.ResultColumn;
import dev.aevum.engine.api.Session.Prepared;
import dev.aevum.model.batch.Column;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.text.JavaValues;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.Expr;
import dev.aevum.planner.plan.QueryPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// A planned query. When the catalogue has changed since, it is planned again at the next
/// execution; a changed result type fails with PostgreSQL's 0A000.
final class QueryPrepared implements Prepared {
  private final SessionImpl session;
  private final Supplier<QueryPlan> planner;
  private final List<ResultColumn> columns;
  private QueryPlan plan;
  private long catalogVersion;

  QueryPrepared(SessionImpl session, Supplier<QueryPlan> planner) {
    this.session = session;
    this.planner = planner;
    this.catalogVersion = session.runtime().catalog().version();
    this.plan = planner.get();
    this.columns = columns(plan);
  }

  static List<ResultColumn> columns(QueryPlan plan) {
    List<ResultColumn> columns = new ArrayList<>();
    for (int i = 0; i < plan.root().schema().size(); i++) {
      QueryPlan.ColumnOrigin origin = plan.origins().get(i);
      columns.add(
          new ResultColumn(
              plan.root().schema().field(i).name(),
              plan.root().schema().type(i),
              origin.relation(),
              origin.attribute()));
    }
    return columns;
  }

  @Override
  public List<SqlType> parameterTypes() {
    return plan.parameters();
  }

  @Override
  public List<ResultColumn> columns() {
    return columns;
  }

  @Override
  public Portal bind(List<Column> parameters) {
    refresh();
    return new QueryPortal(session, plan, columns, literals(parameters, plan.parameters()));
  }

  private void refresh() {
    long now = session.runtime().catalog().version();
    if (now != catalogVersion) {
      QueryPlan again = planner.get();
      if (!again.root().schema().types().equals(plan.root().schema().types())) {
        throw new SqlException(
            ErrorCode.FEATURE_NOT_SUPPORTED, "cached plan must not change result type");
      }
      plan = again;
      catalogVersion = now;
    }
  }

  static List<Expr.Literal> literals(List<Column> parameters, List<SqlType> types) {
    if (parameters.isEmpty() && !types.isEmpty()) {
      throw new SqlException(ErrorCode.UNDEFINED_PARAMETER, "there is no parameter $1");
    }
    if (parameters.size() != types.size()) {
      throw new SqlException(
          ErrorCode.PROTOCOL_VIOLATION,
          "bind message supplies "
              + parameters.size()
              + " parameters, but the prepared statement requires "
              + types.size());
    }
    List<Expr.Literal> values = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      values.add(new Expr.Literal(JavaValues.get(parameters.get(i), 0), types.get(i)));
    }
    return values;
  }
}
