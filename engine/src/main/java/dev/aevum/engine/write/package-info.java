/// Writes by users: [TableChange]s buffered by a transaction, table locks, and the checks that a
/// table's constraints need.
@NullMarked
package dev.aevum.engine.write;

import org.jspecify.annotations.NullMarked;
