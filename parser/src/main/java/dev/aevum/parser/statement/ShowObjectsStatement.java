package dev.aevum.parser.statement;

/// SHOW STREAMS | TABLES | VIEWS | MATERIALIZED VIEWS | SINKS | SOURCES.
public record ShowObjectsStatement(ObjectKind kind) implements Statement {}
