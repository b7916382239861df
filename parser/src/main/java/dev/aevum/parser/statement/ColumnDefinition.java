package dev.aevum.parser.statement;

import dev.aevum.model.error.SourceSpan;
import dev.aevum.parser.tree.TypeName;
import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/// A column of CREATE STREAM or CREATE TABLE. `check` expressions of the column are table
/// constraints already.
public record ColumnDefinition(
    Name name,
    TypeName type,
    boolean notNull,
    boolean primaryKey,
    boolean unique,
    @Nullable SqlNode defaultExpression,
    SourceSpan span) {}
