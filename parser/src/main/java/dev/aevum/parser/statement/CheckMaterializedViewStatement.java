package dev.aevum.parser.statement;

/// CHECK MATERIALIZED VIEW name.
public record CheckMaterializedViewStatement(ObjectName name) implements Statement {}
