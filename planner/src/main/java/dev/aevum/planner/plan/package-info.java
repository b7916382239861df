/// The plan: immutable records free of the planning library, all that the executor sees of a
/// statement. A [PlanNode] says what; its [Traits] say what is known of its output; an [Expr]
/// computes columns.
@NullMarked
package dev.aevum.planner.plan;

import org.jspecify.annotations.NullMarked;
