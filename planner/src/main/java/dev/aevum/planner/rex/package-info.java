/// Row expressions: Calcite's nodes with operators of our own ([Scalar] says which), made by [Rex]
/// with explicit types.
@NullMarked
package dev.aevum.planner.rex;

import org.jspecify.annotations.NullMarked;
