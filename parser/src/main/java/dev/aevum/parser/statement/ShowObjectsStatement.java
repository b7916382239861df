package dev.aevum.parser.statement;

/// SHOW STREAMS | TABLES | VIEWS | MATERIALIZED VIEWS | SINKS | SOURCES | MODELS.
public record ShowObjectsStatement(ObjectKind kind) implements Statement {}
