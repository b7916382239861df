package dev.aevum.executor.aggregate;

import dev.aevum.model.type.SqlType;

/// An aggregate bound to its argument types; see the package for the kinds. Stateless and
/// thread-safe: what is kept per group lives in memory of the operator.
public sealed interface AggregateFunction
    permits AccumulatorAggregate,
        SketchAggregate,
        MultisetAggregate,
        ExtremeAggregate,
        CollectingAggregate {
  SqlType resultType();

  /// Works on changes with negative weights from its accumulator alone.
  boolean isLinear();

  /// The operator must keep the ordered multiset of argument values of each group; asked with what
  /// is known of the input.
  boolean needsOrderedState(boolean appendOnly);
}
