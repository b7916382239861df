/// What readers of neighbour systems share: [dev.aevum.connectors.reader.QueueingReader] fetches
/// and decodes on a thread of its own into a bounded queue of [dev.aevum.connectors.reader.Chunk]s.
@NullMarked
package dev.aevum.connectors.reader;

import org.jspecify.annotations.NullMarked;
