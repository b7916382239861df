/// Values between column memory and the wire, text and binary. Source of the binary forms: the
/// `..._send` and `..._recv` functions of PostgreSQL.
@NullMarked
package dev.aevum.wire.postgres.value;

import org.jspecify.annotations.NullMarked;
