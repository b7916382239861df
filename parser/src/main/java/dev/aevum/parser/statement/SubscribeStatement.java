package dev.aevum.parser.statement;

import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/// SUBSCRIBE TO name [WHERE] [AS OF STEP n | AS OF TIMESTAMP t] [WITH (...)]; `asOf` is null or an
/// [dev.aevum.parser.tree.AsOfNode] over the name.
public record SubscribeStatement(
    ObjectName name, @Nullable SqlNode where, @Nullable SqlNode asOf, Options options)
    implements Statement {}
