/// A real PostgreSQL as an oracle: its own process, from Maven artifacts, made once per test JVM
/// and left to its end.
@NullMarked
package dev.aevum.testing.postgres;

import org.jspecify.annotations.NullMarked;
