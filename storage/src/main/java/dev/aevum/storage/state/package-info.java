/// Operator state: tables of bytes that one worker owns, hot in memory, with the keys touched in a
/// step remembered so that the step's frame can carry them. Contracts here; implementations in
/// sub-packages. Kinds: [HashState] (key to value, in place), [SlicedState] (hash tables by time,
/// dropped as a whole), [MultiState] (key to rows with weights), [OrderedState] (keys in memcmp
/// order), [JournalState] (kept by its owner).
@NullMarked
package dev.aevum.storage.state;

import org.jspecify.annotations.NullMarked;
