/// Figures that must not get worse.
@NullMarked
package dev.aevum.cli.bench;

import org.jspecify.annotations.NullMarked;
