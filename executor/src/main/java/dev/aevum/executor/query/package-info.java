/// Ad-hoc queries: a plan read once over one version of the contents. [QueryExecution] opens a tree
/// of [RowSource]s, one per plan node, pulled batch by batch on the session's thread. Linear nodes
/// stream; nodes that need all of their input (sort, aggregate, the build side of a join) gather it
/// into one batch first, within the statement's memory.
@NullMarked
package dev.aevum.executor.query;

import org.jspecify.annotations.NullMarked;
