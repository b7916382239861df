/// What the step loop needs from outside: time, exchange between workers, and a place to commit.
/// Embedded forms are trivial; a cluster brings others.
@NullMarked
package dev.aevum.executor.spi;

import org.jspecify.annotations.NullMarked;
