package dev.aevum.executor.aggregate;

import dev.aevum.executor.kernel.EvaluationContext;
import dev.aevum.executor.kernel.Selection;
import dev.aevum.model.batch.Column;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// An aggregate whose group is `width()` bytes. The bytes of a group are at `slots[...] + field` of
/// the state segment: `slots` is computed once per batch for all aggregates of the operator,
/// `field` is the aggregate's place in the slot. The bytes of a group are zero before its first
/// row.
public non-sealed interface AccumulatorAggregate extends AggregateFunction {
  /// Bytes per group, a multiple of 8.
  int width();

  /// Folds rows into their groups.
  ///
  /// @param slots slot offset by position of `rows`
  /// @param arguments columns of the input, indexed by row (not by position); none for `count(*)`.
  ///   Borrowed
  /// @param weights int64 by row; null: all +1
  /// @param sign multiplies every weight: +1, or -1 to take back
  void add(
      MemorySegment state,
      long[] slots,
      int field,
      Column[] arguments,
      Selection rows,
      @Nullable MemorySegment weights,
      long sign);

  /// Adds groups of this aggregate to others, as if their rows had been folded there.
  ///
  /// @param slots where group `i` of `groups` is added to in `state`
  /// @param partials the groups that are added, at `offsets[i] + field`
  void merge(
      MemorySegment state,
      long[] slots,
      int field,
      MemorySegment partials,
      long[] offsets,
      int groups);

  /// Results of `groups` groups, in the order of `slots`. A group whose result does not fit is
  /// reported to `context.errors()` under its ordinal and is NULL. The column is given away.
  Column emit(EvaluationContext context, MemorySegment state, long[] slots, int field, int groups);

  @Override
  default boolean needsOrderedState(boolean appendOnly) {
    return !appendOnly && !isLinear();
  }
}
