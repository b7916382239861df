/// The plan: immutable records free of the planning library, all that the executor sees of a
/// statement. A [PlanNode] says what; its [Traits] say what is known of its output; an [Expr]
/// computes columns. A [MatchSpec] holds row pattern recognition (SQL:2016 part 2, 7.9 and 9.39 to
/// 9.41): the [Pattern] over numbered variables, DEFINE and MEASURES as [MatchExpr]s, and what
/// becomes of a match; the matcher can be tested with it alone.
@NullMarked
package dev.aevum.planner.plan;

import org.jspecify.annotations.NullMarked;
