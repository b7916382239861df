/// What evaluation over columns is made of, below functions and expressions: [Kernel] (one loop
/// over a batch), [Selection] (which rows), [EvaluationContext] (memory, time, session, where row
/// errors go), [RowErrors], and the movers of rows between columns, [Gather] and [Scatter].
///
/// Words: a *position* is the ordinal of a row in a selection, a *row* its index in the input
/// batch. Kernels see dense columns by position; errors are reported by row.
@NullMarked
package dev.aevum.executor.kernel;

import org.jspecify.annotations.NullMarked;
