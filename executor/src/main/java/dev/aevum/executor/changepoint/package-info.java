/// Change points as plain algorithms without SQL: when did the mean or the spread of a series
/// change for good. Each method is a *flyweight* over a block of memory that holds one key's state;
/// the block is the versioned encoding that storage keeps.
@NullMarked
package dev.aevum.executor.changepoint;

import org.jspecify.annotations.NullMarked;
