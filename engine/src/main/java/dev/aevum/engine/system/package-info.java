/// Relations that describe the database itself: `pg_catalog`, `information_schema` and `aevum`.
/// Each is a [SystemRelation]: a schema and a function from one consistent [SystemSnapshot] to
/// rows. They are planned and read like any other relation; nothing matches on query text.
@NullMarked
package dev.aevum.engine.system;

import org.jspecify.annotations.NullMarked;
