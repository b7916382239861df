/// From parsed statements to plans. [Planner] is the way in; it binds names, types and functions by
/// PostgreSQL's rules, optimises by a fixed list of phases and lowers to the records of
/// `planner.plan`.
@NullMarked
package dev.aevum.planner;

import org.jspecify.annotations.NullMarked;
