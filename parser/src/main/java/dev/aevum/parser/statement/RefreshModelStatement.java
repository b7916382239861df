package dev.aevum.parser.statement;

/// `REFRESH MODEL name`.
public record RefreshModelStatement(ObjectName name) implements Statement {}
