package dev.aevum.executor.operator;

import dev.aevum.executor.aggregate.AggregateFunction;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.AggregateCall;
import java.util.List;

/// Finds what computes an aggregate call: the registry of aggregates.
@FunctionalInterface
public interface AggregateBinder {
  /// `inputTypes`: the types of all columns of the input. Errors: 0A000 for aggregates that have no
  /// such form.
  AggregateFunction bind(AggregateCall call, List<SqlType> inputTypes);
}
