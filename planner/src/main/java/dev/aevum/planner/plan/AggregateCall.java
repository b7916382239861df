package dev.aevum.planner.plan;

import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.function.FunctionSignature;
import java.util.List;

/// One aggregate over columns of the input. `filter` is a boolean column or -1. `orderBy` matters
/// to ordered aggregates only.
public record AggregateCall(
    FunctionSignature function,
    List<Integer> arguments,
    boolean distinct,
    int filter,
    List<SortKey> orderBy,
    SqlType type,
    boolean nullable) {
  public AggregateCall {
    arguments = List.copyOf(arguments);
    orderBy = List.copyOf(orderBy);
  }
}
