/// Tests of what holds for every sequence function: that states written by an earlier build are
/// read and go on as they would have on that day.
@NullMarked
package dev.aevum.executor.sequence;

import org.jspecify.annotations.NullMarked;
