/// The binder: SqlNode trees to relational trees by PostgreSQL's rules of names, types and
/// functions. One class a family.
@NullMarked
package dev.aevum.planner.bind;

import org.jspecify.annotations.NullMarked;
