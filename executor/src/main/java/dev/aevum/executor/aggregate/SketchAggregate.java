package dev.aevum.executor.aggregate;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.executor.sketch.Sketch;
import dev.aevum.model.batch.Column;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// An aggregate whose group is a [Sketch]: an object during a step, bytes of any length in state.
/// When it is not linear, an operator over changing rows keeps the rows instead ([RebuiltSketch]).
public non-sealed interface SketchAggregate extends AggregateFunction {
  /// A group without rows.
  Sketch create();

  /// Folds rows into their groups.
  ///
  /// @param groups the group of the row at position `k` of `rows` is `groups[places[k]]`, made by
  ///   [#create] or read back from bytes of one that was
  /// @param arguments columns of the input, indexed by row. Borrowed
  /// @param weights int64 by row; null: all +1. Positive unless [#isLinear]
  void add(
      Sketch[] groups,
      int[] places,
      Column[] arguments,
      Selection rows,
      @Nullable MemorySegment weights);

  /// Results of the first `count` groups. One that has none because a value does not fit is
  /// reported to `context.errors()` under its ordinal and is NULL. The column is given away.
  Column emit(EvaluationContext context, Sketch[] groups, int count);

  @Override
  default boolean needsOrderedState(boolean appendOnly) {
    return !appendOnly && !isLinear();
  }
}
