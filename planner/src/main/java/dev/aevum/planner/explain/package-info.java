/// Plans as text: EXPLAIN and the fingerprint.
@NullMarked
package dev.aevum.planner.explain;

import org.jspecify.annotations.NullMarked;
