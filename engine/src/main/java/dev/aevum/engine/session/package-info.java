/// Sessions: the transaction with its buffered writes, prepared statements, cursors, and the
/// dispatch of statements to their handlers.
@NullMarked
package dev.aevum.engine.session;

import org.jspecify.annotations.NullMarked;
