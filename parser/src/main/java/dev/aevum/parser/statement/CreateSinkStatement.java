package dev.aevum.parser.statement;

import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/// CREATE SINK: exactly one of `from` and `query` is there; `queryText` goes with `query`.
public record CreateSinkStatement(
    ObjectName name,
    boolean orReplace,
    boolean ifNotExists,
    @Nullable ObjectName from,
    @Nullable SqlNode query,
    @Nullable String queryText,
    @Nullable EmitClause emit,
    Options options)
    implements Statement {}
