package dev.aevum.executor.aggregate;

import dev.aevum.model.type.SqlType;
import java.util.Optional;

/// `min` or `max`: the first or last non-NULL value of a group in the order of `argument`'s type
/// (PostgreSQL's: NaN above all other numbers, text by bytes, char(n) without trailing blanks).
public record ExtremeAggregate(SqlType argument, boolean greatest) implements AggregateFunction {
  @Override
  public SqlType resultType() {
    return argument;
  }

  @Override
  public boolean isLinear() {
    return false;
  }

  @Override
  public boolean needsOrderedState(boolean appendOnly) {
    return !appendOnly || accumulator().isEmpty();
  }

  /// The fixed-width form for append-only input; empty for types of variable length.
  public Optional<AccumulatorAggregate> accumulator() {
    return AppendOnlyExtreme.of(argument, greatest);
  }
}
