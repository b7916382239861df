package dev.aevum.parser.statement;

/// SAVEPOINT name.
public record SavepointStatement(Name name) implements Statement {}
