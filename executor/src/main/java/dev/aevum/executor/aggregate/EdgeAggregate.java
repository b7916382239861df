package dev.aevum.executor.aggregate;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.Gather;
import dev.aevum.model.batch.Column;
import dev.aevum.model.type.SqlType;
import org.jspecify.annotations.Nullable;

/// `first(value, ts)` and `last(value, ts)`: the value at the least or greatest time; of several
/// there the least or greatest. Rows where either is NULL do not count.
public record EdgeAggregate(SqlType resultType, boolean first) implements MultisetAggregate {
  @Override
  public Part part() {
    return first ? Part.FIRST : Part.LAST;
  }

  @Override
  public int[] order() {
    return new int[] {1, 0};
  }

  @Override
  public Column evaluate(
      EvaluationContext context,
      Column[] columns,
      int[] rows,
      long @Nullable [] weights,
      int[] starts,
      int groups) {
    int[] chosen = new int[groups];
    for (int g = 0; g < groups; g++) {
      boolean empty = starts[g] == starts[g + 1];
      chosen[g] = empty ? -1 : rows[first ? starts[g] : starts[g + 1] - 1];
    }
    return Gather.gatherOrNull(context.allocator(), columns[1], chosen, groups);
  }
}
