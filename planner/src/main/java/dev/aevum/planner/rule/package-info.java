/// The logical optimiser: one fixed list of phases.
@NullMarked
package dev.aevum.planner.rule;

import org.jspecify.annotations.NullMarked;
