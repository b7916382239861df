package dev.aevum.parser.statement;

/// RELEASE [SAVEPOINT] name.
public record ReleaseSavepointStatement(Name name) implements Statement {}
