/// Anomaly detectors as plain algorithms without SQL: each is a *flyweight* over a block of memory
/// that holds one key's state, so that a million keys cost their bytes and no objects. The block is
/// the versioned encoding that storage keeps.
@NullMarked
package dev.aevum.executor.anomaly;

import org.jspecify.annotations.NullMarked;
