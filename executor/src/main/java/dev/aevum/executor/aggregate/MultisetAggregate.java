package dev.aevum.executor.aggregate;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.model.batch.Column;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.AggregateCall;
import dev.aevum.planner.plan.SortKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An aggregate that is a function of the ordered multiset of its rows: the first value by time,
/// the most frequent one. In views the operator keeps that multiset; a result costs a walk over
/// what [#part] says. Rows with a NULL in a column of [#columns] do not count.
public non-sealed interface MultisetAggregate extends AggregateFunction {
  /// What of a group it looks at.
  enum Part {
    ALL,
    FIRST,
    LAST
  }

  default Part part() {
    return Part.ALL;
  }

  /// Places of the arguments in the order of the multiset: `first(value, ts)` orders by ts, then
  /// value.
  int[] order();

  /// ORDER BY in the call comes before the arguments, and must be there.
  default boolean wantsOrder() {
    return false;
  }

  /// Columns of the input that make up the multiset, in its order.
  default List<Integer> columns(AggregateCall call) {
    List<Integer> columns = new ArrayList<>();
    if (wantsOrder()) {
      if (call.orderBy().isEmpty()) {
        throw new SqlException(
            ErrorCode.WINDOWING_ERROR,
            call.function().name() + " needs an order",
            null,
            "Write " + call.function().name() + "(... ORDER BY ts), or OVER (ORDER BY ts).",
            null,
            null);
      }
      call.orderBy().stream().map(SortKey::column).forEach(columns::add);
    }
    for (int place : order()) {
      columns.add(call.arguments().get(place));
    }
    return columns;
  }

  /// Errors: 42P20 where it cannot order by columns of these types, those of [#columns].
  default void check(List<SqlType> types) {}

  /// Group `g` consists of the rows `rows[starts[g]]` to `rows[starts[g + 1] - 1]` of `columns`, in
  /// ascending order without NULLs, row `i` of that list `weights[i]` times (null: once). The
  /// result, one row a group, is given away. Errors are reported under the group's ordinal.
  Column evaluate(
      EvaluationContext context,
      Column[] columns,
      int[] rows,
      long @Nullable [] weights,
      int[] starts,
      int groups);

  @Override
  default boolean isLinear() {
    return false;
  }

  @Override
  default boolean needsOrderedState(boolean appendOnly) {
    return true;
  }
}
