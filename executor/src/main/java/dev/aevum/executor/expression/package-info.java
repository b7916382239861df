/// The vector interpreter of [dev.aevum.planner.plan.Expr]: [ExpressionCompiler] turns a tree into
/// [VectorExpression]s, one per node, each a call of a static loop per batch (tier T0: complete,
/// always available, the oracle for generated code). [Filter] finds the rows where a predicate is
/// TRUE; [CalcEvaluator] filters and projects in one go.
///
/// Operands of AND, OR, CASE and COALESCE that may fail are evaluated on the rows that need them,
/// by narrowed selections.
@NullMarked
package dev.aevum.executor.expression;

import org.jspecify.annotations.NullMarked;
