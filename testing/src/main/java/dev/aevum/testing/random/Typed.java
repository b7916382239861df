package dev.aevum.testing.random;

import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.Expr;

/// An expression as the planner would have it, and as SQL.
public record Typed(Expr expr, String sql) {
  public SqlType type() {
    return expr.type();
  }
}
