package dev.aevum.testing.random;

import dev.aevum.planner.plan.PlanNode;

/// A query as a plan and as SQL.
///
/// @param standard PostgreSQL answers it, and with the same values
/// @param onClose the SQL ends in EMIT ON WINDOW CLOSE
public record GeneratedQuery(PlanNode plan, String sql, boolean standard, boolean onClose) {
  /// Marks the end of each subquery.
  static final String FENCE = "/*fence*/";

  /// For a continuous query.
  public String viewSql() {
    return sql.replace(FENCE, "") + (onClose ? " EMIT ON WINDOW CLOSE" : "");
  }

  /// For PostgreSQL: subqueries are not merged, so that errors arise where they are written.
  public String postgresSql() {
    return sql.replace(FENCE, " OFFSET 0");
  }
}
