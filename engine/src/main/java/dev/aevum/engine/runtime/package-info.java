/// The running database: [DatabaseRuntime] holds its parts together, [Definitions] makes and drops
/// objects at step boundaries, [RuntimeState] tells what runs.
@NullMarked
package dev.aevum.engine.runtime;

import org.jspecify.annotations.NullMarked;
