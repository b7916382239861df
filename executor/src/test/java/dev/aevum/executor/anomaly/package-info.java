/// Detectors against brute force and against their promises.
@NullMarked
package dev.aevum.executor.anomaly;

import org.jspecify.annotations.NullMarked;
