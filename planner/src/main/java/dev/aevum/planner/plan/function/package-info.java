/// What the planner must know of functions: signatures, resolved against a [FunctionCatalog] that
/// the executor's registry implements.
@NullMarked
package dev.aevum.planner.plan.function;

import org.jspecify.annotations.NullMarked;
