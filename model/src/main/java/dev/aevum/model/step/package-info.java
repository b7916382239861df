/// Logical time and identity: steps, shards, watermarks, source positions, object ids. Values only.
@NullMarked
package dev.aevum.model.step;

import org.jspecify.annotations.NullMarked;
