package dev.aevum.parser.statement;

/// REFRESH MATERIALIZED VIEW: views are always fresh; the name is still checked.
public record RefreshMaterializedViewStatement(ObjectName name) implements Statement {}
