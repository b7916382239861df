/// PostgreSQL's text form of every type, both ways. Casts, COPY, CSV, the protocol's text format
/// and messages use it.
@NullMarked
package dev.aevum.model.text;

import org.jspecify.annotations.NullMarked;
