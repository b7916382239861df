/// What flows between operators: [DeltaBatch], made of [Column]s over Arrow buffers, and the
/// writers that make them.
@NullMarked
package dev.aevum.model.batch;

import org.jspecify.annotations.NullMarked;
