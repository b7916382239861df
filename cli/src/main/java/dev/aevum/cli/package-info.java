/// The command line: `./aevum COMMAND`. Assembles the parts in one readable order, and is the only
/// place that reads the environment and ends the process.
@NullMarked
package dev.aevum.cli;

import org.jspecify.annotations.NullMarked;
