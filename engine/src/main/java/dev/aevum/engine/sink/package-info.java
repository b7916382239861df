/// Sinks: a thread each that follows published steps and writes them exactly once.
@NullMarked
package dev.aevum.engine.sink;

import org.jspecify.annotations.NullMarked;
