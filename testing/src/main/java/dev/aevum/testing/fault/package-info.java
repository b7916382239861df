/// Faults on purpose: a file system in memory that crashes after any operation, tears writes and
/// fails syncs, by a number that the test counts through.
@NullMarked
package dev.aevum.testing.fault;

import org.jspecify.annotations.NullMarked;
