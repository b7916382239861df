/// The laws of views held by the assembled database: statements through sessions, durable storage,
/// restarts and crashes.
@org.jspecify.annotations.NullMarked
package dev.aevum.cli.law;
