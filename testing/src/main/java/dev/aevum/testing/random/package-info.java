/// Seeded generators for the laws: relations, rows, histories of changes, expressions and queries.
/// A query is made as a plan and as SQL at once, so that neither planner nor parser decides what
/// was meant. The same seed gives the same everything.
@NullMarked
package dev.aevum.testing.random;

import org.jspecify.annotations.NullMarked;
