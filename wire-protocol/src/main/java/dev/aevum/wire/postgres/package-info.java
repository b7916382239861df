/// The PostgreSQL protocol, version 3: [dev.aevum.wire.postgres.PostgresServer] listens,
/// [Connection] is one client's state machine on its virtual thread, [SimpleQuery] and
/// [ExtendedQuery] run statements on the engine's session. Bytes to messages: `message`; values:
/// `value`.
@NullMarked
package dev.aevum.wire.postgres;

import org.jspecify.annotations.NullMarked;
