package dev.aevum.parser.statement;

/// SET CONSTRAINTS ... {DEFERRED|IMMEDIATE}: accepted, no constraint is deferrable.
public record SetConstraintsStatement(boolean deferred) implements Statement {}
