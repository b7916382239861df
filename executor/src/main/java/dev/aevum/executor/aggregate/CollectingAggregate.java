package dev.aevum.executor.aggregate;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.model.batch.Column;

/// An aggregate that sees all rows of a group at once. Ad-hoc queries only (0A000 in views).
public non-sealed interface CollectingAggregate extends AggregateFunction {
  /// Group `g` consists of the rows `rows[starts[g]]` to `rows[starts[g + 1] - 1]` of the argument
  /// columns, in that order (the operator has applied ORDER BY, FILTER, DISTINCT, and repeated rows
  /// by weight). Arguments are borrowed; the result, one row a group, is given away. Errors are
  /// reported under the group's ordinal.
  Column evaluate(
      EvaluationContext context, Column[] arguments, int[] rows, int[] starts, int groups);

  @Override
  default boolean isLinear() {
    return false;
  }

  @Override
  default boolean needsOrderedState(boolean appendOnly) {
    return false;
  }
}
