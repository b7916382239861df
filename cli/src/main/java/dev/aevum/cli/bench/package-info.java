/// `aevum bench`: figures that anyone can repeat. Each run prints what it measured and, where a
/// source is part of it, that source alone.
@NullMarked
package dev.aevum.cli.bench;

import org.jspecify.annotations.NullMarked;
