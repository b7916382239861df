package dev.aevum.parser.statement;

/// ROLLBACK or ABORT.
public record RollbackStatement(boolean chain) implements Statement {}
