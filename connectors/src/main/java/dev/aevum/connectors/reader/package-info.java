/// What readers of neighbour systems share: [dev.aevum.connectors.reader.QueueingReader] fetches
/// and decodes on a thread of its own into a bounded queue of [dev.aevum.connectors.reader.Chunk]s;
/// [dev.aevum.connectors.reader.NullColumns] stands in for columns that nobody reads.
@NullMarked
package dev.aevum.connectors.reader;

import org.jspecify.annotations.NullMarked;
