/// Row patterns for tests: written as text, enumerated by size, drawn at random.
@NullMarked
package dev.aevum.testing.pattern;

import org.jspecify.annotations.NullMarked;
