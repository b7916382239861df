/// The one registry of functions, operators and casts, [FunctionRegistry]: for each overload the
/// planner's signature and what runs it. One file per family (`...Functions`), filled by plain
/// code; to add a function, add an entry to its family. Loops stand in `...Kernels` beside them.
///
/// Hot families (comparison, integer, decimal and floating arithmetic, LIKE, cutting of strings)
/// are loops over segments. The others go through [RowKernels]: a call and perhaps objects per row.
@NullMarked
package dev.aevum.executor.function;

import org.jspecify.annotations.NullMarked;
