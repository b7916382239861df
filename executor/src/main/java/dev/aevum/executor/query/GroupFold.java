package dev.aevum.executor.query;

import dev.aevum.executor.aggregate.AccumulatorAggregate;
import dev.aevum.executor.aggregate.AggregateFunction;
import dev.aevum.executor.aggregate.CollectingAggregate;
import dev.aevum.executor.aggregate.ExtremeAggregate;
import dev.aevum.executor.aggregate.GroupedRows;
import dev.aevum.executor.aggregate.MultisetAggregate;
import dev.aevum.executor.aggregate.SketchAggregate;
import dev.aevum.executor.kernel.Gather;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.model.batch.Column;
import dev.aevum.model.batch.DeltaBatch;
import dev.aevum.model.type.SqlType;
import dev.aevum.planner.plan.AggregateCall;
import dev.aevum.planner.plan.SortKey;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Folds one aggregate call over rows that are numbered by group.
final class GroupFold {
  private GroupFold() {}

  /// One value a group; the caller owns the column.
  static Column fold(
      AggregateCall call, DeltaBatch rows, int[] groupOf, int groups, QueryContext context) {
    List<SqlType> types = rows.columns().stream().map(Column::type).toList();
    AggregateFunction function = context.aggregate(call, types);
    int[] chosen = chosenRows(call, rows, groupOf);
    return switch (function) {
      case AccumulatorAggregate a -> accumulate(a, call, rows, chosen, groupOf, groups, context);
      case SketchAggregate s ->
          GroupedRows.fold(
              s,
              context.evaluation(),
              Batches.chosen(rows, call.arguments()),
              chosen,
              Arrays.stream(chosen).map(row -> groupOf[row]).toArray(),
              groups);
      case MultisetAggregate m -> multiset(m, call, rows, chosen, groupOf, groups, context);
      case ExtremeAggregate e ->
          e.accumulator().isPresent()
              ? accumulate(e.accumulator().get(), call, rows, chosen, groupOf, groups, context)
              : extreme(e, call, rows, chosen, groupOf, groups, context);
      case CollectingAggregate c -> collect(c, call, rows, chosen, groupOf, groups, context);
    };
  }

  /// Rows that FILTER and DISTINCT leave, in input order.
  static int[] chosenRows(AggregateCall call, DeltaBatch rows, int[] groupOf) {
    int[] chosen = RowOrder.identity(rows.rows());
    int count = chosen.length;
    if (call.filter() >= 0) {
      Column filter = rows.column(call.filter());
      int kept = 0;
      for (int i = 0; i < count; i++) {
        if (!filter.isNull(chosen[i]) && filter.booleanAt(chosen[i])) {
          chosen[kept++] = chosen[i];
        }
      }
      count = kept;
    }
    if (call.distinct()) {
      count = distinct(call, rows, groupOf, chosen, count);
    }
    return Arrays.copyOf(chosen, count);
  }

  private static int distinct(
      AggregateCall call, DeltaBatch rows, int[] groupOf, int[] chosen, int count) {
    Column[] arguments = Batches.chosen(rows, call.arguments());
    List<KeyTable> seen = new ArrayList<>();
    List<SqlType> types = Arrays.stream(arguments).map(Column::type).toList();
    int kept = 0;
    for (int i = 0; i < count; i++) {
      int group = groupOf[chosen[i]];
      while (seen.size() <= group) {
        seen.add(new KeyTable(types));
      }
      KeyTable table = seen.get(group);
      int before = table.size();
      table.find(arguments, chosen[i], true);
      if (table.size() > before) {
        chosen[kept++] = chosen[i];
      }
    }
    return kept;
  }

  private static Column accumulate(
      AccumulatorAggregate aggregate,
      AggregateCall call,
      DeltaBatch rows,
      int[] chosen,
      int[] groupOf,
      int groups,
      QueryContext context) {
    int width = aggregate.width();
    MemorySegment state = MemorySegment.ofArray(new byte[Math.multiplyExact(groups, width)]);
    long[] slots = new long[chosen.length];
    for (int i = 0; i < chosen.length; i++) {
      slots[i] = (long) groupOf[chosen[i]] * width;
    }
    aggregate.add(
        state,
        slots,
        0,
        Batches.chosen(rows, call.arguments()),
        Selection.of(chosen, chosen.length),
        null,
        1);
    long[] groupSlots = new long[groups];
    for (int g = 0; g < groups; g++) {
      groupSlots[g] = (long) g * width;
    }
    return aggregate.emit(context.evaluation(), state, groupSlots, 0, groups);
  }

  private static Column extreme(
      ExtremeAggregate aggregate,
      AggregateCall call,
      DeltaBatch rows,
      int[] chosen,
      int[] groupOf,
      int groups,
      QueryContext context) {
    int column = call.arguments().getFirst();
    Column argument = rows.column(column);
    RowOrder order = RowOrder.of(rows, List.of(new SortKey(column, false, false)));
    int[] best = new int[groups];
    Arrays.fill(best, -1);
    for (int row : chosen) {
      if (argument.isNull(row)) {
        continue;
      }
      int group = groupOf[row];
      int compared = best[group] < 0 ? 1 : order.compare(row, best[group]);
      if (best[group] < 0 || (aggregate.greatest() ? compared > 0 : compared < 0)) {
        best[group] = row;
      }
    }
    return Gather.gatherOrNull(context.allocator(), argument, best, groups);
  }

  private static Column collect(
      CollectingAggregate aggregate,
      AggregateCall call,
      DeltaBatch rows,
      int[] chosen,
      int[] groupOf,
      int groups,
      QueryContext context) {
    if (!call.orderBy().isEmpty()) {
      RowOrder.of(rows, call.orderBy()).sort(chosen, chosen.length);
    }
    int[] starts = starts(chosen, groupOf, groups);
    int[] byGroup = byGroup(chosen, groupOf, starts);
    return aggregate.evaluate(
        context.evaluation(), Batches.chosen(rows, call.arguments()), byGroup, starts, groups);
  }

  private static Column multiset(
      MultisetAggregate aggregate,
      AggregateCall call,
      DeltaBatch rows,
      int[] chosen,
      int[] groupOf,
      int groups,
      QueryContext context) {
    int[] starts = starts(chosen, groupOf, groups);
    Column[] columns = Batches.chosen(rows, aggregate.columns(call));
    aggregate.check(Arrays.stream(columns).map(Column::type).toList());
    boolean[] descending = new boolean[columns.length];
    for (int i = 0; aggregate.wantsOrder() && i < call.orderBy().size(); i++) {
      descending[i] = call.orderBy().get(i).descending();
    }
    return GroupedRows.evaluate(
        aggregate,
        context.evaluation(),
        columns,
        descending,
        byGroup(chosen, groupOf, starts),
        starts,
        groups);
  }

  private static int[] starts(int[] chosen, int[] groupOf, int groups) {
    int[] starts = new int[groups + 1];
    for (int row : chosen) {
      starts[groupOf[row] + 1]++;
    }
    for (int g = 0; g < groups; g++) {
      starts[g + 1] += starts[g];
    }
    return starts;
  }

  /// The rows of each group in their order.
  private static int[] byGroup(int[] chosen, int[] groupOf, int[] starts) {
    int[] place = starts.clone();
    int[] byGroup = new int[chosen.length];
    for (int row : chosen) {
      byGroup[place[groupOf[row]]++] = row;
    }
    return byGroup;
  }
}
