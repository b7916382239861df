/// Relational nodes that Calcite lacks ([Extension] in an [ExtensionRel]) and the factory for all
/// of them.
@NullMarked
package dev.aevum.planner.rel;

import org.jspecify.annotations.NullMarked;
