/// Streams with a connector: an ingest thread each, a bounded queue to the step thread, watermarks,
/// positions, bad rows.
@NullMarked
package dev.aevum.engine.source;

import org.jspecify.annotations.NullMarked;
