package dev.aevum.parser.statement;

/// COMMIT or END.
public record CommitStatement(boolean chain) implements Statement {}
