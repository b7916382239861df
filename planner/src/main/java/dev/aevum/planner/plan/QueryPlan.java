package dev.aevum.planner.plan;

import dev.aevum.model.type.SqlType;
import java.util.List;

/// An ad-hoc query. `parameters`: the types of $1, $2, ... `origins`: per output column where it
/// comes from, for RowDescription.
public record QueryPlan(PlanNode root, List<SqlType> parameters, List<ColumnOrigin> origins) {
  public QueryPlan {
    parameters = List.copyOf(parameters);
    origins = List.copyOf(origins);
  }

  /// The table column behind an output column that is a plain reference; zeros otherwise.
  public record ColumnOrigin(int relation, int attribute) {
    public static final ColumnOrigin NONE = new ColumnOrigin(0, 0);
  }
}
