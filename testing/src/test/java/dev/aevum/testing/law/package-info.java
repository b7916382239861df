/// The laws themselves: random queries over random histories, incremental against recomputed.
@org.jspecify.annotations.NullMarked
package dev.aevum.testing.law;
