/// The step log: synced frames, one a step; the log of catalogue changes. Formats are versioned.
@NullMarked
package dev.aevum.storage.log;

import org.jspecify.annotations.NullMarked;
