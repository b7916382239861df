package dev.aevum.parser.statement;

/// ROLLBACK TO [SAVEPOINT] name.
public record RollbackToSavepointStatement(Name name) implements Statement {}
