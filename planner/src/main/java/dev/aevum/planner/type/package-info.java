/// Types while planning: [RowType] puts a model type and its nullability into Calcite's type
/// interface; [Casts] and [TypeCategory] are PostgreSQL's coercion rules.
@NullMarked
package dev.aevum.planner.type;

import org.jspecify.annotations.NullMarked;
