/// Rows of a view that wait for the watermark, and those that an operator goes on holding after it:
/// batches as they came, which are gathered in event-time order as they are released, and a journal
/// of what outlives a step. Row patterns and sequence functions share it.
@NullMarked
package dev.aevum.executor.waiting;

import org.jspecify.annotations.NullMarked;
