/// What the protocols see of the engine: sessions, statements, results. Threads: a session is used
/// by one thread at a time; [Session#cancel] comes from any.
@NullMarked
package dev.aevum.engine.api;

import org.jspecify.annotations.NullMarked;
