package dev.aevum.executor.pattern;

import dev.aevum.executor.aggregate.AccumulatorAggregate;
import java.util.List;

/// An aggregate of a condition that goes from row to row: over the rows so far that are mapped to
/// one of `variables`, of plain columns, so that adding a row cannot fail.
///
/// @param columns of the input, the arguments
/// @param field its place in the state of a thread, in bytes
record RunningAggregate(
    AccumulatorAggregate function, List<Integer> columns, List<Integer> variables, int field) {
  RunningAggregate {
    columns = List.copyOf(columns);
    variables = List.copyOf(variables);
  }
}
