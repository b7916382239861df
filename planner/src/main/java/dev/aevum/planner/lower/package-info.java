/// From relational trees to plan records: lowering, column pruning, and for views traits, exchanges
/// and closing.
@NullMarked
package dev.aevum.planner.lower;

import org.jspecify.annotations.NullMarked;
