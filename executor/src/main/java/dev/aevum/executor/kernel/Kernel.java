package dev.aevum.executor.kernel;

import dev.aevum.model.batch.Column;

/// A function bound to its argument types: one call per batch. Chosen once when an expression is
/// compiled; may hold compiled constants and caches, hence belongs to one thread.
///
/// Contract: every argument has `rows.size()` rows, by position of `rows`; they are borrowed, the
/// result is given away and has as many rows. A row that fails is reported to `context.errors()`
/// under `rows.row(position)` and gives NULL. NULL rows of a VARLEN result have an all-zero view.
@FunctionalInterface
public interface Kernel {
  Column evaluate(EvaluationContext context, Column[] arguments, Selection rows);
}
