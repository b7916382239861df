/// The step loop's outside: [StepDriver] owns the step thread, admits writes and source rows, runs
/// steps, makes them durable through a [StepStore] and publishes them. Everything that changes the
/// database passes through its thread, one step or one exclusive task at a time.
@NullMarked
package dev.aevum.engine.step;

import org.jspecify.annotations.NullMarked;
