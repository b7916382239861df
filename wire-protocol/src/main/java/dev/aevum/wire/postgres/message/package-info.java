/// Frontend messages as records, cut and checked out of a byte stream, and backend messages written
/// into one buffer. Knows nothing of sessions or sockets. Source: PostgreSQL manual, "Message
/// Formats".
@NullMarked
package dev.aevum.wire.postgres.message;

import org.jspecify.annotations.NullMarked;
