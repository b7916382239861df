package dev.aevum.executor.kernel;

import dev.aevum.model.batch.Column;

/// A set-returning function bound to its argument types: zero or more rows for each input row.
/// Ad-hoc queries only; one thread.
@FunctionalInterface
public interface SetReturningKernel {
  /// Rows of all input positions, in order.
  ///
  /// @param columns the function's output columns; given away
  /// @param ends position `p` produced the rows from `ends[p - 1]` (0 for the first) to before
  ///   `ends[p]`
  @SuppressWarnings("ArrayRecordComponent") // Handed over, not compared.
  record Rows(Column[] columns, int[] ends) implements AutoCloseable {
    @Override
    public void close() {
      for (Column c : columns) {
        c.close();
      }
    }
  }

  /// Arguments are dense and borrowed, as for a [Kernel].
  Rows evaluate(EvaluationContext context, Column[] arguments, Selection rows);
}
