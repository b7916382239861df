package dev.aevum.executor.operator;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.RowError;
import dev.aevum.model.batch.Column;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Results of aggregate calls for a run of groups: one column a call, and the errors of groups
/// whose result is none. Owns its columns.
record GroupRows(Column[] calls, List<RowError> errors) implements AutoCloseable {
  /// `best`: a column an extreme call, by group; taken over. `multisets`: the rows of each multiset
  /// call, used up. `sketches`: by group.
  static GroupRows emit(
      EvaluationContext context,
      AggregateLayout layout,
      MemorySegment values,
      long[] slots,
      int groups,
      Column[] best,
      MultisetRows[] multisets,
      GroupSketches sketches) {
    Column[] calls = new Column[layout.callCount];
    context.errors().clear();
    for (int e = 0; e < best.length; e++) {
      calls[layout.extremes.get(e).call()] = best[e];
    }
    try {
      for (AggregateLayout.AccumulatorCall a : layout.accumulators) {
        calls[a.call()] = a.aggregate().emit(context, values, slots, a.field(), groups);
      }
      for (int m = 0; m < multisets.length; m++) {
        AggregateLayout.MultisetCall call = layout.multisets.get(m);
        calls[call.call()] = multisets[m].evaluate(context, call.aggregate(), call.distinct());
      }
      for (int s = 0; s < layout.sketches.size(); s++) {
        AggregateLayout.SketchCall call = layout.sketches.get(s);
        calls[call.call()] = call.aggregate().emit(context, sketches.of(s), groups);
      }
    } catch (RuntimeException | Error e) {
      closeAll(calls);
      throw e;
    }
    List<RowError> errors = List.copyOf(context.errors().all());
    context.errors().clear();
    return new GroupRows(calls, errors);
  }

  @Nullable RowError error(int group) {
    for (RowError e : errors) {
      if (e.row() == group) {
        return e;
      }
    }
    return null;
  }

  @Override
  public void close() {
    closeAll(calls);
  }

  static void closeAll(@Nullable Column[] columns) {
    for (Column c : columns) {
      if (c != null) {
        c.close();
      }
    }
  }
}
